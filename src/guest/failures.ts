import { isDriverError } from "../driver/errors.ts";
import { OrbformError } from "../model/errors.ts";
import { printable } from "../model/printable.ts";
import type { CommandResult } from "./run.ts";

/** A command that ran and ended with an exit code that is no success. What it printed is in `result`, never in the text. */
export class CommandError extends OrbformError {
  readonly result: CommandResult;

  constructor(result: CommandResult) {
    super("ORB_COMMAND_FAILED", {
      summary: "A command failed inside a machine",
      detail: `On ${quoted(result.machine)} the command ended with exit code ${result.exitCode}.`,
      hint: "Look at what it printed.",
    });
    this.result = result;
  }
}

/** The command never began: the machine, OrbStack or the way to it is what failed. */
export function notBegun(machine: string, said: string, cause?: unknown): OrbformError {
  const words = said.trim() === "" ? "OrbStack said nothing." : `OrbStack said: ${printable(said.trim())}`;
  return new OrbformError("ORB_CONNECTION", {
    summary: "Machine could not be reached",
    detail: `On ${quoted(machine)} the command was not begun. ${isDriverError(cause) ? cause.detail : words}`,
    hint:
      (isDriverError(cause) ? cause.hint : undefined) ?? "Look at `orbctl list`; it needs a running machine with sh.",
    cause,
  });
}

/** The command began, and its end was not seen. */
export function cutOff(machine: string): OrbformError {
  return new OrbformError("ORB_CONNECTION", {
    summary: "Connection to a machine was lost",
    detail: `The command on ${quoted(machine)} began, and the connection ended before it did. Whether it ended is not known.`,
    hint: "Look at `orbctl list`: was the machine stopped?",
  });
}

/** Its time was up. */
export function timedOut(machine: string, timeoutMs: number): OrbformError {
  return new OrbformError("ORB_ORBCTL_TIMEOUT", {
    summary: "A command's time is up",
    detail: `The command on ${quoted(machine)} did not end within ${timeoutMs} ms. The connection was ended; whether it goes on inside is not known.`,
    hint: "Give it more time, or look inside the machine.",
  });
}

/** The caller's signal ended it. */
export function stopped(machine: string): OrbformError {
  return new OrbformError("ORB_INTERRUPTED", {
    summary: "A command was interrupted",
    detail: `The connection to ${quoted(machine)} was ended on request. Whether the command goes on inside is not known.`,
  });
}

/** The folder that a command is to run in isn't there. */
export function noWorkdir(machine: string, workdir: string): OrbformError {
  return new OrbformError("ORB_COMMAND_FAILED", {
    summary: "The working directory can't be entered",
    detail: `${quoted(machine)} has no folder ${quoted(workdir)} that this user may enter. The command was not begun.`,
    hint: "Look at --workdir and --user.",
  });
}

/** What a caller asks that can't be done, before anything is. */
export function misused(detail: string, hint: string): OrbformError {
  return new OrbformError("ORB_USAGE", { summary: "This can't be asked of a machine", detail, hint });
}

/** A name or path in quotes, fit to be shown. */
export function quoted(text: string): string {
  return JSON.stringify(printable(text));
}
