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
  /** Standard output, as bytes. */
  output: Uint8Array | null;
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
