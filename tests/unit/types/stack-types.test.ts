import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, errorsOf } from "../../support/compile-types.ts";

/** What authors may write; each must compile. */
const RIGHT: readonly string[] = [
  'export const a = machine({ image: "debian:bookworm", memory: "4G", disk: 65536, cpus: null });',
  'export const a = machine({ clone: existing("golden"), isolated: { network: false, mounts: ["/a:/b"] } });',
  'export const a = machine({ restore: "a.tar.zst", memory: undefined });',
  'const w = machine({ image: "debian" }); export const a = setting({ key: "cpu", value: interpolate`${w.diskBytes}` });',
  'const w = machine({ image: "debian" }); export const a = machine({ clone: w, user: w.name, cpus: w.diskBytes });',
  'const w = machine({ image: "debian" }); export default defineStack({ resources: { w }, outputs: (r) => ({ at: r.w.ip4 }) });',
  'const w = machine({ image: "debian" }); const s = defineStack({ resources: { w } }); export default extend(s, (d, e) => { d.resources.w.cpus = 4; e.remove("w"); e.add("x", w); });',
  'const c = component({ resources: { w: machine({ image: "void" }) }, outputs: { n: 1 } }); export const s = defineStack({ resources: async () => ({ c }) , outputs: (r) => ({ n: r.c.outputs.n, at: r.c.resources.w.ip6 }) });',
  'export default defineConfig({ driver: "simulator", limits: { create: 2, export: 1 } });',
  'const w = machine({ image: "debian" }); const b = archive({ of: w, dir: "b", keep: { daily: 7 }, triggers: [w.id] }); export default extend(defineStack({ resources: { w, b }, outputs: { p: b.path, n: b.sizeBytes } }), (d) => { d.resources.b.keep = 3; });',
];

/** What is refused, and what the compiler says. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  ['const w = machine({ image: "debian" }); export const a = archive({ of: w });', /'dir' is missing/],
  [
    'const w = machine({ image: "debian" }); export const a = archive({ of: w, dir: "b", keep: { yearly: 1 } });',
    /'yearly' does not exist/,
  ],
  ['export const a = archive({ of: existing("b"), dir: "b" });', /'Existing' is missing .* from type 'Machine'/],
  ['export const a = machine({ image: "debian", cpu: 2 });', /Did you mean to write 'cpus'\?/],
  ['export const a = machine({ image: "debian", clone: existing("b") });', /not assignable to type/],
  ['export const a = machine({ name: "x" });', /is missing|not assignable/],
  ['export const a = machine({ image: "debain:bookworm" });', /"debain:bookworm"' is not assignable/],
  ['export const a = machine({ image: "debian", memory: "4GB" });', /"4GB"' is not assignable/],
  ['export const a = machine({ clone: existing("b"), arch: "arm64" });', /not assignable to type 'undefined'/],
  ['export const a = machine({ image: "debian", power: "off" });', /"off"' is not assignable/],
  [
    'const w = machine({ image: "debian" }); export const a = machine({ image: "debian", name: w.name });',
    /not assignable to type/,
  ],
  [
    'const w = machine({ image: "debian" }); export const a = machine({ image: "debian", cpus: w.ip4 });',
    /not assignable to type/,
  ],
  ['const w = machine({ image: "debian" }); export const a: string = w.ip4;', /not assignable to type 'string'/],
  ['export const a = machine({ image: "debian", lifecycle: { preventDestory: true } });', /'preventDestroy'\?/],
  [
    'export const a = machine({ image: "debian", lifecycle: { ignoreChanges: ["memry"] } });',
    /"memry"' is not assignable/,
  ],
  ['export const a = machine({ image: "debian", ready: { tcp: 1, command: "x" } });', /not assignable to type/],
  [
    'export const a = machine({ image: "debian", lifecycle: { timeouts: { create: 5 } } });',
    /'number' is not assignable/,
  ],
  ["export default defineStack({ resources: { a: 3 } });", /not assignable to type/],
  [
    'const w = machine({ image: "debian" }); export default extend(defineStack({ resources: { w } }), (d) => { d.resources.x.cpus = 1; });',
    /'x' does not exist/,
  ],
  [
    'const w = machine({ image: "debian" }); export default extend(defineStack({ resources: { w } }), (d) => { d.resources.w.cpu = 1; });',
    /Did you mean 'cpus'\?/,
  ],
  ['const w = machine({ image: "debian" }); w.name = w.ip4;', /read-only/],
  ['export default defineConfig({ drivr: "simulator" });', /'driver'/],
];

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IMPORTS =
  'import { archive, component, defineConfig, defineStack, existing, extend, interpolate, machine, setting } from "orbform";';
const OPTIONS = {
  target: "es2023",
  lib: ["es2023"],
  types: [],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
  paths: { orbform: [join(ROOT, "src/index.ts")] },
};

describe("the types of a stack file", () => {
  let folder = "";
  let output = "";

  // One run of the compiler over all of them.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "orbform-types-"));
    const files = [...RIGHT.map((code, n) => [`right-${n}`, code]), ...WRONG.map(([code], n) => [`wrong-${n}`, code])];
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, include: ["*.ts"] }));
    for (const [name, code] of files) await writeFile(join(folder, `${name}.ts`), `${IMPORTS}\n${code}\n`);
    output = await compile(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(RIGHT.map((code, n) => [code, n] as const))("accept %s", (_, n) => {
    expect(errorsOf(output, `right-${n}.ts`)).toBe("");
  });

  it.each(WRONG.map(([code, text], n) => [code, n, text] as const))("refuse %s", (_, n, text) => {
    expect(errorsOf(output, `wrong-${n}.ts`)).toMatch(text);
  });
});
