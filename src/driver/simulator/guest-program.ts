import type { defineCommand, ExecResult } from "just-bash";
import type { GuestDisk } from "./guest-disk.ts";
import type { Host } from "./host.ts";
import type { Machine } from "./record.ts";

/** A machine while a command runs in it. */
export interface GuestState {
  readonly host: Host;
  readonly machine: Machine;
  /** Who acts; `sudo` changes it for a while. */
  user: string;
  readonly disk: GuestDisk;
  poweredOff: boolean;
  /** What the command was given, a character a byte. */
  readonly input: string;
  /** The first shell to start is the command itself: what it prints goes out at once. */
  streams: boolean;
  /** What went through `orb-capture-output NUMBER`, by that number. */
  readonly captured: Map<string, Uint8Array>;
}

type Execute = Parameters<typeof defineCommand>[1];

/** What a program of a machine gets besides its arguments. */
export type GuestContext = Parameters<Execute>[1];

/** A program of a machine that the shell doesn't bring along. */
export type GuestProgram = (
  state: GuestState,
  args: readonly string[],
  ctx: GuestContext,
) => Promise<ExecResult> | ExecResult;

/** A program's success, with what it prints. */
export function done(stdout = ""): ExecResult {
  return { stdout, stderr: "", exitCode: 0 };
}

/** A program's failure. */
export function failed(stderr: string, exitCode = 1): ExecResult {
  return { stdout: "", stderr: `${stderr}\n`, exitCode };
}
