import { Config } from "@oclif/core/config";
import { COMMANDS, findCommand, type FoundCommand } from "../commands/table.ts";
import { OrbformError } from "../model/errors.ts";
import { nearestWord } from "../model/nearest-word.ts";
import { commandHelp, overviewHelp } from "../report/help-text.ts";
import { partCommand } from "./argv.ts";
import type { BaseCommand } from "./base-command.ts";
import { consoleOf, type Console } from "./console.ts";
import { failureOf } from "./exit.ts";
import { finish, quietPipes, reserveStdout } from "./finish.ts";
import type { Log } from "./log.ts";
import { lateStrays } from "./strays.ts";
import { TextTeller } from "./teller-text.ts";
import type { Teller } from "./teller.ts";
import { VERSION } from "./version.ts";

/**
 * How the program was called: `orb` – a word of ours came first; `orb-alone` – OrbStack's words, but there is no
 * OrbStack; `orbform` – under its own name.
 */
export type CalledAs = "orb" | "orb-alone" | "orbform";

/** Carries out one command line and ends the process with its exit code. */
export async function main(given: readonly string[], calledAs: CalledAs): Promise<void> {
  quietPipes(process);
  const args = parted(given);
  const console = consoleOf(process, args);
  reserveStdout();
  await finish(await exitOf(args, calledAs, console));
}

/** `orb on web ls --json`: before anybody looks for flags, what is not ours is put behind `--`. */
function parted(args: readonly string[]): readonly string[] {
  const found = findCommand(args);
  if (found?.command.passesOn !== true) return args;
  return [found.id, ...partCommand(found.rest, found.command.flags ?? {})];
}

async function exitOf(args: readonly string[], calledAs: CalledAs, console: Console): Promise<number> {
  const bin = calledAs === "orbform" ? "orbform" : "orb";
  if (calledAs === "orb-alone") return alone(args, console);
  const found = findCommand(args);
  if (found !== undefined) return wantsHelp(found.rest) ? help(found, bin, console) : carryOut(found, console);
  return withoutCommand(args, bin, console);
}

/** OrbStack was meant, and isn't there: our help, and an error unless help was all that was asked for. */
function alone(args: readonly string[], console: Console): number {
  const askedForHelp = args.length === 0 || ["help", "--help", "-h"].includes(args[0] ?? "");
  if (!askedForHelp)
    console.err("OrbStack's own orb was not found on the PATH, and this is no command of Orbform.\n\n");
  const text = overviewHelp(COMMANDS, "orb");
  if (askedForHelp) console.out(text);
  else console.err(text);
  return askedForHelp ? 0 : 1;
}

function withoutCommand(args: readonly string[], bin: string, console: Console): number {
  const [first, ...rest] = args[0] === "help" ? args.slice(1) : args;
  if (first === undefined || wantsHelp([first])) return overview(console, bin);
  if (first === "--version" || first === "-v" || first === "version") {
    console.out(`orbform ${VERSION}\n`);
    return 0;
  }
  const found = args[0] === "help" ? findCommand([first, ...rest]) : undefined;
  if (found !== undefined) return help(found, bin, console);
  if (isGroup(first)) return group(first, args, { bin, console });
  return told(unknownWord(first, bin), console);
}

function overview(console: Console, bin: string): number {
  console.out(overviewHelp(COMMANDS, bin));
  return 0;
}

function isGroup(word: string): boolean {
  return [...COMMANDS.keys()].some((id) => id.startsWith(`${word} `));
}

/** `orb state` alone is a mistake; `orb state --help` is a question. */
function group(word: string, args: readonly string[], { bin, console }: { bin: string; console: Console }): number {
  if (wantsHelp(args) || args[0] === "help") {
    console.out(overviewHelp(COMMANDS, bin, word));
    return 0;
  }
  const second = args[1];
  if (second?.startsWith("-") === false) return told(unknownWord(`${word} ${second}`, bin), console);
  console.err(overviewHelp(COMMANDS, bin, word));
  return 1;
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some((word) => ["--help", "-help", "-h"].includes(word));
}

function help({ id, command }: FoundCommand, bin: string, console: Console): number {
  console.out(commandHelp(id, command, bin));
  return 0;
}

async function carryOut({ id, command, rest }: FoundCommand, given: Console): Promise<number> {
  const config = new Config({ root: "" });
  config.version = VERSION;
  const log = await openedLog(id, given);
  const console = log?.onStderr === true ? { ...given, live: false } : given;
  const instance: BaseCommand = new command([...rest], config, console);
  instance.watch = log?.watch;
  if (instance.json) instance.tell = await jsonTeller(console);
  const code = await codeOf(instance, {
    typed: { id, command, rest },
    console,
    log,
    failsWith: command.failsWith ?? 1,
  });
  instance.tell.last();
  log?.ended(code);
  return code;
}

/** Loaded by those who are told in JSON only. */
async function jsonTeller(console: Console): Promise<Teller> {
  const { JsonTeller } = await import("./teller-json.ts");
  return new JsonTeller(console, VERSION);
}

/** Loaded by those who log only. */
async function openedLog(id: string, console: Console): Promise<Log | undefined> {
  const level = (console.env["ORBFORM_LOG"] ?? "").trim().toLowerCase();
  if (level === "" || level === "off") return undefined;
  const { openLog } = await import("./log.ts");
  return openLog(id, console);
}

interface Told {
  readonly typed: FoundCommand;
  readonly console: Console;
  readonly log: Log | undefined;
  readonly failsWith: number;
}

async function codeOf(instance: BaseCommand, { typed, console, log, failsWith }: Told): Promise<number> {
  try {
    return withLate(await instance.run(), console);
  } catch (error) {
    const { diagnostics, exit } = failureOf(error);
    const { withStack } = await import("./with-stack.ts");
    const named = diagnostics.map((each) => withStack(each, typed));
    instance.tell.failed(named, typed.id);
    log?.failed(diagnostics);
    if (exit === 70 && console.env["ORBFORM_DEBUG"] !== undefined && error instanceof Error)
      console.err(`${error.stack}\n`);
    return exit === 1 ? failsWith : exit;
  }
}

/** What a stack left behind failed while the command went on: the command was right, its stack is not. */
function withLate(code: number, console: Console): number {
  const strays = lateStrays();
  for (const each of strays) told(each, console);
  return strays.length > 0 && (code === 0 || code === 2) ? 1 : code;
}

function told(error: OrbformError, console: Console): number {
  const { diagnostics, exit } = failureOf(error);
  new TextTeller(console).failed(diagnostics);
  return exit;
}

function unknownWord(word: string, bin: string): OrbformError {
  const near = nearestWord(word, [...COMMANDS.keys()]);
  return new OrbformError("ORB_USAGE", {
    summary: "There is no such command",
    detail: `${JSON.stringify(word)} is no command of Orbform.${near === undefined ? "" : ` Did you mean ${near}?`}`,
    hint: `Run \`${bin} --help\` to see the commands.`,
  });
}
