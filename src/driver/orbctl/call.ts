import type { ChildRef, ExecRequest } from "../driver.ts";

/** What is kept of standard error where output is handed on: enough for the client's own last words. Bytes. */
export const TAIL_BYTES = 16_384;

/** One call of `orbctl`: argv without the program, and how to watch it. */
export interface OrbctlCall {
  readonly argv: readonly string[];
  /** Variables added to the inherited environment. Absent: none. */
  readonly env?: { readonly [name: string]: string };
  /** Absent: an empty standard input. */
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds until the client is stopped; absent: none. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Present for every mutating call: the process is held until this resolves, and never runs if it rejects. */
  readonly begin?: (child: ChildRef | null) => Promise<void>;
  /** As the driver's port has it; reading calls only. */
  readonly onOutput?: NonNullable<ExecRequest["onOutput"]>;
  /** As the driver's port has it; reading calls only. */
  readonly output?: NonNullable<ExecRequest["output"]>;
}

/** How a call ended. Text is as it came: banners, escapes and all. */
export interface OrbctlOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` where it was ended by a signal. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly aborted: boolean;
}

/** Carries out a call: as a process, or in memory for tests and benchmarks. Rejects only where the program can't be started. */
export type OrbctlExec = (call: OrbctlCall) => Promise<OrbctlOutput>;
