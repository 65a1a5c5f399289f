import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "orbform-package-"));
const project = join(folder, "project");
const installed = join(project, "node_modules", "orbform");

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], cwd = project): Promise<Ran> {
  const env = { PATH: process.env["PATH"], HOME: folder, ORBCTL_SIM_WORLD: join(folder, "world"), NO_COLOR: "1" };
  return new Promise((done) => {
    execFile(program, [...args], { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const node = (...args: readonly string[]): Promise<Ran> => run(process.execPath, args);
const tsc = (...args: readonly string[]): Promise<Ran> => node(join(root, "node_modules/typescript/bin/tsc"), ...args);

const STACK = `import { defineConfig, defineStack, extend, interpolate, machine, setting } from "orbform";
const base = defineStack({
  resources: () => {
    const web = machine({ image: "debian:bookworm", memory: "2G" });
    return { web, copy: machine({ clone: web }), memory: setting({ key: "memory_mib", value: 8192 }) };
  },
  outputs: ({ web }) => ({ url: interpolate\`http://\${web.ip4}/\` }),
});
export const config = defineConfig({ driver: "simulator" });
export default extend(base, (draft) => { draft.resources.web.cpus = 2; });
`;

const TEST = `import { testWorld, isEmpty } from "orbform/testing";
import stack from "./stacks/dev.ts";
const world = testWorld();
const { plan, problems } = await world.apply(stack);
const machines: readonly { readonly name: string }[] = await world.machines();
const said: string = [plan.summary.add, problems.length, isEmpty(await world.plan(stack)), machines.length].join(" ");
const { stdout } = await world.orbctl("run", "-m", "web", "sh", "-c", "echo a | wc -c");
console.log(said, stdout.trim());
`;

/** What npm would publish, in a project of a user's: nothing is there but it and what it depends on. */
async function install(): Promise<void> {
  mkdirSync(installed, { recursive: true });
  mkdirSync(join(project, "stacks"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "a-project", type: "module", private: true }));
  writeFileSync(join(project, "stacks", "dev.ts"), STACK);
  writeFileSync(join(project, "in-memory.ts"), TEST);
  const packed = await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], root);
  expect(packed).toMatchObject({ code: 0 });
  const archive = join(folder, packed.stdout.trim());
  expect(await run("tar", ["-xzf", archive, "-C", installed, "--strip-components=1"])).toMatchObject({ code: 0 });
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name));
  }
}

describe("the published package", { tags: ["slow"] }, () => {
  beforeAll(install);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds what is needed to run it, and no more", async () => {
    const { stdout } = await run("find", [".", "-type", "f"], installed);
    const files = stdout.split("\n").filter(Boolean);
    const tops = new Set(files.map((file) => file.split("/")[1]));
    expect([...tops].toSorted((a = "", b = "") => (a < b ? -1 : 1))).toEqual([
      "LICENSE",
      "README.md",
      "bin",
      "ci",
      "dist",
      "docs",
      "package.json",
    ]);
    expect(files).toEqual(expect.arrayContaining(["./bin/orb.js", "./bin/orbform.js", "./bin/orbctl-sim.js"]));
    expect(files).toEqual(
      expect.arrayContaining(["./dist/cli/main.js", "./dist/lib/index.js", "./dist/lib/index.d.ts"]),
    );
    const text = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(Object.values(text.bin)).toEqual(["bin/orb.js", "bin/orbctl-sim.js", "bin/orbform.js"]);
    expect(Object.keys({ ...text.optionalDependencies, ...text.peerDependencies })).toEqual([]);
  });

  it("carries the licences of what is bundled in it", () => {
    const text = readFileSync(join(installed, "dist/cli/LICENCES.txt"), "utf8");
    for (const name of ["just-bash", "@oclif/core", "execa", "zod"]) expect(text).toContain(`\n${name} `);
    expect(text).not.toContain("see its repository");
  });

  it.each([
    ["nodenext", ["--module", "nodenext"]],
    ["bundler", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("has types for a stack under moduleResolution %s, with nothing else installed", async (_, words) => {
    const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--types", ""];
    const target = ["--target", "es2022", "--lib", "es2023"];
    const right = await tsc(...words, ...strict, ...target, "stacks/dev.ts");
    expect(right).toEqual({ code: 0, stdout: "", stderr: "" });
    writeFileSync(join(project, "wrong.ts"), STACK.replace("memory: ", "memry: "));
    const wrong = await tsc(...words, ...strict, ...target, "wrong.ts");
    expect(wrong.stdout).toMatch(/Did you mean to write 'memory'\?/);
  });

  it("has types for a test of a stack", async () => {
    const words = ["--noEmit", "--strict", "--allowImportingTsExtensions", "--module", "nodenext", "--skipLibCheck"];
    const types = ["--target", "es2022", "--types", join(root, "node_modules/@types/node")];
    expect(await tsc(...words, ...types, "in-memory.ts")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("has types for a script that works inside machines, as the guide has it", async () => {
    const guide = readFileSync(join(installed, "docs/guides/inside.md"), "utf8");
    const examples = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, text = ""]) => text);
    const example = examples.find((text) => text.includes("orbform/guest")) ?? "";
    expect(example).toContain("connect(");
    writeFileSync(join(project, "inside.ts"), example);
    const words = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
    const types = ["--types", join(root, "node_modules/@types/node")];
    expect(await tsc(...words, ...types, "inside.ts")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("plans, applies and tests a stack", async () => {
    const orbform = join(installed, "bin/orbform.js");
    expect(await node(orbform, "plan", "dev", "--driver", "simulator")).toMatchObject({ code: 0, stderr: "" });
    expect(await node(orbform, "apply", "dev", "--driver", "simulator", "--yes")).toMatchObject({ code: 0 });
    expect(await node(orbform, "plan", "dev", "--driver", "simulator", "--detailed-exitcode")).toMatchObject({
      code: 0,
    });
    expect(await node("in-memory.ts")).toEqual({ code: 0, stdout: "3 0 true 2 2\n", stderr: "" });
  });

  it("tests a stack as the guide says", async () => {
    const guide = readFileSync(join(installed, "docs/guides/testing.md"), "utf8");
    const [, example = ""] = /```ts\n(.*?)```/s.exec(guide) ?? [];
    mkdirSync(join(project, "tests"));
    writeFileSync(join(project, "tests", "dev.test.ts"), example);
    const ran = await node("--test", "--test-reporter=tap", "tests/dev.test.ts");
    expect(ran.stdout).toContain("# pass 1\n");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
  });

  it("is imported by plain node, by every name it gives", async () => {
    const names = `for (const name of ["", "/engine", "/guest", "/plan-file", "/policies", "/testing"]) {
      const module = await import("orbform" + name);
      console.log(name, Object.keys(module).sort().join(" "));
    }`;
    const { stdout, stderr } = await node("--input-type=module", "--eval", names);
    expect(stderr).toBe("");
    expect(stdout.split("\n")).toEqual([
      " archive command component defineConfig definePolicy defineStack directory existing extend file interpolate machine packages service setting user",
      "/engine adoptAll adoptMachine applyStack editState planSettled planStack",
      "/guest connect onMachines",
      "/plan-file applySaved decodePlanFile encodePlanFile needsStack savePlan",
      "/policies atMostMachines imageAllowList isolationRequired limitsRequired noDeletesOf",
      "/testing isEmpty testWorld",
      "",
    ]);
  });

  it("is what publint wants of a package", async () => {
    const { messages } = await publint({ pkgDir: root, strict: true });
    expect(messages).toEqual([]);
  });
});
