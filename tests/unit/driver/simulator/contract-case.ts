import type { MemoryRun } from "../../../support/simulator-memory.ts";

/** One line of the contract: what a command line gives after others. */
export interface Case {
  /** Section of the contract. */
  readonly section: string;
  readonly does: string;
  readonly faults?: string;
  readonly version?: string;
  readonly given?: readonly string[];
  readonly line: string;
  readonly stdin?: string;
  readonly gives: Partial<MemoryRun>;
}

/** A success that prints nothing. */
export const SILENT = { stdout: "", stderr: "", exitCode: 0 };
/** A failure with one text on stderr. */
export const fails = (stderr: string, exitCode = 1): MemoryRun => ({ stdout: "", stderr: `${stderr}\n`, exitCode });
/** The failure that names a machine which is not there. */
export const missing = (name: string): MemoryRun => fails(`[-32098] machine not found: '${name}'`);
/** One running machine. */
export const web = ["create ubuntu web"];
