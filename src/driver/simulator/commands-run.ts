import { type Call, type Command, flagValue, hasFlag } from "./command.ts";
import { Failure, notFound, serviceFailure } from "./failure.ts";
import { type Flag, parseFlags, usageFailure } from "./flags.ts";
import { type GuestCall, type GuestResult, knownUser, runGuest } from "./guest.ts";
import { NO_MACHINES } from "./help-texts.ts";
import { type Host, perform } from "./host.ts";
import { doneAt, NEVER, type Outcome } from "./outcome.ts";
import { isStuck, start } from "./power.ts";
import type { Machine } from "./record.ts";
import { withService } from "./ready.ts";
import type { World } from "./world.ts";

const RUN_FLAGS: readonly Flag[] = [
  { long: "machine", short: "m", kind: "string", help: "Use a specific machine" },
  { long: "path", short: "p", kind: "bool", help: "Translate absolute macOS paths to Linux paths" },
  { long: "shell", short: "s", kind: "bool", help: "Use the login shell instead of running command directly" },
  { long: "user", short: "u", kind: "string", help: "Run as a specific user" },
  { long: "workdir", short: "w", kind: "string", help: "Set the working directory" },
];

/** `run` and its aliases (contract 4). */
export const RUN_COMMANDS: readonly Command[] = [
  {
    names: ["run", "exec", "shell"],
    use: "[flags] -- [COMMAND] [ARGS]...",
    short: "Run command on Linux",
    flags: RUN_FLAGS,
    args: [0, Infinity],
    flagsFirst: true,
    run,
  },
];

/** What `orb` does with a word that is no subcommand. */
export async function runDefault(words: readonly string[], host: Host): Promise<number> {
  const parsed = parseFlags(words, RUN_FLAGS, false);
  return run({ host, args: parsed.args, parsed });
}

async function run(call: Call): Promise<number> {
  const { host } = call;
  if (call.parsed.dashed && host.session.read(({ faults }) => faults.on("dashes-refused"))) {
    throw usageFailure("unknown flag: --");
  }
  await withService(host);
  const id = host.session.read((world) => meant(world, flagValue(call, "machine")));
  if (id === undefined) {
    host.stderr(NO_MACHINES);
    return 1;
  }
  const outlives = host.session.read((world) => world.faults.on("guest-outlives-client", world.need(id).name));
  if (outlives && host.outlive) return await host.outlive();
  const running = host.session.read((world) => world.stateOf(world.need(id)) === "running");
  if (!running) await perform(host, (world) => bringUp(world, world.need(id)));
  const guest = guestCall(call, id);
  const result = await Promise.race([runGuest(host, guest), cutOff(host, guest)]);
  print(host, result);
  return result.exitCode;
}

/** What a client ends with whose machine is deleted, stopped or restarted under it (contract 3.8: it exits). */
const CUT_OFF: GuestResult = { stdout: "", stderr: "", exitCode: 137 };

async function cutOff(host: Host, { machine: { id, boot } }: GuestCall): Promise<GuestResult> {
  await (host.until?.(() => host.session.read((world) => !runsStill(world, id, boot))) ?? new Promise(() => undefined));
  return CUT_OFF;
}

function runsStill(world: World, id: string, boot: number): boolean {
  const machine = world.byId(id);
  return machine?.boot === boot && ["provisioning", "running"].includes(world.stateOf(machine));
}

/** The machine that `-m` names, else the default, else the oldest. */
export function meant(world: World, selector: string | undefined): string | undefined {
  if (selector !== undefined) {
    const machine = world.find(selector);
    if (!machine) throw notFound(selector);
    return machine.id;
  }
  const chosen = world.data.defaultId;
  if (chosen !== null && world.byId(chosen)) return chosen;
  return world
    .machines()
    .map(({ id }) => id)
    .toSorted()[0];
}

function bringUp(world: World, machine: Machine): Outcome {
  if (isStuck(machine)) return NEVER;
  const state = world.stateOf(machine);
  if (state === "creating" || state === "deleting") {
    throw serviceFailure(`${world.release.transitionWords} from ${state} to starting`);
  }
  return state === "provisioning" ? doneAt(world.now) : start(world, machine);
}

function guestCall(call: Call, id: string): GuestCall {
  const { host } = call;
  const { machine, now } = host.session.read((world) => ({ machine: { ...world.need(id) }, now: world.now }));
  const user = flagValue(call, "user") ?? machine.settings.username;
  if (!knownUser(host, machine, user)) throw new Failure(`run command: user: unknown user ${user}`);
  return {
    machine,
    user,
    now,
    workdir: flagValue(call, "workdir"),
    argv: commandOf(call),
    shell: hasFlag(call, "shell"),
    env: copiedEnv(host),
  };
}

function commandOf(call: Call): readonly string[] {
  if (!hasFlag(call, "path")) return call.args;
  return call.args.map((word, at) => (at > 0 && word.startsWith("/") ? `/mnt/mac${word}` : word));
}

/** Variables that ORBENV names (contract 4.2): nothing else of the caller's environment gets through. */
function copiedEnv({ env }: Host): { readonly [name: string]: string } {
  const names = (env["ORBENV"] ?? "").split(":").filter((name) => name !== "" && env[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, env[name] ?? ""]));
}

function print(host: Host, result: GuestResult): void {
  if (result.stdout.length > 0) host.stdout(result.stdout);
  if (result.stderr.length > 0) host.stderr(result.stderr);
}
