import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { quietProject } from "../support/quiet-project.ts";
import { runMeasured, type Cost } from "./run-measured.ts";
import type { Comparison } from "./table.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));
const LIBRARY = new URL("../../dist/lib/index.js", import.meta.url).href;
const CHILD = fileURLToPath(new URL("./apply-child.ts", import.meta.url));

/** How many actions at once, for both: Terraform's default. */
const AT_ONCE = 10;

/** Plans are run this often, after one that fills the compile cache; the median counts. */
const PLANS = 5;

/** How the resources hang together. */
type Graph = "independent" | "chained";

/** What `terraform version` says; `undefined` where there is none on the PATH. */
export function terraformVersion(): string | undefined {
  try {
    const argv = ["version", "-json"];
    const text = execFileSync("terraform", argv, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return String(JSON.parse(text).terraform_version);
  } catch {
    return undefined;
  }
}

/** A no-op plan and an apply of `count` resources beside Terraform's of as many `terraform_data`. */
export async function besideTerraform(count: number): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const graph of ["independent", "chained"] as const) {
    const [ours, theirs] = [await orbformCosts(count, graph), await terraformCosts(count, graph)];
    comparisons.push(
      ...compared(`no-op plan of ${count} ${graph}`, ours.plan, theirs.plan),
      ...compared(`apply of ${count} ${graph}`, ours.apply, theirs.apply),
    );
  }
  return comparisons;
}

interface Costs {
  readonly plan: Cost;
  readonly apply: Cost;
}

/** Plan: the built command line, an `orbctl` of prepared answers. Apply: the engine and a world in memory, in a process. */
async function orbformCosts(count: number, graph: Graph): Promise<Costs> {
  const project = await quietProject(count, stackOf(count, graph));
  const work = folderWith("orbform", "stacks/many.ts", stackOf(count, graph));
  try {
    const env = { ...project.env };
    const program = await bundled(work);
    const apply = await runMeasured([process.execPath, program, work, LIBRARY, String(AT_ONCE)], { cwd: work, env });
    const argv = [process.execPath, ORBFORM, "plan", "many"];
    return { apply, plan: await median(argv, { cwd: project.folder, env }) };
  } finally {
    project.remove();
    rmSync(work, { recursive: true, force: true });
  }
}

async function terraformCosts(count: number, graph: Graph): Promise<Costs> {
  const work = folderWith("terraform", "main.tf", configurationOf(count, graph));
  // No account, no check for news: nothing but the work.
  const env = { PATH: process.env["PATH"] ?? "", HOME: work, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  try {
    execFileSync("terraform", ["init"], { cwd: work, env, stdio: "ignore" });
    const parallel = `-parallelism=${AT_ONCE}`;
    const apply = await runMeasured(["terraform", "apply", "-auto-approve", parallel], { cwd: work, env });
    return { apply, plan: await median(["terraform", "plan", parallel], { cwd: work, env }) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function median(argv: readonly string[], options: Parameters<typeof runMeasured>[1]): Promise<Cost> {
  await runMeasured(argv, options);
  const runs: Cost[] = [];
  while (runs.length < PLANS) runs.push(await runMeasured(argv, options));
  const [middle] = runs.toSorted((a, b) => a.cpuMs - b.cpuMs).slice(Math.floor(PLANS / 2));
  return middle ?? { ms: Number.NaN, cpuMs: Number.NaN };
}

function stackOf(count: number, graph: Graph): string {
  const after = graph === "chained" ? "lifecycle: { dependsOn: before === undefined ? [] : [before] }" : "";
  return `
import { defineStack, machine } from "orbform";
const resources: Record<string, ReturnType<typeof machine>> = {};
let before: ReturnType<typeof machine> | undefined;
for (let n = 0; n < ${count}; n += 1) {
  before = machine({ image: "alpine", ${after} });
  resources["m" + n] = before;
}
export default defineStack({ resources });
`;
}

function configurationOf(count: number, graph: Graph): string {
  const input = (n: number) => (graph === "chained" && n > 0 ? `terraform_data.m${n - 1}.output` : '"alpine"');
  const blocks = Array.from(
    { length: count },
    (_, n) => `resource "terraform_data" "m${n}" {\n  input = ${input(n)}\n}\n`,
  );
  return blocks.join("\n");
}

/** As plain JavaScript, as it is published; what only simulated commands need stays in files of its own. */
async function bundled(folder: string): Promise<string> {
  const build = await rolldown({
    input: { apply: CHILD },
    platform: "node",
    external: ["node-liblzma", "@mongodb-js/zstd", /\.node$/],
    logLevel: "silent",
  });
  await build.write({ dir: join(folder, "built"), format: "esm", entryFileNames: "[name].mjs" });
  await build.close();
  return join(folder, "built", "apply.mjs");
}

function folderWith(name: string, file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), `orbform-beside-${name}-`));
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, file), text);
  return folder;
}

const MEASURES: readonly { readonly what: string; readonly unit: string; of: (cost: Cost) => number | undefined }[] = [
  { what: "time", unit: "ms", of: ({ ms }) => ms },
  { what: "processor time", unit: "ms", of: ({ cpuMs }) => cpuMs },
  { what: "peak memory", unit: "MiB", of: ({ peakMiB }) => peakMiB },
  { what: "bytes written", unit: "kB", of: ({ writtenBytes }) => writtenBytes && writtenBytes / 1000 },
];

function compared(of: string, orbform: Cost, terraform: Cost): readonly Comparison[] {
  return MEASURES.map(({ what, unit, of: read }) => ({ of, what, unit, ours: read(orbform), theirs: read(terraform) }));
}
