/** The composition root of `orb adopt --generate`: no stack has to be there. */
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { authoredStack } from "../desired/authored-stack.ts";
import { authorMachines, type Authoring } from "../desired/author-machine.ts";
import { loadProject } from "../desired/load-stack.ts";
import { systemProcesses as processes } from "../driver/processes.ts";
import { surveyMachines, troublesOf, type Survey } from "../engine-generate.ts";
import type { AuthoredMachine, LeftOut } from "../model/authored-machine.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { claimsIn } from "../state/claims.ts";
import { digest, hashText } from "../state/digest.ts";
import { hostIdentity } from "../state/host.ts";
import { localBackend } from "../state/local.ts";
import { nodeDisk } from "../state/node-disk.ts";
import { statePaths } from "../state/paths.ts";
import { readPrior } from "../state/read-prior.ts";
import { systemClock } from "./context-clock.ts";
import { driverOf, openDriver, orbformHome, type DriverChoice } from "./context-driver.ts";
import type { OpenOptions } from "./context.ts";

/** What code is written of. */
export interface GenerateOptions extends Omit<OpenOptions, "vars" | "varFiles" | "stack"> {
  /** The stack's name; absent: the code is for no stack yet. */
  readonly name: string | undefined;
  /** The file that the code goes to; absent: none. */
  readonly file: string | undefined;
  /** Names of machines; none: all there are. */
  readonly machines: readonly string[];
}

/** Machines as code, and those that were left out. */
export interface Generated {
  readonly machines: readonly AuthoredMachine[];
  readonly left: readonly LeftOut[];
  /** Whether the file lies where the project's stacks do, so that its name is enough to name the stack. */
  readonly amongStacks: boolean;
}

/** Writes machines as code in memory, and makes sure that it plans empty. Errors: those of {@link surveyMachines}, `ORB_NO_ORBCTL`. */
export async function generate(options: GenerateOptions): Promise<Generated> {
  const { cwd, processEnv: env, watch, file } = options;
  const project = await loadProject({ cwd, ...(file !== undefined && { stack: file }) });
  const choice = driverOf(project, options);
  const disk = nodeDisk();
  const driver = await openDriver({ choice, disk, env, cwd, scratch: join(choice.home, "scratch"), watch });
  try {
    const { claims, prior } = await onRecord(options, choice, project.stateFolder);
    const survey = await surveyMachines({ driver, clock: systemClock, claims, prior }, options.machines);
    const machines = proven(survey, usualOf(choice, options.processEnv));
    const amongStacks = file !== undefined && dirname(resolve(cwd, file)) === project.stacksFolder;
    return { machines, left: survey.left, amongStacks };
  } finally {
    await driver.close();
  }
}

async function onRecord(options: GenerateOptions, choice: DriverChoice, stateFolder: string) {
  const disk = nodeDisk();
  const paths = statePaths(choice.stateFolder ?? stateFolder, options.name ?? "", options.env);
  const claims = claimsIn({ disk, folder: join(choice.home, "claims"), statePath: paths.snapshot });
  const host = () => hostIdentity(disk, orbformHome(options.processEnv));
  const backend = localBackend({ disk, path: paths.snapshot, clock: systemClock, hostIdentity: host, processes });
  const read = async (): Promise<Snapshot | undefined> =>
    (await readPrior({ backend, disk, paths, host, processes })).snapshot;
  return { claims, prior: options.name === undefined ? undefined : await read() };
}

/** What OrbStack gives by itself; the simulated Mac is always of one kind. */
function usualOf({ kind }: DriverChoice, env: OpenOptions["processEnv"]): Authoring["usual"] {
  if (kind === "simulator") return { arch: "arm64", user: env["USER"] ?? "user" };
  return { arch: process.arch === "x64" ? "amd64" : process.arch, user: userInfo().username };
}

/** Code whose plan is empty: where a first writing would not be, the machine gets the one that leaves everything alone. */
export function proven(survey: Survey, usual: Authoring["usual"]): readonly AuthoredMachine[] {
  const authoring = { machines: survey.machines, usual, default: survey.live.default ?? null };
  const first = authorMachines({ ...authoring, troubles: new Map() });
  const troubles = troublesWith(survey, first);
  return troubles.size === 0 ? first : authorMachines({ ...authoring, troubles });
}

function troublesWith(survey: Survey, machines: readonly AuthoredMachine[]): Authoring["troubles"] {
  const { value, diagnostics } = authoredStack("generated", machines);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const ids = new Map(survey.machines.map(({ name, id }) => [name, id]));
  const idAt = new Map(machines.map(({ key, name }) => [`machine.${key}`, ids.get(name) ?? ""]));
  const troubles = new Map<string, readonly string[]>();
  const planned = [...troublesOf(survey, value, { digest, hashText })];
  const found = [...errors.map(({ address = "", detail }) => [address, [detail]] as const), ...planned];
  for (const [address, why] of found) {
    const id = idAt.get(address);
    if (id !== undefined) troubles.set(id, [...(troubles.get(id) ?? []), ...why]);
  }
  return troubles;
}
