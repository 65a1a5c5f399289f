import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SECRET, anything, mangled, fuzzRuns, type Valid } from "../support/mangle.ts";
import { TestProject } from "../support/project.ts";
import { checkText } from "../support/told.ts";

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;
const STACK = `import { defineStack, machine } from "orbform";
const base = machine({ image: "alpine", power: "stopped", labels: { team: "web" } });
export default defineStack({ resources: { base, copy: machine({ clone: base, cpus: 2, power: "stopped" }) }, outputs: { name: base.name } });
`;
const CONFIG = 'export default { limits: { global: 8 }, driver: "orbstack" };\n';
const VARS = JSON.stringify({ password: SECRET, list: [1, 2] });

/** Files that a command reads, from the project's folder; each with what it is. */
const SHAPES = {
  "project/state/web.json": "json",
  "project/state/web.journal": "lines",
  "project/state/web.timings.json": "json",
  "project/stacks/web.ts": "text",
  "project/orb.config.ts": "text",
  "project/vars.json": "json",
  "home/.orbform/host-id": "text",
  "home/.orbform/orbctl-versions.json": "json",
  "world/world.json": "json",
} as const satisfies Record<string, Valid["shape"]>;

type Path = keyof typeof SHAPES;

const PATHS: readonly Path[] = Object.keys(SHAPES).filter((path): path is Path => path in SHAPES);

const COMMANDS = [
  ["plan", "web", "--var-file", "vars.json"],
  ["plan", "web", "--json"],
  ["drift", "web"],
  ["show", "web"],
  ["show", "web", "--json"],
  ["outputs", "web"],
  ["state", "list"],
  ["state", "show", "machine.base"],
  ["validate", "web"],
] as const;

describe("whatever stands in a file", { tags: ["slow"], timeout: 1_200_000 }, () => {
  const project = new TestProject();
  const valid = new Map<string, string>();
  afterAll(() => project.remove());

  /** A project whose last apply was killed: there is a state, a journal, everything. */
  beforeAll(async () => {
    project.stack("web", STACK);
    expect(await project.orb(["apply", "web", "--yes"])).toMatchObject({ code: 0 });
    project.stack("web", STACK.replace("cpus: 2", "cpus: 3"));
    const kill = { NODE_OPTIONS: `--import=${KILL_AT}`, ORBFORM_TEST_KILL_AT: "intent:1" };
    expect(await project.orb(["apply", "web", "--yes"], kill)).toMatchObject({ signal: "SIGKILL" });
    writeFileSync(join(project.project, "orb.config.ts"), CONFIG);
    writeFileSync(join(project.project, "vars.json"), VARS);
    for (const [path, text] of filesBelow(project.folder)) valid.set(path, text);
  });

  test("a command that reads ends with an exit code of its own, shows no trace and no secret, and writes nothing", async () => {
    const cases = fc.constantFrom(...PATHS).chain((path) => {
      const [first, ...more] = [{ text: valid.get(path) ?? "", shape: SHAPES[path] }];
      if (first === undefined || first.text === "") throw new Error(`${path} is not there`);
      const text = fc.oneof({ weight: 1, arbitrary: anything() }, { weight: 4, arbitrary: mangled([first, ...more]) });
      return fc.record({ path: fc.constant(path), text, command: fc.constantFrom(...COMMANDS) });
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ path, text, command }) => {
        restore(project.folder, valid);
        writeFileSync(join(project.folder, path), text);
        const before = filesBelow(project.project);
        const ran = await project.orb(command);
        expect(ran, `${path} ${ran.stderr}`).toMatchObject({ signal: null, code: expect.toBeOneOf([0, 1, 2, 4]) });
        for (const shown of [ran.stdout, ran.stderr]) checkText(shown);
        expect(ran.stdout + ran.stderr).not.toMatch(/ORB_BUG|TypeError|RangeError|InvariantError/);
        expect(filesBelow(project.project)).toEqual(before);
      }),
      fuzzRuns(60),
    );
  });
});

/** Everything below a folder but what a compiler keeps. */
function filesBelow(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = files.map((each) => join(each.parentPath, each.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "latin1")]));
}

function restore(folder: string, files: ReadonlyMap<string, string>): void {
  for (const path of filesBelow(folder).keys()) if (!files.has(path)) rmSync(join(folder, path));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, "latin1");
  }
}
