/** A chain's project and simulated world, both used through their programs only. */
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TestProject } from "../support/project.ts";

/** The stack's name. */
export const STACK = "fleet";

/** A machine, as the world itself tells it. */
export interface WorldMachine {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly image: { readonly distro: string; readonly version: string };
  readonly settings: { readonly cpu: number; readonly memory_mib: number };
  /** What its last start gave it. */
  readonly applied: { readonly cpu: number; readonly memory_mib: number };
}

/** What the world says of itself. */
export interface WorldData {
  readonly machines: readonly WorldMachine[];
  readonly config: { readonly [key: string]: string };
  readonly defaultId: string | null;
}

/** A line of the world's own log. */
export interface WorldEvent {
  readonly what: string;
  readonly id?: string;
  readonly name?: string;
}

/** Machines that are nobody's: one of them has a name as Orbform gives them on the way. */
const STRANGERS = ["golden", "web-orbform-del-0000", "somebody"];

const WRAPPER = (log: string, program: string): string =>
  `unset NODE_OPTIONS\nprintf '%s\\n' "$$" >> "${log}"\nexec "${process.execPath}" "${program}" "$@"`;

/** A project whose `orbctl` notes the id of every process. */
export function soakProject(programs: string): TestProject {
  const project = new TestProject(programs);
  project.script("orbctl", WRAPPER(project.callLog, join(programs, "bin/orbctl-sim.js")));
  return project;
}

/** Makes the machines that are not ours. */
export async function makeStrangers(project: TestProject): Promise<void> {
  for (const name of STRANGERS) await project.outside("create", "alpine:3.21", name);
  await project.outside("config", "set", "machine.golden.cpu", "3");
  await project.outside("stop", "somebody");
}

/** The machines that are not ours, by their names. */
export function strangersOf({ machines }: WorldData): readonly WorldMachine[] {
  return machines.filter((each) => STRANGERS.includes(each.name));
}

export async function worldData(project: TestProject): Promise<WorldData> {
  return JSON.parse((await project.outside("sim", "data")).stdout);
}

export async function worldLog(project: TestProject): Promise<readonly WorldEvent[]> {
  const lines = (await project.outside("sim", "log")).stdout.split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** Files of the state that only a run under way has. */
export function leftovers(project: TestProject): readonly string[] {
  const folder = join(project.project, "state");
  const passing = /\.journal$|\.lock\.|\.tmp|~$/;
  const scratch = join(folder, `${STACK}.scratch`);
  return [
    ...readdirSync(folder).filter((name) => passing.test(name)),
    ...(existsSync(scratch) ? readdirSync(scratch).map((name) => join("scratch", name)) : []),
  ];
}

/** Keys that this host's claims are about. */
export function claimed(project: TestProject): readonly string[] {
  const folder = join(project.home, ".orbform/claims");
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

/** Kills every `orbctl` of this project that still runs, as a power cut would; gives how many. */
export function killClients(project: TestProject): number {
  if (!existsSync(project.callLog)) return 0;
  const pids = readFileSync(project.callLog, "utf8").split("\n").filter(Boolean).map(Number);
  return pids.filter((pid) => isOf(project, pid) && killed(pid)).length;
}

/** Forgets the processes noted so far. */
export function forgetClients(project: TestProject): void {
  rmSync(project.callLog, { force: true });
}

/** Whether a process is one that was started for this project: its environment names the project's world. */
function isOf(project: TestProject, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`ORBCTL_SIM_WORLD=${project.world}\0`);
  } catch {
    return false;
  }
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
