import { usageFailure } from "./flags.ts";
import type { Flag, Parsed } from "./flags.ts";
import type { Host } from "./host.ts";

/** One call of a command. */
export interface Call {
  readonly host: Host;
  readonly args: readonly string[];
  readonly parsed: Parsed;
}

/** A subcommand of `orbctl`. */
export interface Command {
  /** The name that help shows, and its aliases. */
  readonly names: readonly [string, ...string[]];
  /** What follows the name in the usage line. */
  readonly use: string;
  readonly short: string;
  readonly long?: string;
  readonly examples?: readonly string[];
  readonly flags: readonly Flag[];
  /** How many arguments it takes. */
  readonly args: readonly [min: number, max: number];
  /** Flags end at the first argument. Only `run`. */
  readonly flagsFirst?: true;
  /** Not in the help of the command above it. */
  readonly hidden?: true;
  readonly subcommands?: readonly Command[];
  /** Carries it out; gives the exit code. Throws a Failure. */
  readonly run: (call: Call) => Promise<number> | number;
}

/** The value of a flag, the last one where it is given several times. */
export function flagValue(call: Call, long: string): string | undefined {
  return call.parsed.values.get(long)?.at(-1);
}

/** Whether a flag without a value was given, by its long name. */
export function hasFlag(call: Call, long: string): boolean {
  return call.parsed.bools.has(long);
}

/** The argument at an index. Throws where there is none: the count has been checked before. */
export function argument(call: Call, index: number): string {
  const word = call.args[index];
  if (word === undefined) throw usageFailure("an argument is missing");
  return word;
}

/** Throws, in cobra's words, where a command got too few or too many arguments. */
export function checkCount(command: Command, count: number): void {
  const [min, max] = command.args;
  if (count >= min && count <= max) return;
  if (max === Infinity) throw usageFailure(`requires at least ${min} arg(s), only received ${count}`);
  if (min === max) throw usageFailure(`accepts ${min} arg(s), received ${count}`);
  if (min === 0) throw usageFailure(`accepts at most ${max} arg(s), received ${count}`);
  throw usageFailure(`accepts between ${min} and ${max} arg(s), received ${count}`);
}

/** `-f json`, as commands that print machines take it. */
export const FORMAT_FLAG: Flag = { long: "format", short: "f", kind: "string", help: "Output format (text, json)" };
/** `--all`, for commands that name machines. */
export const ALL_FLAG: Flag = { long: "all", short: "a", kind: "bool", help: "All machines" };
/** `--force`, for commands that ask otherwise. */
export const FORCE_FLAG: Flag = { long: "force", short: "f", kind: "bool", help: "Don't ask, don't wait" };

/** Whether JSON is asked for. Throws for a format that doesn't exist. */
export function wantsJson(call: Call): boolean {
  const format = flagValue(call, "format") ?? "";
  if (!["", "text", "json"].includes(format)) throw usageFailure(`invalid format '${format}'`);
  return format === "json";
}
