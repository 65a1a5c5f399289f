import { type Call, checkCount, type Command } from "./command.ts";
import { CONFIG_COMMAND } from "./commands-config.ts";
import { CREATE_COMMANDS } from "./commands-create.ts";
import { LIST_COMMANDS } from "./commands-list.ts";
import { MACHINE_COMMANDS } from "./commands-machines.ts";
import { RUN_COMMANDS, runDefault } from "./commands-run.ts";
import { SERVICE_COMMANDS } from "./commands-service.ts";
import { SIM_COMMAND } from "./commands-sim.ts";
import { FILE_COMMANDS } from "./commands-files.ts";
import { Failure, serviceUnreachable } from "./failure.ts";
import { parseFlags, usageFailure } from "./flags.ts";
import { commandHelp, rootHelp } from "./help.ts";
import { UPDATE_BANNER } from "./help-texts.ts";
import type { Host } from "./host.ts";

/** Every subcommand. */
const COMMANDS: readonly Command[] = [
  ...LIST_COMMANDS,
  ...CREATE_COMMANDS,
  ...MACHINE_COMMANDS,
  ...RUN_COMMANDS,
  ...FILE_COMMANDS,
  CONFIG_COMMAND,
  ...SERVICE_COMMANDS,
];

/** Carries out one command line of `orbctl` (without the program's name); gives the exit code. Never rejects. */
export async function runCommandLine(words: readonly string[], host: Host): Promise<number> {
  const home = host.env["HOME"];
  if (home === undefined || home === "") return panic(host);
  if (words[0] === "sim") return guarded(host, () => dispatch(SIM_COMMAND, words.slice(1), host));
  const banner = host.session.read((world) => world.faults.on("banner"));
  if (banner) printBanner(host, banner.value);
  const code = await guarded(host, () => route(words, { ...host, inside: runCommandLine }));
  if (banner) printBanner(host, banner.value);
  return code;
}

/** Without HOME, Go's panic (contract 2). */
function panic(host: Host): number {
  host.stderr("panic: $HOME is not defined\n\ngoroutine 1 [running]:\nmain.main()\n");
  return 2;
}

function printBanner(host: Host, stream: string | null): void {
  if (stream !== "stdout") host.stderr(UPDATE_BANNER);
  if (stream === "stdout" || stream === "both") host.stdout(UPDATE_BANNER);
}

async function guarded(host: Host, action: () => Promise<number> | number): Promise<number> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    host.stderr(`${error.message}\n`);
    return error.exitCode;
  }
}

function route(words: readonly string[], host: Host): Promise<number> | number {
  const [first] = words;
  if (host.program === "orbctl" && first === undefined) return help(host);
  if (first === "--help" || first === "-h" || first === "help") return helpFor(words.slice(1), host);
  if (host.program === "orbctl" && (first === "--version" || first === "-V")) return route(["version"], host);
  const command = COMMANDS.find(({ names }) => first !== undefined && names.includes(first));
  if (command) return dispatch(command, words.slice(1), host);
  if (host.program === "orb") return runDefault(words, host);
  if (first?.startsWith("-")) parseFlags(words, [], true);
  throw usageFailure(`unknown command "${first ?? ""}" for "orbctl"`);
}

function help(host: Host): number {
  host.stdout(rootHelp(host.program, COMMANDS));
  return 0;
}

function helpFor(words: readonly string[], host: Host): number {
  const command = COMMANDS.find(({ names }) => names.includes(words[0] ?? ""));
  if (!command) return help(host);
  host.stdout(commandHelp(ofRelease(command, host), "orb"));
  return 0;
}

async function dispatch(command: Command, words: readonly string[], host: Host): Promise<number> {
  const sub = command.subcommands?.find(({ names }) => names.includes(words[0] ?? ""));
  if (sub) return dispatch({ ...sub, names: [`${command.names[0]} ${sub.names[0]}`] }, words.slice(1), host);
  const known = ofRelease(command, host);
  const parsed = parseFlags(words, known.flags, command.flagsFirst !== true);
  if (parsed.bools.has("help") || command.subcommands) return helpOrUnknown(known, parsed.args, host);
  checkCount(command, parsed.args.length);
  const call: Call = { host, args: parsed.args, parsed };
  if (!isReachable(command, host)) return unreachable(command, host);
  if (host.session.read((world) => world.faults.on("any-fail")) && canFail(command)) failAny(host);
  return command.run(call);
}

/** The command with the flags that this OrbStack knows. */
function ofRelease(command: Command, host: Host): Command {
  const release = host.session.read((world) => world.release);
  return { ...command, flags: command.flags.filter(({ since }) => since === undefined || release[since]) };
}

function helpOrUnknown(command: Command, args: readonly string[], host: Host): number {
  const [word] = args;
  if (command.subcommands && word !== undefined) {
    throw usageFailure(`unknown command "${word}" for "orbctl ${command.names[0]}"`);
  }
  host.stdout(commandHelp(command, "orb"));
  return 0;
}

/** A socket path over 104 bytes can't be connected to: OrbStack then reads as stopped (contract 2). */
function isReachable(command: Command, host: Host): boolean {
  const path = `${host.env["HOME"] ?? ""}/.orbstack/run/sconrpc.sock`;
  return ["version", "completion", "ssh"].includes(command.names[0]) || new TextEncoder().encode(path).length <= 104;
}

function unreachable(command: Command, host: Host): number {
  if (command.names[0] !== "status") throw serviceUnreachable();
  host.stdout("Stopped\n");
  return 1;
}

/** Words of test authors, with which they switch it off again, never fail by it. */
function canFail({ names: [name] }: Command): boolean {
  return name !== "status" && !name.startsWith("sim ");
}

function failAny(host: Host): void {
  const strikes = host.session.transact((world) => world.faults.strikes("any-fail"));
  if (strikes) throw new Failure("rpc: dial unix sconrpc.sock: connect: connection refused");
}
