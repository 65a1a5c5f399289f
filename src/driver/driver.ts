/**
 * The driver port: how Orbform talks to machines. Data in, data out; an adapter keeps no belief about what exists.
 * What its comments promise is tested in tests/contract/driver-contract.ts, against every adapter.
 */
import type { Capabilities } from "../model/capabilities.ts";
import type { Connection } from "../model/connection.ts";
import type { MachineDetails, MachineFacts, MachineId, MachineName, MachineSettings } from "../model/machine.ts";
import type { World } from "../model/snapshot.ts";

/** What an observation is asked to read beyond the machines. Every part costs one call at most. */
export interface ObserveScope {
  /** Read global and per-machine settings (`config show`). */
  readonly settings: boolean;
  /** Read which machine is the default. */
  readonly default: boolean;
}

/** What exists, all of it or an error: a failed, empty or unreadable answer is never "no machines". */
export interface Observation {
  readonly machines: readonly MachineFacts[];
  /** Every global setting as printed. Empty where not asked for. */
  readonly settings: { readonly [key: string]: string };
  /** `null` = none is set or it could not be told; absent where not asked for. */
  readonly default?: string | null;
}

/** Which machine: by id where a call takes one, by its latest name where it doesn't. */
export type Selector = { readonly id: MachineId } | { readonly name: MachineName };

/** One mutating step. Names are {@link MachineName}: an empty or dangerous one can't be written down here. */
export type Operation =
  | {
      readonly verb: "create";
      readonly name: MachineName;
      readonly distro: string;
      readonly version?: string;
      readonly arch?: string;
      /** Path of a cloud-init file; the caller keeps it until the operation has ended. */
      readonly userDataPath?: string;
      /** Of these, what can be given at creation is; the driver says by `createSettings` which those are. */
      readonly settings: MachineSettings;
    }
  | { readonly verb: "clone"; readonly source: MachineId; readonly name: MachineName }
  | { readonly verb: "restore"; readonly path: string; readonly name: MachineName }
  | { readonly verb: "rename"; readonly id: MachineId; readonly to: MachineName }
  | { readonly verb: "start" | "stop" | "restart"; readonly id: MachineId }
  /** One setting of one machine, by its present name (ids are not taken there: contract 3.15). */
  | { readonly verb: "configure"; readonly name: MachineName; readonly settings: MachineSettings }
  | { readonly verb: "set"; readonly key: string; readonly value: string }
  | { readonly verb: "set-default"; readonly name: MachineName | null }
  /** By name, with force: by id OrbStack 2.2.3 crashes. The caller has made sure that the name is the right machine's. */
  | { readonly verb: "delete"; readonly name: MachineName }
  | { readonly verb: "export"; readonly name: MachineName; readonly path: string };

/** What an operation does, in a word. */
export type Verb = Operation["verb"];

/** A process that carries out an operation, held until the caller has written down that it exists. */
export interface ChildRef {
  readonly pid: number;
  /** As the operating system tells it, to tell the process from a later one with the same pid. */
  readonly startedAt: string;
  /**
   * A file that holds a word until the process is let go, and is emptied by the process itself before it does anything.
   * Still holding it when the process is gone: it never ran.
   */
  readonly held?: string;
}

/** How one operation is to be carried out. */
export interface PerformOptions {
  /**
   * Awaited once for every mutating process, after it exists and before it may do anything; `null` where the adapter
   * needs no process. If this rejects, or if Orbform dies here, nothing has been done to any machine.
   */
  readonly begin: (child: ChildRef | null) => Promise<void>;
  /**
   * Ends the wait (not the operation): the promise settles only when the work has stopped, so aborting stops the
   * client and the outcome is unknown.
   */
  readonly signal?: AbortSignal;
}

/** How a command inside a machine is run. */
export interface ExecRequest {
  readonly machine: MachineId;
  /** argv; the first word must not begin with `-`. No shell. */
  readonly command: readonly string[];
  /** Default: the machine's default user. */
  readonly user?: string;
  /** Default `/`. */
  readonly workdir?: string;
  /** Copied into the command's environment by name (`ORBENV`). */
  readonly env?: { readonly [name: string]: string };
  readonly stdin?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /**
   * Told of every piece of a stream as it comes, in order. Where it gives a promise, it is told of nothing more of that
   * stream until that has resolved, and no more is read than a buffer holds: the command waits. One that rejects stops
   * the client, and `exec` rejects.
   */
  readonly onOutput?: OnOutput;
  /**
   * `kept`: the result has all that was printed; who prints over 100 MB is stopped. `handed on`: it goes to `onOutput`
   * and nowhere else, however much it is; the result has no `stdout`, and of `stderr` the last 16 KiB. @default kept
   */
  readonly output?: "kept" | "handed on";
  /**
   * For a command that changes something: it is held as an operation's process is (see {@link PerformOptions}), outlives
   * an Orbform that dies, and prints into files, of which the result has the last megabyte each; `onOutput` is not told
   * then. What it is given on `stdin` ends early if Orbform dies.
   */
  readonly begin?: PerformOptions["begin"];
}

/** Who is told of what a command prints. */
export type OnOutput = (stream: "stdout" | "stderr", chunk: Uint8Array) => void | Promise<void>;

/** What a command inside a machine gave. Exit 1 may also be the client's own failure (contract 4.3). */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Talks to the machines of one OrbStack. Every method may reject with a `DriverError`. */
export interface Driver {
  /** Whose machines these are; the same before and after everything. No call to a machine. */
  world(): Promise<World>;

  /** What this OrbStack can do. One `version` call at most, remembered by the program's path, size and time. */
  capabilities(): Promise<Capabilities>;

  /**
   * Everything that exists. Errors: `ORB_SERVICE_STOPPED` (never starts the service behind the user's back),
   * `ORB_LIST_UNREADABLE`, `ORB_LIST_INCONSISTENT` (two records with one id or one name), `ORB_ORBCTL_TIMEOUT`.
   * At most `status` + `list` + `config show` + `default`. Never runs anything on a machine.
   */
  observe(scope: ObserveScope): Promise<Observation>;

  /**
   * One machine more closely (addresses, size, and with `settings` its settings as `config show` has them now).
   * `undefined` where there is none. Work does not grow with the number of machines.
   */
  inspect(which: Selector, want: { readonly settings: boolean }): Promise<MachineDetails | undefined>;

  /**
   * Carries out one operation. Not idempotent: an error with `outcome: "unknown"` means look before trying again.
   * Throws a {@link DriverError} (see errors.ts) for every failure.
   */
  perform(operation: Operation, options: PerformOptions): Promise<void>;

  /** Runs a command inside a running machine. A stopped one would be started by it: the caller makes sure. */
  exec(request: ExecRequest): Promise<ExecResult>;

  /** The boot log. Text from inside: strip it before it is shown. */
  logs(which: Selector): Promise<string>;

  /**
   * How to reach a machine by SSH. Of a machine that was observed (with settings, for its user), nothing more is asked;
   * where the SSH server listens is asked once. Errors: `ORB_MACHINE_NOT_FOUND`.
   */
  connection(which: Selector | MachineFacts): Promise<Connection>;

  /** Lets go of everything it holds. */
  close(): Promise<void>;
}
