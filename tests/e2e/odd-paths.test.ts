import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPlaces } from "../support/guest-place.ts";
import type { Ran } from "../support/project.ts";
import { RealInside } from "../support/real-inside.ts";

const NAMES = ["with space", 'it\'s "quoted"', "line\nend\n", "-rf", "$HOME`id`", "..dots", "back\\slash", "*?", "a:b"];
/** Each file of the stack is a call of its own for each of the applies: a few of them. */
const FEW = NAMES.slice(0, 4);
const BINARY = Buffer.from(Array.from({ length: 1537 }, (_, at) => (at * 7) % 256));

const stack = (resources: string): string => `import { defineStack, file, machine } from "orbform";
const web = machine({ image: "debian" });
const names = ${JSON.stringify(FEW)};
const all = (each: (name: string) => unknown) => Object.fromEntries(names.map((name, at) => ["f" + at, each(name)]));
export default defineStack({ resources: { web, ${resources} } as never });
`;

describe.runIf(hasPlaces)("odd paths", { tags: ["slow"] }, () => {
  const project = new RealInside();
  const here = (...names: readonly string[]): string => join(project.project, ...names);
  const inside = (...names: readonly string[]): string => join(project.srv, ...names);
  afterAll(() => project.remove());

  async function done(...args: readonly string[]): Promise<Ran> {
    const ran = await project.orb(args);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    return ran;
  }

  beforeAll(async () => {
    project.stack("dev", stack(""));
    for (const name of NAMES) writeFileSync(here(name), BINARY);
    await done("apply", "dev", "--yes");
  });

  test("orb copy takes every name here, also one that begins with a dash or has a colon", async () => {
    const words = NAMES.map((name) => (name.includes(":") ? `./${name}` : name));
    await done("copy", "--", ...words, "web:/srv/in/");
    expect(readdirSync(inside("in")).toSorted()).toEqual(NAMES.toSorted());
    for (const name of NAMES) expect(readFileSync(inside("in", name))).toEqual(BINARY);
  });

  test("orb copy takes every name inside, and gives each back as it was", async () => {
    await done("copy", "--", ...NAMES.map((name) => `web:/srv/in/${name}`), "./out/");
    expect(readdirSync(here("out")).toSorted()).toEqual(NAMES.toSorted());
    for (const name of NAMES) expect(readFileSync(here("out", name))).toEqual(BINARY);
  });

  test("orb copy follows .. and links on both sides as other programs do", async () => {
    mkdirSync(here("releases/5"), { recursive: true });
    writeFileSync(here("releases/conf"), "right");
    writeFileSync(here("conf"), "wrong");
    symlinkSync("releases/5", here("current"));
    mkdirSync(inside("x/y"), { recursive: true });
    symlinkSync("x/y", inside("link"));
    await done("copy", "current/../conf", "web:/srv/link/../conf");
    expect(readFileSync(inside("x/conf"), "utf8")).toBe("right");
    await done("copy", "web:/srv/link/../conf", "current/../back");
    expect(readFileSync(here("releases/back"), "utf8")).toBe("right");
    await done("copy", "web:/srv/x/.", "./what is in it/");
    expect(readdirSync(here("what is in it")).toSorted()).toEqual(["conf", "y"]);
  });

  test("a file of the stack has any name, binary content, and is at rest then", async () => {
    const files = (source: string) => `...all((name) => file({ on: web, path: "/srv/st/" + name, ${source} }))`;
    mkdirSync(inside("st"));
    project.stack("dev", stack(files(`source: name`)));
    await done("apply", "dev", "--yes");
    expect(readdirSync(inside("st")).toSorted()).toEqual(FEW.toSorted());
    for (const name of FEW) expect(readFileSync(inside("st", name))).toEqual(BINARY);
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    project.stack("dev", stack(files(`content: "text of " + name`)));
    await done("apply", "dev", "--yes");
    for (const name of FEW) expect(readFileSync(inside("st", name), "utf8")).toBe(`text of ${name}`);
    project.stack("dev", stack(""));
    await done("apply", "dev", "--yes");
    expect(readdirSync(inside("st"))).toEqual([]);
  });

  test("a file of the stack replaces a link, and its path has no ..", async () => {
    writeFileSync(inside("victim"), "safe");
    symlinkSync("victim", inside("a"));
    project.stack("dev", stack(`a: file({ on: web, path: "/srv/a", content: "new" })`));
    await done("apply", "dev", "--yes");
    expect([readFileSync(inside("victim"), "utf8"), readFileSync(inside("a"), "utf8")]).toEqual(["safe", "new"]);
    for (const path of ["/srv/../etc/passwd", "srv/a", "/srv/a/", "/srv//a"]) {
      project.stack("dev", stack(`a: file({ on: web, path: "${path}", content: "new" })`));
      const ran = await project.orb(["validate", "dev"]);
      expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_PROPERTY_INVALID")]);
    }
  });

  test("a link that leads nowhere or to itself is an error that names it", async () => {
    for (const folder of [here(), project.srv]) {
      rmSync(join(folder, "loop"), { force: true });
      symlinkSync("loop", join(folder, "loop"));
      symlinkSync("nowhere", join(folder, "dangling"));
    }
    for (const name of ["loop", "dangling"]) {
      const put = await project.orb(["copy", name, "web:/srv/new"]);
      const got = await project.orb(["copy", `web:/srv/${name}`, "./new"]);
      for (const ran of [put, got]) expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining(name)]);
    }
    expect([...readdirSync(here()), ...readdirSync(project.srv)]).not.toContain("new");
  });
});
