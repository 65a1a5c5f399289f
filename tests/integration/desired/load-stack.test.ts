import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderWith, loadAll } from "../../support/stack-folder.ts";
import type { LoadOptions } from "../../../src/desired/load-stack.ts";
import type { LoadAnswer } from "../../support/stack-folder.ts";

const HEAD = 'import { defineStack, extend, machine, setting, component, interpolate } from "orbform";\n';

/** Stack files and what loading each must tell: the code, the line and column, a part of the text. */
const FAILURES: readonly (readonly [string, string, string, string, string])[] = [
  ["syntax", "const a = 1;\nconst b = ;\n", "ORB_STACK_SYNTAX", "2:11", "Expression expected"],
  ["enums", "const a = 1;\nenum E { A }\n", "ORB_STACK_SYNTAX", "2:1", "enums, namespaces"],
  ["namespaces", "namespace N { export const a = 1; }\n", "ORB_STACK_SYNTAX", "1:1", "enums, namespaces"],
  ["twice", "const a = 1;\nconst b = 2;\nconst a = 3;\n", "ORB_STACK_SYNTAX", "3:7", "already been declared"],
  ["noExport", "export const stack = 1;\n", "ORB_STACK_NO_EXPORT", "1:1", "no default export"],
  ["wrongExport", "export default { resources: {} };\n", "ORB_STACK_NO_EXPORT", "1:1", "an object"],
  [
    "throwing",
    "function f() {\n  throw new TypeError('boom\\u001b[2J');\n}\nf();\n",
    "ORB_STACK_FAILED",
    "2:9",
    "TypeError: boom.",
  ],
  ["throwingText", "throw 'just text';\n", "ORB_STACK_FAILED", "1:1", "just text"],
  [
    "throwingLater",
    `${HEAD}export default defineStack({ resources: () => { throw new Error("late"); } });\n`,
    "ORB_STACK_FAILED",
    "2:55",
    "late",
  ],
  [
    "throwingWhenLookedAt",
    `${HEAD}export default defineStack({\n  resources: new Proxy({}, { ownKeys() { throw new Error("trap"); } }),\n});\n`,
    "ORB_STACK_FAILED",
    "3:48",
    "trap",
  ],
  ["throwingNothing", "throw Object.create(null);\n", "ORB_STACK_FAILED", "1:1", "can't be shown"],
  [
    "forged",
    "export default { '~orbform': 'stack', '~input': {} };\n",
    "ORB_STACK_INVALID",
    "1:1",
    "defineStack was called",
  ],
  ["noFile", `import "./lib/shared";\n`, "ORB_STACK_FAILED", "1:8", "Cannot find module"],
  ["noPackage", `\nimport x from "not-installed";\n`, "ORB_STACK_FAILED", "2:15", "not-installed"],
  [
    "noName",
    `${HEAD}import { y } from "./lib/shared.ts";\n`,
    "ORB_STACK_FAILED",
    "2:10",
    "does not provide an export named 'y'",
  ],
  [
    "typeName",
    `import { T } from "./lib/shared.ts";\n`,
    "ORB_STACK_FAILED",
    "1:10",
    "does not provide an export named 'T'",
  ],
  [
    "otherName",
    `${HEAD}export default defineStack({ name: "dev", resources: {} });\n`,
    "ORB_STACK_NAME",
    "2:16",
    'its file says "otherName"',
  ],
  [
    "coerced",
    `${HEAD}const w = machine({ image: "debian" });\nexport const url = \`http://\${w.ip4}/\`;\n`,
    "ORB_VALUE_UNKNOWN",
    "3:32",
    "ip4",
  ],
  [
    "noObject",
    `${HEAD}export default Reflect.apply(defineStack, undefined, []);\n`,
    "ORB_STACK_INVALID",
    "1:1",
    "defineStack",
  ],
  [
    "plainEdit",
    `${HEAD}const s = defineStack({ resources: {} });\nexport default extend(s, (d) => {\n  d.resources.x = {};\n});\n`,
    "ORB_STACK_INVALID",
    "3:16",
    "plain data",
  ],
  [
    "noRecipe",
    `${HEAD}const s = defineStack({ resources: {} });\nexport default Reflect.apply(extend, undefined, [s, {}]);\n`,
    "ORB_STACK_INVALID",
    "3:24",
    "function",
  ],
  [
    "noStack",
    `${HEAD}export default Reflect.apply(extend, undefined, [{}, () => undefined]);\n`,
    "ORB_STACK_INVALID",
    "2:24",
    "defineStack",
  ],
  [
    "throwingSchema",
    `${HEAD}const validate = () => {\n  throw new Error("no schema");\n};\nconst inputs = { "~standard": { version: 1, vendor: "own", validate } };\nexport default defineStack({ inputs, resources: {} });\n`,
    "ORB_STACK_FAILED",
    "3:9",
    "no schema",
  ],
  [
    "badEdit",
    `${HEAD}const s = defineStack({ resources: {} });\nexport default extend(s, (d, e) => {\n  e.remove("x");\n});\n`,
    "ORB_STACK_INVALID",
    "4:5",
    "no resource",
  ],
];

