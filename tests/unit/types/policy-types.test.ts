import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, errorsOf } from "../../support/compile-types.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What authors may write; each must compile. */
const RIGHT: readonly string[] = [
  'export const a = definePolicy({ name: "a", machine: ({ memoryMiB }, { deny }) => { if (memoryMiB === undefined || memoryMiB > 8192) deny("Large."); } });',
  'export const a = definePolicy({ name: "a", change: ({ action, before }, { warn }) => (action === "delete" && before?.preventDestroy ? warn("Sure?") : undefined) });',
  'export const a = definePolicy({ name: "a", plan: (plan, { deny }) => { for (const each of plan.machines) deny("No.", each); } });',
  'export const a = definePolicy({ name: "a", machine(machine, answer) { if (machine.labels["x"] === undefined) return answer.deny("Label it."); } });',
  'const check = (each: PolicyMachine, answer: PolicyAnswer): void => { answer.deny(each.name); }; export const a = definePolicy({ name: "a", machine: check });',
  'export default defineConfig({ policies: [noDeletesOf({ label: "keep" }), atMostMachines(3, { severity: "warn" })] });',
  'export default defineStack({ resources: { a: machine({ image: "debian" }) }, policies: [limitsRequired(["cpus"])] });',
];

/** What is refused, and what the compiler says. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  ["definePolicy({ machine: () => {} });", /'name' is missing/],
  ['definePolicy({ name: "a", machines: () => {} });', /'machine'\?|'machines' does not exist/],
  ['definePolicy({ name: "a", severity: "error" });', /"error"' is not assignable/],
  ['definePolicy({ name: "a", machine: async () => {} });', /Promise<void>' is not assignable/],
  ['definePolicy({ name: "a", machine: () => "bad" });', /'string' is not assignable/],
  [
    'definePolicy({ name: "a", machine: ({ memoryMiB }, { deny }) => { if (memoryMiB > 1) deny("x"); } });',
    /possibly 'undefined'/,
  ],
  ['definePolicy({ name: "a", machine: (each) => { each.labels["x"] = "y"; } });', /only permits reading/],
  [
    'definePolicy({ name: "a", change: ({ action }, { deny }) => { if (action === "destroy") deny("x"); } });',
    /no overlap/,
  ],
  ['definePolicy({ name: "a", plan: (_, { deny }) => { deny("x", "machine.web"); } });', /not assignable to parameter/],
  ["defineConfig({ policies: [() => true] });", /not assignable to type/],
  ['limitsRequired(["ram"]);', /"ram"' is not assignable/],
  ["noDeletesOf({});", /'label' is missing/],
];

const IMPORTS = `import { defineConfig, definePolicy, defineStack, machine } from "orbform";
import type { PolicyAnswer, PolicyMachine } from "orbform";
import { atMostMachines, limitsRequired, noDeletesOf } from "orbform/policies";`;
const OPTIONS = {
  target: "es2023",
  lib: ["es2023"],
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    orbform: [join(ROOT, "src/index.ts")],
    "orbform/policies": [join(ROOT, "src/policies.ts")],
    "orbform/testing": [join(ROOT, "src/testing.ts")],
  },
};

const guide = readFileSync(join(ROOT, "docs/guides/policies.md"), "utf8");
const examples = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, text = ""]) => text);

/** An example as it can be compiled alone: with its imports, and with what others of the guide define. */
function whole(example: string): string {
  const own = example.includes('from "orbform"') ? "" : IMPORTS;
  return `${own}\n${example.replace('"../policies.ts"', '"./guide-policies.ts"')}`;
}

describe("the types of a policy", () => {
  let folder = "";
  let output = "";

  // One run of the compiler over all of them.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "orbform-types-"));
    const files = [
      ...RIGHT.map((code, n) => [`right-${n}`, `${IMPORTS}\n${code}`]),
      ...WRONG.map(([code], n) => [`wrong-${n}`, `${IMPORTS}\n${code}`]),
      ...examples.map((code, n) => [`guide-${n}`, whole(code)]),
      ["guide-policies", 'import type { Policy } from "orbform"; export declare const smallMachines: Policy;'],
      [
        "acme.d",
        'declare module "@acme/orbform-policies" { const all: import("orbform").Policy[]; export default all; }',
      ],
    ];
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, include: ["*.ts"] }));
    for (const [name, code] of files) await writeFile(join(folder, `${name}.ts`), `${code}\n`);
    output = await compile(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(RIGHT.map((code, n) => [code, n] as const))("accept %s", (_, n) => {
    expect(errorsOf(output, `right-${n}.ts`)).toBe("");
  });

  it.each(WRONG.map(([code, text], n) => [code, n, text] as const))("refuse %s", (_, n, text) => {
    expect(errorsOf(output, `wrong-${n}.ts`)).toMatch(text);
  });

  it("accept every example of the guide", () => {
    expect(examples.length).toBe(4);
    expect(
      examples
        .map((_, n) => errorsOf(output, `guide-${n}.ts`))
        .join("\n")
        .trim(),
    ).toBe("");
  });
});
