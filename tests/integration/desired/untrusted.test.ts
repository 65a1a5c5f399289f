import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTree } from "../../../src/desired/read-stack.ts";
import { decodeAnswer } from "../../../src/desired/untrusted/decode.ts";
import { readable } from "../../../src/desired/untrusted/readable.ts";
import { CHILD_LIMITS, type ChildLimits } from "../../../src/desired/untrusted/run-child.ts";
import { loadUntrusted } from "../../../src/desired/untrusted/load-untrusted.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import type { LoadResult } from "../../../src/desired/load-stack.ts";
import { folderWith } from "../../support/stack-folder.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const each of folders) await rm(each, { recursive: true });
});

/** The addresses, or what it is refused with; paths as seen from the project. */
async function told(cwd: string, work: () => Promise<Pick<LoadResult, "value" | "diagnostics">>) {
  try {
    const { value, diagnostics } = await work();
    return {
      addresses: value.resources.map(({ address }) => address),
      outputs: value.outputs,
      diagnostics: diagnostics.map(({ code, detail, place }) => ({
        code,
        detail,
        place: place?.file.replace(cwd, ""),
      })),
    };
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    const { code, summary, detail, hint, place } = error;
    return { thrown: { code, summary, detail, hint, place: place?.file.replace(cwd, "") } };
  }
}

/** A project with these files. */
async function folder(files: { readonly [path: string]: string }): Promise<string> {
  const made = await folderWith({ "package.json": '{ "type": "module" }', ...files });
  folders.push(made);
  return made;
}

/** What loading a stack of this text gives. */
async function load(text: string, files: { readonly [path: string]: string } = {}, limits: Partial<ChildLimits> = {}) {
  const cwd = await folder({ "stacks/dev.ts": text, ...files });
  const options = { cwd, untrusted: {}, processEnv: { ORB_VAR_word: "of the parent" } };
  return await told(cwd, () => loadUntrusted(options, { ...CHILD_LIMITS, ...limits }));
}

let own: string;
beforeAll(async () => {
  own = await folder({
    "stacks/dev.ts": "// a line\n",
    ".env": "hunter2",
    ".git/config": "hunter2",
    "state/dev.json": "hunter2",
    "own.txt": "own",
  });
});

/** What is made of an answer that a child wrote. */
async function yielded(answer: unknown, text = JSON.stringify(answer)) {
  const view = readable(own, [join(own, "state")]);
  return await told(own, async () => {
    const {
      input,
      place,
      made: _made,
      ...tree
    } = decodeAnswer(text, { placeOf: view.placeOf, file: join(own, "stacks/dev.ts") });
    const refuses = async (path: string) => view.refuses(path);
    return await readTree(tree, input, { name: "dev", env: undefined, place, root: own, refuses });
  });
}

const IMPORTS = `import fs from "node:fs"; import { defineStack, machine, file } from "orbform";\n`;
const TREE = {
  kind: "tree",
  keys: ["resources"],
  original: { o: [] },
  resources: { o: [["web", { h: 0 }]] },
  outputs: { x: "undefined" },
  handles: [{ kind: "machine", rid: "r1", input: { o: [["image", "alpine"]] } }],
  made: [],
};

/** A stack that writes an answer of its own and ends before ours is written. */
const forging = (answer: unknown, text = JSON.stringify(answer)): string =>
  `${IMPORTS}fs.writeSync(1, ${JSON.stringify(text)}); process.exit(0);`;