const GOOD: { readonly [path: string]: string } = {
  "stacks/dev.ts": `${HEAD}
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, name: "web-1", cpus: 2, memory: "4G" });
const lost = machine({ image: "alpine" });
export default defineStack({ name: "dev", resources: { base, web }, outputs: { address: web.ip4 } });
`,
  "stacks/later.ts": `${HEAD}
import { size } from "./lib/shared.ts";
const image = await Promise.resolve("debian");
export default defineStack({
  resources: async ({ env, inputs }) => ({ web: machine({ image, memory: size, name: \`web-\${env}\`, restore: undefined }) }),
});
`,
  "stacks/over.ts": `${HEAD}
import later from "./later.ts";
export default extend(later, (draft, edit) => {
  draft.resources.web.cpus = 8;
  edit.add("old", machine({ restore: "archives/old.tar.zst" }));
  edit.add("init", machine({ image: "debian", cloudInit: { file: "init.yaml" } }));
});
`,
  "stacks/lib/shared.ts": `export interface T { a: 1 }\nexport const size = "2G";\n`,
  "stacks/bad.d.ts": "",
  "stacks/dev.test.ts": "",
  "archives/old.tar.zst": "archive",
  "init.yaml": "#cloud-config\n",
  "package.json": '{"type":"module"}',
};

