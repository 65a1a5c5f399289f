import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasPlaces } from "../support/guest-place.ts";
import { RealInside } from "../support/real-inside.ts";

const BIG = Buffer.alloc(1_000_000, "new content \u0000\u00ff");

const stack = (files = ""): string => `import { defineStack, file, machine } from "orbform";
const web = machine({ image: "debian" });
export default defineStack({ resources: { web, ${files} } });
`;

const FILE = `f: file({ on: web, path: "/srv/f", source: "f" }),`;

describe.runIf(hasPlaces)("what goes wrong half way", { tags: ["slow"] }, () => {
  let project: RealInside;
  const here = (...names: readonly string[]): string => join(project.project, ...names);
  const inside = (name: string): Buffer => readFileSync(join(project.srv, name));
  const whole = (folder = "."): readonly string[] =>
    readdirSync(join(project.srv, folder)).filter((name) => !name.startsWith(".orbform-"));

  beforeEach(async () => {
    project = new RealInside();
    project.stack("dev", stack());
    const applied = await project.orb(["apply", "dev", "--yes"]);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    writeFileSync(join(project.srv, "f"), "old");
    writeFileSync(here("f"), BIG);
    mkdirSync(here("many"));
    for (let at = 0; at < 200; at += 1) writeFileSync(here("many", `f${at}`), BIG.subarray(0, at * 10));
  });
  afterEach(() => project.remove());

  const stateOfWeb = async () => (await project.machines()).find(({ name }) => name === "web")?.state;

  test("orb copy of two hundred files takes one call inside", async () => {
    project.takeCalls();
    const ran = await project.orb(["copy", "many", "web:/srv/"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(project.takeCalls().filter((call) => call === "run")).toHaveLength(1);
    expect(readdirSync(join(project.srv, "many"))).toHaveLength(200);
    for (let at = 0; at < 200; at += 1) expect(inside(`many/f${at}`)).toEqual(BIG.subarray(0, at * 10));
  });

  test("a machine stopped under orb copy keeps the old file, and the next copy is whole", async () => {
    project.stopsAfter(300_000, "in");
    const ran = await project.orb(["copy", "f", "web:/srv/f"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_CONNECTION")]);
    expect([await stateOfWeb(), inside("f").toString(), whole()]).toEqual(["stopped", "old", ["f"]]);
    const again = await project.orb(["copy", "f", "web:/srv/f", "--start"]);
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(inside("f")).toEqual(BIG);
  });

  test("a machine stopped under orb copy of many files has none of them", async () => {
    project.stopsAfter(60_000, "in");
    const ran = await project.orb(["copy", "many", "web:/srv/"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_CONNECTION")]);
    expect(existsSync(join(project.srv, "many")) ? whole("many") : []).toEqual([]);
  });

  test("a machine stopped under orb copy out of it leaves what was here", async () => {
    writeFileSync(join(project.srv, "big"), BIG);
    writeFileSync(here("big"), "old");
    project.stopsAfter(300_000, "out");
    const ran = await project.orb(["copy", "web:/srv/big", "./big"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_CONNECTION")]);
    expect([await stateOfWeb(), readFileSync(here("big"), "utf8")]).toEqual(["stopped", "old"]);
    expect(readdirSync(here()).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("a machine stopped under a file of the stack keeps the old one, and the next apply writes it", async () => {
    project.stack("dev", stack(FILE));
    project.stopsAfter(300_000, "in");
    const ran = await project.orb(["apply", "dev", "--yes"]);
    expect(ran.code, ran.stderr).not.toBe(0);
    expect(ran.stderr).toMatch(/\(ORB_\w+\)/);
    expect([await stateOfWeb(), inside("f").toString(), whole()]).toEqual(["stopped", "old", ["f"]]);
    const again = await project.orb(["apply", "dev", "--yes"]);
    expect(again, again.stderr + again.stdout).toMatchObject({ code: 0 });
    expect([inside("f").equals(BIG), await stateOfWeb()]).toEqual([true, "running"]);
    expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  test("a command is ended with a machine that is stopped under it, and said to be cut off", async () => {
    project.stopsAfter(6, "out");
    const ran = await project.orb(["on", "web", "sh", "-c", "printf 'begun and what follows'; sleep 60"]);
    expect([ran.code, ran.stderr]).toEqual([255, expect.stringContaining("ORB_CONNECTION")]);
  });

  test.each([
    ["orb copy of a file", ["copy", "f", "web:/srv/f"]],
    ["orb copy of a folder", ["copy", "all", "web:/srv/"]],
  ])("a full disk in the machine: %s says so and leaves nothing", async (_, words) => {
    mkdirSync(here("all"));
    for (const name of ["a", "b"]) writeFileSync(here("all", name), BIG.subarray(0, 200_000));
    const { ran, left } = await project.onFullDisk("200k", words);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_DISK_FULL")]);
    expect(left.replace("./all\n", "")).toBe("./f\nold");
  });

  test("a full disk in the machine: a file of the stack says so and leaves the old one", async () => {
    project.stack("dev", stack(FILE));
    const { ran, left } = await project.onFullDisk("200k", ["apply", "dev", "--yes"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("There is no space left for it")]);
    expect(left).toBe("./f\nold");
    const again = await project.orb(["apply", "dev", "--yes"]);
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(inside("f")).toEqual(BIG);
  });

  test("a full disk on this side: orb copy says so and leaves what was here", async () => {
    writeFileSync(join(project.srv, "big"), BIG);
    mkdirSync(here("small"));
    const mount = `mount -t tmpfs -o size=200k none small && echo old >small/big || exit 99`;
    const line = `${mount}; "$@"; s=$?; ls -A small >left; cat small/big >>left; exit $s`;
    const ran = await project.orbUnder(line, ["copy", "web:/srv/big", "./small/"]);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_DISK_FULL")]);
    expect(ran.stderr).toContain("Make room on this computer");
    expect(readFileSync(here("left"), "utf8")).toBe("big\nold\n");
  });
});
