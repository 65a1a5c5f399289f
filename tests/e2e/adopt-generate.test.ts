import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const project = new TestProject();
afterAll(() => project.remove());

const IMAGES =
  "ubuntu:noble ubuntu:22.04 debian debian:bookworm alma rocky:9 arch void centos fedora nixos gentoo:systemd";
const images = `${IMAGES} kali devuan alpine:edge oracle:9 opensuse openeuler`.split(" ");
const NAMES = ["a-b-c", "Big.Box", "1st", "web-1", "WEB-2", "constructor", "class", "x", "db.local", "long-name-99-z"];

/** Fifty machines, no two alike: names, images, processors, users, settings, power. */
const fleet = Array.from({ length: 50 }, (_, at) => ({
  name: NAMES[at] ?? `m-${at}`,
  create: [
    images[at % images.length] ?? "alpine",
    NAMES[at] ?? `m-${at}`,
    ...(at % 3 === 0 ? ["--arch", "amd64"] : []),
    ...(at % 4 === 0 ? ["--user", `u${at}`] : []),
  ],
  settings: [
    ...(at % 2 === 0 ? [["cpu", String(1 + (at % 8))]] : []),
    ...(at % 5 === 0 ? [["memory_mib", String(512 * (1 + at))]] : []),
    ...(at % 7 === 0 ? [["disk_bytes", String((at + 20) * 1_000_000_000)]] : []),
    ...(at % 7 === 1 ? [["disk_bytes", String((at + 20) * 1_073_741_824)]] : []),
    ...(at % 6 === 0 ? [["isolated", "true"]] : []),
    ...(at % 12 === 0
      ? [
          ["isolate_network", "true"],
          ["mounts", '/Users/a b/src:/src,/Users/"x"`${1}`'],
        ]
      : []),
    ...(at % 9 === 0 ? [["http_port", String(8000 + at)]] : []),
  ],
  stopped: at % 5 === 1,
}));

async function make({ name, create, settings, stopped }: (typeof fleet)[number]): Promise<void> {
  const steps = [
    ["create", ...create],
    ...settings.map(([key, value]) => ["config", "set", `machine.${name}.${key}`, value ?? ""]),
  ];
  for (const step of [...steps, ...(stopped ? [["stop", name]] : [])]) {
    const ran = await project.outside(...step);
    if (ran.code !== 0) throw new Error(`${step.join(" ")}: ${ran.stderr}`);
  }
}

function tsc(): Promise<string> {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const options = { ...compilerOptions, typeRoots: [join(root, "node_modules/@types")] };
  writeFileSync(
    join(project.project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: options, include: ["stacks"] }),
  );
  const script = join(root, "node_modules/typescript/bin/tsc");
  return new Promise((done) => {
    execFile(process.execPath, [script, "-p", project.project], (_, stdout, stderr) => done(`${stdout}${stderr}`));
  });
}

beforeAll(async () => {
  mkdirSync(join(project.project, "node_modules"));
  symlinkSync(root, join(project.project, "node_modules/orbform"));
  project.stack(
    "own",
    'import { defineStack, machine } from "orbform";\nexport default defineStack({ resources: { own: machine({ image: "alpine" }) } });',
  );
  const applied = await project.orb(["apply", "own", "--yes"]);
  expect(applied, applied.stderr).toMatchObject({ code: 0 });
  for (let at = 0; at < fleet.length; at += 5) await Promise.all(fleet.slice(at, at + 5).map(make));
  await project.outside("default", "x");
});

describe("fifty machines that no stack manages", { tags: ["slow"] }, () => {
  it("become code that compiles, is adopted in one go, and plans empty", async () => {
    project.takeCalls();
    const wrote = await project.orb(["adopt", "--generate", "--out", "stacks/found.ts"]);
    expect(wrote, wrote.stderr).toMatchObject({ code: 0 });
    expect(wrote.stdout).toBe(
      "Wrote 50 machines to stacks/found.ts.\n\nNext:\n  orb adopt --all --stack found\n  orb plan found\n",
    );
    expect(wrote.stderr).toMatch(/^Read the comments in stacks\/found\.ts: \w/m);
    expect(wrote.stderr).toContain("Left out: own. It is machine.own of the stack own, in the state ");
    expect(project.takeCalls().filter((call) => !/^(?:version|status|list|config show|default)/.test(call))).toEqual(
      [],
    );
    expect(await tsc()).toBe("");

    const own = project.state("own");
    const before = await project.machines();
    const adopted = await project.orb(["adopt", "--all", "--stack", "found"]);
    expect(adopted, adopted.stderr).toMatchObject({ code: 0 });
    expect(adopted.stdout).toContain("Apply complete! Resources: 50 imported, 0 added, 0 changed, 0 destroyed.");
    const planned = await project.orb(["plan", "found", "--detailed-exitcode"]);
    expect(planned, planned.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(planned.stdout).toContain("No changes.");

    expect([await project.machines(), project.state("own")]).toEqual([before, own]);
    expect(project.state("found")?.serial).toBe(1);
    expect(await project.orb(["plan", "own", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });

  it("are each left out with whose they are, once they are managed", async () => {
    const again = await project.orb(["adopt", "--generate", "x", "own", "--out", "stacks/again.ts"]);
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(
      /^Left out: own\. .*of the stack own, .*\nLeft out: x\. .*machine\.x of the stack found, .*\n/,
    );
    expect(again.stderr).toContain("There is no code to write for what was named: nothing was written.");
    const json = await project.orb(["adopt", "--generate", "own", "--json"]);
    expect([json.code, JSON.parse(json.stdout).left_out.length]).toEqual([1, 1]);
    expect(existsSync(join(project.project, "stacks/again.ts"))).toBe(false);
  });

  it("are adopted all or none: one that another state has is named, and nothing is written", async () => {
    await project.outside("create", "alpine", "spare");
    project.stack(
      "thief",
      'import { defineStack, machine } from "orbform";\nconst of = (name: string) => machine({ image: "alpine", name });\nexport default defineStack({ resources: { a: of("own"), b: of("spare"), c: of("missing"), d: of("x") } });',
    );
    const letsGo = `cd ${join(project.project, "state")} && orb state rm machine.x --stack found`;
    const ran = await project.orb(["adopt", "--all", "--stack", "thief"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("machine.own of the stack own");
    expect(ran.stderr).toContain("machine.x of the stack found");
    expect(project.state("thief")).toBeUndefined();
    expect(ran.stderr).toContain(`Take it out of that state first: ${letsGo}`);
    const one = await project.orb(["adopt", "machine.d", "x", "--stack", "thief"]);
    expect(one.code).toBe(1);
    expect(one.stderr).toContain(`Take it out of that state first: ${letsGo}\n`);
  });

  it("are never written over a file that is there", async () => {
    const text = readFileSync(join(project.project, "stacks/found.ts"), "utf8");
    const ran = await project.orb(["adopt", "--generate", "spare", "--out", "stacks/found.ts"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("ORB_FILE_EXISTS");
    expect(readFileSync(join(project.project, "stacks/found.ts"), "utf8")).toBe(text);
  });
});