describe("what an untrusted stack forged", () => {
  it("declares what it says, as if it were written down", async () => {
    expect(await yielded(TREE)).toEqual({ addresses: ["machine.web"], outputs: {}, diagnostics: [] });
  });

  it("is held to every rule", async () => {
    const handle = (input: unknown, kind = "machine") => ({ ...TREE, handles: [{ kind, rid: "r1", input }] });
    const bad = [
      handle({
        o: [
          ["image", "alpine"],
          ["name", "-rf"],
        ],
      }),
      handle({
        o: [
          ["image", "alpine"],
          ["cpus", { x: "NaN" }],
        ],
      }),
      handle({ o: [["image", { h: 0 }]] }),
      handle({ o: [["resources", { o: [["again", { h: 0 }]] }]] }, "component"),
      handle({ a: [] }),
      { ...TREE, resources: { o: [["../up", { h: 0 }]] } },
    ];
    const found = await Promise.all(bad.map((each) => yielded(each)));
    expect(found.map(({ diagnostics }) => diagnostics?.map(({ code }) => code))).toEqual([
      ["ORB_PROPERTY_INVALID"],
      ["ORB_PROPERTY_INVALID"],
      ["ORB_PROPERTY_INVALID"],
      ["ORB_DUPLICATE_KEY"],
      ["ORB_PROPERTY_INVALID"],
      ["ORB_STACK_INVALID"],
    ]);
  });

  it.each([
    ["a key of our own marks", { ...TREE, outputs: { o: [["~orbform", "machine"]] } }, "a key that data may have"],
    ["a key __proto__", { ...TREE, outputs: { o: [["__proto__", 1]] } }, "a key that data may have"],
    ["a mark that is none", { ...TREE, outputs: { z: 1 } }, "outputs.z"],
    ["a resource that is not there", { ...TREE, outputs: { h: 7 } }, "outputs.h"],
    ["a key that is not known", { ...TREE, policy: "content" }, "policy"],
    ["a kind that is none", { ...TREE, handles: [{ ...TREE.handles[0], kind: "policy" }] }, "handles[0].kind"],
    ["no tree", { kind: "done" }, "kind"],
    ["too many resources", { ...TREE, handles: Array.from({ length: 5001 }, () => TREE.handles[0]) }, "may have 5000"],
  ])("is refused: %s", async (_, answer, why) => {
    const { thrown } = await yielded(answer);
    expect(thrown).toMatchObject({ code: "ORB_UNTRUSTED_REFUSED", detail: expect.stringContaining(why) });
  });

  it.each([
    ["no JSON", "{"],
    ["a nested document", "[".repeat(200_000)],
    ["JSON with a key __proto__", JSON.stringify(TREE).replace('"made":[]', '"made":[],"__proto__":{"polluted":1}')],
    [
      "values deeper than any",
      JSON.stringify({ ...TREE, outputs: 0 }).replace(
        '"outputs":0',
        `"outputs":${'{"a":['.repeat(5000)}1${"]}".repeat(5000)}`,
      ),
    ],
    ["two answers", `${JSON.stringify(TREE)}\n${JSON.stringify(TREE)}`],
  ])("is refused: %s", async (_, text) => {
    expect((await yielded(undefined, text)).thrown?.code).toBe("ORB_UNTRUSTED_REFUSED");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("can't have settings that write each other out without end", async () => {
    const setting = (index: number) => ({
      kind: "setting",
      rid: `r${index}`,
      input: {
        o: [
          ["key", `key_${index}`],
          ["value", { c: [{ r: [`r${index + 1}`, "value"] }, { r: [`r${index + 1}`, "value"] }] }],
        ],
      },
    });
    const handles = Array.from({ length: 60 }, (_, index) => setting(index));
    const resources = { o: handles.map((_, index) => [`s${index}`, { h: index }]) };
    const { thrown } = await yielded({ ...TREE, handles, resources });
    expect(thrown).toMatchObject({ code: "ORB_UNTRUSTED_REFUSED", detail: expect.stringContaining("too often") });
  });

  it("can't end a command as something that it isn't, nor print anything but text", async () => {
    const diagnostic = {
      severity: "error",
      code: "ORB_POLICY_DENIED",
      summary: "\u001b[2JAll\ngood",
      detail: "\u001b]0;owned\u0007\u202etxet",
      place: { file: "/etc/passwd", line: 1, column: 1 },
    };
    expect((await yielded({ kind: "failure", diagnostics: [diagnostic] })).thrown).toEqual({
      code: "ORB_STACK_FAILED",
      summary: "All good",
      detail: String.raw`\u{202e}txet`,
      place: "/stacks/dev.ts",
    });
  });

  it("can't have a line shown of a file that is no module of its own", async () => {
    const at = (file: string) => ({
      ...TREE,
      handles: [{ kind: "machine", rid: "r1", input: { o: [] }, place: { file, line: 1, column: 1 } }],
    });
    for (const file of ["/etc/passwd", "/etc/../etc/hosts.ts", ".env", "stacks/dev.ts"]) {
      const { diagnostics } = await yielded(at(file));
      expect(diagnostics?.map(({ place }) => place)).toEqual(["/stacks/dev.ts"]);
    }
  });

  it("has no file read for it that lies outside of its project, or is closed", async () => {
    const read = (source: string) => {
      const it = {
        kind: "file",
        rid: "r2",
        input: {
          o: [
            ["on", { h: 0 }],
            ["path", "/it"],
            ["source", source],
          ],
        },
      };
      const resources = {
        o: [
          ["web", { h: 0 }],
          ["it", { h: 1 }],
        ],
      };
      return yielded({ ...TREE, resources, handles: [...TREE.handles, it] });
    };
    for (const source of ["/etc/passwd", "../../etc/passwd", ".env", ".git/config", "state/dev.json"]) {
      const { diagnostics } = await read(source);
      expect(
        diagnostics?.map(({ code, detail }) => [code, /outside of the project|none that an untrusted/.test(detail)]),
      ).toEqual([["ORB_PROPERTY_INVALID", true]]);
    }
    expect((await read("own.txt")).diagnostics).toEqual([]);
  });
});

/** A stack of this many machines. */
const many = (count: number): string => `import { defineStack, machine } from "orbform";
const all = Array.from({ length: ${count} }, (_, index) => ["m" + index, machine({ image: "alpine" })]);
export default defineStack({ resources: Object.fromEntries(all) });`;

describe("an untrusted stack", { tags: ["slow"] }, () => {
  it("may end itself with an answer of its own, which is what it declares", async () => {
    expect(await load(forging(TREE))).toEqual({ addresses: ["machine.web"], outputs: {}, diagnostics: [] });
  });

  it("is ended after its time, its memory and its output", async () => {
    const over = await Promise.all([
      load("for (;;) {}", {}, { timeoutMs: 2000 }),
      load("await new Promise((done) => setInterval(() => done, 1000));", {}, { timeoutMs: 2000 }),
      load("const all = []; for (;;) all.push(Array.from({ length: 1e5 }, Math.random));", {}, { memoryMiB: 64 }),
      load(`import fs from "node:fs"; for (;;) fs.writeSync(1, "x".repeat(65536));`, {}, { answerBytes: 1024 * 1024 }),
      load("process.exit(0);"),
      load("process.reallyExit(7);"),
      load("await new Promise(() => {});"),
    ]);
    expect(over.map(({ thrown }) => thrown?.code)).toEqual([
      "ORB_UNTRUSTED_FAILED",
      "ORB_UNTRUSTED_FAILED",
      "ORB_UNTRUSTED_FAILED",
      "ORB_UNTRUSTED_REFUSED",
      "ORB_UNTRUSTED_FAILED",
      "ORB_UNTRUSTED_FAILED",
      "ORB_UNTRUSTED_FAILED",
    ]);
    expect(
      over.map(
        ({ thrown }) =>
          /took longer|heap out of memory|may be 1 MiB long|exit code 0|without an answer|never comes/.exec(
            thrown?.detail ?? "",
          )?.[0],
      ),
    ).toEqual([
      "took longer",
      "took longer",
      "without an answer",
      "may be 1 MiB long",
      "without an answer",
      "without an answer",
      "never comes",
    ]);
  });

  it("is held to its output in bytes, whatever letters they are of", async () => {
    const text = `${IMPORTS}fs.writeSync(1, "é".repeat(600_000)); process.exit(0);`;
    expect((await load(text, {}, { answerBytes: 1024 * 1024 })).thrown?.detail).toContain("may be 1 MiB long");
  });

  it("is read with inputs of a file that its reader named, and of no link that leads out of the checkout", async () => {
    const secret = await folder({ "own.json": "{}" });
    for (const name of ["v.json", "..v.json"]) {
      const cwd = await folder({ "stacks/dev.ts": forging(TREE) });
      await symlink(join(secret, "own.json"), join(cwd, name));
      const { thrown } = await told(cwd, () => loadUntrusted({ cwd, untrusted: {}, varFiles: [name] }));
      expect(thrown?.detail).toContain("is a link that leads out of a checkout");
    }
    const cwd = await folder({ "stacks/dev.ts": forging(TREE) });
    const varFiles = [join(secret, "own.json")];
    expect((await told(cwd, () => loadUntrusted({ cwd, untrusted: {}, varFiles }))).addresses).toEqual(["machine.web"]);
  });

  it.runIf(process.platform === "linux")("is held to its memory beside V8's heap as well", async () => {
    for (const made of ["new ArrayBuffer(2 ** 27)", "new WebAssembly.Memory({ initial: 2048 })"]) {
      const { thrown } = await load(`const all = []; for (let i = 0; i < 12; i += 1) all.push(${made});`);
      expect(thrown).toMatchObject({
        code: "ORB_STACK_FAILED",
        detail: expect.stringMatching(/allocat.*memory|memory.*allocat|allocation/i),
      });
    }
  });

  it("is told what it tried, without a word of Node's flags", async () => {
    const { thrown } = await load(`${IMPORTS}fs.readFileSync("/etc/passwd");`);
    expect(thrown).toEqual({
      code: "ORB_STACK_FAILED",
      summary: "An untrusted stack may not do this",
      detail:
        "While it was loaded, the stack tried what is denied to it: FileSystemRead of /etc/passwd. Nothing came of it. No machine was looked at.",
      hint: "An untrusted stack may compute, and read the files of its project; the rest takes a stack that is trusted.",
      place: "/stacks/dev.ts",
    });
  });

  it("imports packages through links, as npm's workspaces and pnpm lay them out, beside what it may not read", async () => {
    const at = "node_modules/.pnpm";
    const cwd = await folder({
      "stacks/dev.ts": `import { size } from "lib"; import { image } from "far";\n${IMPORTS}export default defineStack({ resources: { web: machine({ image, cpus: size }) } });`,
      ".git/config": "hunter2",
      ".env": "hunter2",
      "packages/lib/package.json": '{ "name": "lib", "type": "module", "exports": "./lib.js" }',
      "packages/lib/lib.js": "export const size = 2;",
      [`${at}/far@1/node_modules/far/package.json`]: '{ "name": "far", "type": "module", "exports": "./far.js" }',
      [`${at}/far@1/node_modules/far/far.js`]: 'export { image } from "near";',
      [`${at}/near@1/node_modules/near/package.json`]: '{ "name": "near", "type": "module", "exports": "./near.js" }',
      [`${at}/near@1/node_modules/near/near.js`]: 'export const image = "alpine";',
    });
    await symlink("../packages/lib", join(cwd, "node_modules/lib"));
    await symlink(".pnpm/far@1/node_modules/far", join(cwd, "node_modules/far"));
    await symlink("../../near@1/node_modules/near", join(cwd, at, "far@1/node_modules/near"));
    await mkdir(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.of(0xe9)]));
    const { addresses } = await told(cwd, () => loadUntrusted({ cwd, untrusted: {} }));
    expect(addresses).toEqual(["machine.web"]);
  });

  it("is told what it tried also where Node has no word for it", async () => {
    const { thrown } = await load(`${IMPORTS}fs.symlinkSync("/etc", "e");`);
    expect(thrown?.detail).toContain("what is denied to it: fs.symlink API requires");
  });

  it("is told how large it may be", async () => {
    const { thrown } = await load(many(6000));
    expect(thrown).toMatchObject({
      code: "ORB_UNTRUSTED_REFUSED",
      summary: "The stack is too large for --untrusted",
      detail:
        "A stack that is not trusted is held to a size: it may have 5000 resources, and has 6000. No machine was looked at.",
    });
    const { thrown: long } = await load(many(2000), {}, { answerBytes: 65_536 });
    expect([long?.summary, long?.detail]).toEqual([
      "The stack is too large for --untrusted",
      expect.stringContaining("what it yields may be 0.0625 MiB long, and is longer"),
    ]);
  });

  it("is told that what it awaits never comes", async () => {
    const never = [
      "await new Promise(() => {});",
      `${IMPORTS}export default defineStack({ resources: () => new Promise(() => {}) });`,
    ];
    const thrown = await Promise.all(never.map((each) => load(each)));
    const detail =
      "The stack was evaluated in a process of its own, but it awaits something that never comes. No machine was looked at.";
    expect(thrown.map((each) => each.thrown)).toMatchObject(
      never.map(() => ({ code: "ORB_UNTRUSTED_FAILED", detail })),
    );
  });

  it("is told that it has no network where it asks for one", async () => {
    const { thrown } = await load(`await fetch("https://example.org/");`);
    expect(thrown).toMatchObject({
      code: "ORB_STACK_FAILED",
      detail: expect.stringContaining("fetch is not defined"),
      hint: "An untrusted stack has no network, and no fetch: write into a file of the project what it needs.",
    });
    expect((await load(`export default nothing;`)).thrown?.hint).toBeUndefined();
  });

  it("sees no variable of the environment it is planned in", async () => {
    const text = `${IMPORTS}const inputs = { "~standard": { version: 1, vendor: "none", validate: (value) => ({ value }) } };
export default defineStack({ inputs, resources: {}, outputs: { env: JSON.stringify(process.env) },
  });`;
    const { outputs } = await load(text);
    expect(outputs).toEqual({ env: { value: "{}", sensitive: false } });
  });
});
