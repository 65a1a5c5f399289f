import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../../src/desired/load-stack.ts";
import type { LoadEnding } from "../../support/fuzz-load-child.ts";
import { hostileConfig, hostileStack } from "../../support/fuzz-stacks.ts";
import { SECRET, anything, mangled, fuzzRuns } from "../../support/mangle.ts";
import { checkText } from "../../support/told.ts";

/** Processes, and stacks that each of them loads. */
const RUNS = fuzzRuns(6);
const AT_ONCE = { minLength: 60, maxLength: 60 };

interface Project {
  readonly files: { readonly [path: string]: string };
  readonly options?: Partial<LoadOptions>;
}

const STACK = `import { defineStack, machine } from "orbform";
export default defineStack({ resources: { web: machine({ image: "alpine", labels: { a: "b" } }) } });
`;

/** Takes every input there is, and refuses none but its own way. */
const WITH_INPUTS = `import { defineStack, machine } from "orbform";
const inputs = { "~standard": { version: 1, vendor: "test", validate: (value) =>
  typeof value.count === "number" ? { value } : { issues: [{ message: "must be a number", path: ["count"] }] } } };
export default defineStack({ inputs, resources: ({ inputs }) => ({ web: machine({ image: "alpine", cpus: inputs.count, name: inputs.name }) }) });
`;
const VARS = JSON.stringify({ count: 2, name: "front", password: SECRET, list: [1, { a: null }] }, null, 2);

const stacks = fc.oneof(
  { weight: 6, arbitrary: hostileStack() },
  { weight: 2, arbitrary: mangled([{ text: STACK, shape: "text" }]) },
  { weight: 1, arbitrary: anything() },
);

describe("whatever stands in", { timeout: 1_200_000 }, () => {
  test("a stack file, loading it gives a stack or an error of ours", async () => {
    await holds(stacks.map((text): Project => ({ files: { "stacks/dev.ts": text } })));
  });

  test("a project's configuration, loading it gives a stack or an error of ours", async () => {
    const configs = fc.oneof({ weight: 6, arbitrary: hostileConfig() }, { weight: 1, arbitrary: anything() });
    await holds(configs.map((text): Project => ({ files: { "orb.config.ts": text, "stacks/dev.ts": STACK } })));
  });

  test("a file of inputs or a --var, loading the stack gives a stack or an error of ours", async () => {
    const files = fc.oneof(
      { weight: 1, arbitrary: anything() },
      { weight: 4, arbitrary: mangled([{ text: VARS, shape: "json" }]) },
    );
    const vars = fc.dictionary(
      fc.oneof(fc.constantFrom("count", "name", "__proto__"), fc.string()),
      fc.oneof(fc.string(), anything()),
      {
        maxKeys: 2,
      },
    );
    const given = fc.record({ file: files, vars, env: vars });
    await holds(
      given.map(({ file, vars: pairs, env }): Project => ({
        files: { "stacks/dev.ts": WITH_INPUTS, "vars.json": file },
        options: {
          varFiles: ["vars.json"],
          vars: pairs,
          processEnv: Object.fromEntries(Object.entries(env).map(([name, value]) => [`ORB_VAR_${name}`, value])),
        },
      })),
    );
  });
});

async function holds(projects: fc.Arbitrary<Project>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(projects, AT_ONCE), async (all) => {
      for (const [index, ending] of (await loadEach(all)).entries()) {
        const text = JSON.stringify(all[index])?.slice(0, 3000);
        expect(ending.bug, text).toBe(undefined);
        for (const shown of ending.shown) checkText(shown);
      }
    }),
    { ...RUNS, endOnFailure: true },
  );
}

async function loadEach(projects: readonly Project[]): Promise<readonly LoadEnding[]> {
  const folder = await mkdtemp(join(tmpdir(), "orbform-fuzz-"));
  const requests = projects.map(({ files, options }, index): LoadOptions => {
    const cwd = join(folder, String(index));
    for (const [path, text] of Object.entries({ ...files, "package.json": '{"type":"module"}' })) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    return { cwd, stack: "dev", ...options };
  });
  writeFileSync(join(folder, "requests.json"), JSON.stringify(requests));
  const before = contents(folder);
  const endings = await loadInChild(join(folder, "requests.json"));
  expect(contents(folder)).toEqual(before);
  await rm(folder, { recursive: true });
  return endings;
}

function contents(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    names.map((each) => [join(each.parentPath, each.name), readFileSync(join(each.parentPath, each.name), "latin1")]),
  );
}

function loadInChild(requests: string): Promise<readonly LoadEnding[]> {
  const script = fileURLToPath(new URL("../../support/fuzz-load-child.ts", import.meta.url));
  const argv = ["--no-warnings", "--conditions=@orbform/source", script, requests];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(`the process died: ${stderr.slice(-3000)}`, { cause: error }));
    });
  });
}
