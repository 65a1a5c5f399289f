import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quietProject, type QuietProject } from "../support/quiet-project.ts";
import { startCounts, type StartCounts } from "../support/start-counts.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));

/** Profiles that are added up. */
const RUNS = 10;

/** What is loaded for `--version` and for a no-op plan, and in whose code the plan's time goes: as text for people. */
export async function startProfile(machines: number): Promise<string> {
  const project = await quietProject(machines);
  try {
    // The first asks orbctl's version and fills the compile cache.
    startCounts(project, "plan", "many");
    const parts = [
      loaded("--version", startCounts(project, "--version")),
      loaded(`no-op plan of ${machines}`, startCounts(project, "plan", "many")),
      shares(machines, timesOf(project)),
    ];
    return parts.join("\n\n");
  } finally {
    project.remove();
  }
}

function loaded(title: string, { files, builtins, processes, opened }: StartCounts): string {
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  const own = builtins.filter((name) => !name.startsWith("internal/"));
  return [
    `${title}: ${files.length} files with ${bytes} bytes, ${builtins.length} of Node's own modules, ${processes} processes, ${opened.length} files opened`,
    ...files.map((each) => `  ${String(each.bytes).padStart(7)}  ${each.name}`),
    `  Node's, without the internal ones: ${own.join(" ") || "none"}`,
  ].join("\n");
}

function shares(machines: number, times: ReadonlyMap<string, number>): string {
  const all = [...times.values()].reduce((sum, each) => sum + each, 0);
  const rows = [...times].toSorted(([, a], [, b]) => b - a).filter(([, each]) => each / all >= 0.01);
  return [
    `Time of the no-op plan of ${machines} by whose code runs (sampled; sampling itself slows it down)`,
    ...rows.map(([name, each]) => `  ${((100 * each) / all).toFixed(1).padStart(5)} %  ${name}`),
  ].join("\n");
}

/** Microseconds by whose code ran, of all runs together. */
function timesOf(project: QuietProject): ReadonlyMap<string, number> {
  const folder = mkdtempSync(join(tmpdir(), "orbform-profile-"));
  try {
    const argv = ["--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${folder}`, ORBFORM, "plan", "many"];
    for (let run = 0; run < RUNS; run += 1)
      spawnSync(process.execPath, argv, { cwd: project.folder, env: project.env });
    const times = new Map<string, number>();
    for (const file of readdirSync(folder)) addTimes(times, JSON.parse(readFileSync(join(folder, file), "utf8")));
    return times;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of V8's profile that are read here. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function addTimes(times: Map<string, number>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, whose(callFrame)]));
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "";
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
}

const V8: ReadonlyMap<string, string> = new Map([
  ["(garbage collector)", "garbage collection"],
  ["(program)", "Node and V8 themselves: starting, compiling, ending"],
  ["(idle)", "waiting"],
]);

function whose({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  if (url.startsWith("node:")) return "Node's own modules";
  if (url !== "") return url.replace(/.*\//, "").replace(/-[\w-]{8}\.js$/, "");
  return V8.get(functionName) ?? "built-in functions and system calls";
}
