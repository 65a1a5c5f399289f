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
  readonly gives: Partial<MemoryRun> & { readonly contains?: string };
}

/** A success that prints nothing. */
export const SILENT = { stdout: "", stderr: "", exitCode: 0 };
/** A failure with one text on stderr. */
export const fails = (stderr: string, exitCode = 1): MemoryRun => ({ stdout: "", stderr: `${stderr}\n`, exitCode });
/** The failure that names a machine which is not there. */
export const missing = (name: string): MemoryRun => fails(`[-32098] machine not found: '${name}'`);
/** One running machine. */
export const web = ["create ubuntu web"];
/** Two running machines. */
export const two = [...web, "create alma a"];
/** One stopped machine. */
export const stopped = [...web, "stop web"];
/** A success that prints this. */
export const says = (stdout: string): Case["gives"] => ({ stdout, stderr: "", exitCode: 0 });
/** Text that stands somewhere in what is printed. */
export const shows = (text: string): Case["gives"] => ({ exitCode: 0, contains: text });
/** A failure in words that nobody has captured. */
export const refuses: Case["gives"] = { stdout: "", exitCode: 1 };

type Row = [
  section: string,
  does: string,
  given: readonly string[],
  line: string,
  gives: Case["gives"],
  faults?: string,
  version?: string,
];

/** A case in one line. */
export function row(...[section, does, given, line, gives, faults = "", version = "2.2.3"]: Row): Case {
  return { section, does, given, line, gives, faults, version };
}