describe("loading a stack", () => {
  let project = "";
  let failing = "";
  let lone = "";
  let answers: ReadonlyMap<string, LoadAnswer>;

  // One process loads all of them.
  beforeAll(async () => {
    project = await folderWith(GOOD);
    const files = Object.fromEntries(FAILURES.map(([name, text]) => [`stacks/${name}.ts`, text]));
    failing = await folderWith({
      ...files,
      "stacks/lib/shared.ts": GOOD["stacks/lib/shared.ts"] ?? "",
      "package.json": "{}",
    });
    lone = await folderWith({
      "orb.config.ts":
        'import { defineConfig } from "orbform";\nexport default defineConfig({ stacks: "here", state: "there", driver: "simulator", limits: { create: 1 } });\n',
      "here/only.ts": `${HEAD}export default defineStack({ resources: {} });\n`,
      "wrong/orb.config.ts": "export default { drivr: 1 };\n",
      "other/orb.config.ts": 'export default { driver: "orbctl" };\n',
      "mac/orb.config.ts": 'export default { driver: "orbstack" };\n',
      "mac/stacks/only.ts": `${HEAD}export default defineStack({ resources: {} });\n`,
    });
    const requests = new Map<string, LoadOptions>([
      ["dev", { cwd: join(project, "stacks"), stack: "dev" }],
      ["again", { cwd: project, stack: "stacks/dev.ts" }],
      ["over", { cwd: project, stack: "over", env: "test" }],
      ["several", { cwd: project }],
      ["misspelt", { cwd: project, stack: "dve" }],
      ["no path", { cwd: project, stack: "./nope.ts" }],
      ["bad env", { cwd: project, stack: "dev", env: "../x" }],
      ["only", { cwd: lone }],
      ["bad config", { cwd: join(lone, "wrong") }],
      ["bad driver", { cwd: join(lone, "other") }],
      ["mac", { cwd: join(lone, "mac") }],
      ["checkout", { cwd: fileURLToPath(new URL("../../../", import.meta.url)), stack: "dev" }],
      ...FAILURES.map(([name]) => [name, { cwd: failing, stack: name }] as const),
    ]);
    const given = await loadAll([...requests.values()]);
    answers = new Map([...requests.keys()].map((key, index) => [key, given[index] ?? {}]));
  });

  afterAll(() => Promise.all([project, failing, lone].map((each) => rm(each, { recursive: true, force: true }))));

  it("gives the desired state, with no package installed", () => {
    const dev = answers.get("dev");
    expect(dev?.value?.stack).toBe("dev");
    expect(dev?.value?.resources.map((each) => [each.address, each.place?.line, each.place?.column])).toEqual([
      ["machine.base", 3, 14],
      ["machine.web", 4, 13],
    ]);
    expect(dev?.project?.root).toBe(project);
    expect(dev?.project?.stateFolder).toBe(join(project, "state"));
  });

  it("warns of a resource that is listed nowhere, with its place", () => {
    expect(answers.get("dev")?.diagnostics?.map(({ code, severity, place }) => [code, severity, place?.line])).toEqual([
      ["ORB_RESOURCE_UNLISTED", "warning", 5],
    ]);
  });

  it("gives the same when a file is loaded again in one process", () => {
    expect(answers.get("again")).toEqual(answers.get("dev"));
  });

  it("evaluates functions, top-level await and overrides, and reads the files they name", () => {
    const over = answers.get("over");
    expect(over?.diagnostics).toEqual([]);
    expect(over?.value?.env).toBe("test");
    const [init, old, web] = over?.value?.resources ?? [];
    expect(init).toMatchObject({ name: "init", cloudInit: { text: "#cloud-config\n" } });
    expect(old).toMatchObject({
      origin: {
        kind: "restore",
        path: join(project, "archives/old.tar.zst"),
        digest: "sha256:0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3",
      },
    });
    expect(web).toMatchObject({ name: "web-test", settings: { cpus: 8, memoryMiB: 2048 } });
  });

  it("takes a configuration that names OrbStack as the command line does", () => {
    expect(answers.get("mac")?.project?.driver).toBe("orbstack");
  });

  it("takes the only stack where none is named, from where the configuration says", () => {
    const only = answers.get("only");
    expect(only?.value?.stack).toBe("only");
    expect(only?.project).toMatchObject({
      stateFolder: join(lone, "there"),
      driver: "simulator",
      limits: { create: 1 },
    });
  });

  it("loads the example of this repository", () => {
    expect(answers.get("checkout")?.diagnostics).toEqual([]);
    expect(answers.get("checkout")?.value?.resources.map((each) => each.address)).toEqual([
      "machine.base",
      "machine.web",
    ]);
  });

  it.each([
    ["several", "ORB_STACK_AMBIGUOUS", "dev, later, over"],
    ["misspelt", "ORB_STACK_NOT_FOUND", "dev, later, over"],
    ["no path", "ORB_STACK_NOT_FOUND", "nope.ts"],
    ["bad env", "ORB_USAGE", "../x"],
    ["bad config", "ORB_CONFIG_INVALID", "drivr"],
    ["bad driver", "ORB_CONFIG_INVALID", '"driver" must be "orbstack" or "simulator"'],
  ])("refuses: %s", (key, code, text) => {
    expect(answers.get(key)?.thrown).toMatchObject({ code, detail: expect.stringContaining(text) });
  });

  it.each(FAILURES)("tells what is wrong with the file: %s", (...[name, , code, at, text]) => {
    const thrown = answers.get(name)?.thrown;
    expect(thrown).toMatchObject({ code, detail: expect.stringContaining(text) });
    expect(thrown?.detail).not.toContain("\u001b");
    expect(`${thrown?.place?.line}:${thrown?.place?.column}`).toBe(at);
    expect(thrown?.place?.file).toBe(join(failing, `stacks/${name}.ts`));
  });
});
