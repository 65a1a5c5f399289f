/** What the engine is handed and what it gives back. */
import type { Archives } from "./archive/archives.ts";
import type { Driver } from "./driver/driver.ts";
import type { Processes } from "./driver/processes.ts";
import type { ExecuteEvent } from "./model/execute-event.ts";
import type { ActionResult } from "./execute/carry-out.ts";
import type { Limits } from "./model/limits.ts";
import type { ActionId } from "./model/action.ts";
import type { Address } from "./model/address.ts";
import type { Clock } from "./model/clock.ts";
import type { Diagnosed } from "./model/diagnostic.ts";
import type { LiveState } from "./model/live.ts";
import type { HashText } from "./model/inside-wish.ts";
import type { Digest } from "./model/machine-inputs.ts";
import type { Plan } from "./model/plan.ts";
import type { Policy, PolicyReport } from "./model/policy.ts";
import type { DesiredState } from "./model/resource.ts";
import type { Snapshot } from "./model/snapshot.ts";
import type { PlanOptions } from "./plan/plan-input.ts";
import type { Backend } from "./state/backend.ts";
import type { Claims } from "./state/claims.ts";
import type { Disk } from "./state/disk.ts";
import type { HostIdentity } from "./state/host.ts";
import type { StatePaths } from "./state/paths.ts";

/** Everything the engine touches of the outside. */
export interface EnginePorts {
  readonly driver: Driver;
  readonly backend: Backend;
  readonly clock: Clock;
  readonly disk: Disk;
  /** Where journal, timings and scratch files lie: beside the driver, whatever the backend. */
  readonly paths: StatePaths;
  readonly claims: Claims;
  /** Where archives of the stack are put. */
  readonly archives: Archives;
  /** Which host and process this is; asked where a journal begins. */
  readonly host: () => Promise<HostIdentity>;
  /** What became of the processes of earlier runs. */
  readonly processes: Processes;
  readonly digest: Digest;
  readonly hashText: HashText;
  /** A UUID for the lineage of a state that is about to begin. */
  readonly newLineage: () => string;
}

/** What editing a snapshot by hand needs: no machine, so no driver. */
export type EditPorts = Pick<EnginePorts, "backend" | "claims" | "clock" | "disk" | "paths" | "host" | "processes">;

/** What a plan is asked for. */
export interface PlanRequest extends PlanOptions {
  /** Ends the wait for machines in transition. */
  readonly signal?: AbortSignal;
  /** The stack is not trusted: nothing is asked inside machines that its state did not ask before. */
  readonly untrusted?: boolean;
}

/** The request of a plain `orb plan`. */
export const PLAIN_REQUEST: PlanRequest = {
  mode: "normal",
  targets: [],
  excludes: [],
  replace: [],
  adopt: [],
  allowReplace: false,
};

/** A loaded stack with what was found while loading it; the engine is handed none that has errors. */
export interface Stack extends Diagnosed<DesiredState> {
  /** Rules that its plans are held to: those of the project, then its own. Absent: none. */
  readonly policies?: readonly Policy[];
}

/** A plan, and the three worlds it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly digest: string;
  readonly stack: Stack;
  readonly prior: Snapshot;
  readonly live: LiveState;
  /** What policies say of it. */
  readonly policy: PolicyReport;
  /** Things to say that are not the plan's: a dead run was taken over, a list had to be read again. */
  readonly notices: readonly string[];
}

/** How a plan is carried out, and who is told. */
export interface CarryOut {
  readonly limits: Limits;
  readonly failFast: boolean;
  readonly onEvent: (event: ExecuteEvent) => void;
  /** First interrupt: nothing more is started. */
  readonly stopStarting?: AbortSignal;
  /** Second interrupt: what is in flight is left behind, written down as unknown. */
  readonly stopWaiting?: AbortSignal;
}

/** How to get the lock. */
export interface LockRequest {
  /** The command, as the lock names it. */
  readonly operation: string;
  /** How long to wait for a lock that somebody holds. Milliseconds; 0 = not at all. */
  readonly lockTimeoutMs: number;
  readonly stopStarting?: AbortSignal;
}

/** What an apply is asked for. */
export interface ApplyRequest extends CarryOut, LockRequest {
  readonly plan: PlanRequest;
  /** Go on although every recorded machine is gone. */
  readonly recreateAll: boolean;
  /** Asks a person; absent where the answer was given beforehand (`--yes`). */
  readonly approve?: (planned: Planned) => Promise<boolean>;
  /** Told of the plan before it is carried out. */
  readonly onPlan: (planned: Planned) => void | Promise<void>;
  readonly onNotice: (notice: string) => void;
}

/** How an apply went. A failed action is no exception: it is here. */
export interface Applied {
  readonly planned: Planned;
  readonly results: ReadonlyMap<ActionId, ActionResult>;
  readonly snapshot: Snapshot;
  /** Bytes written to the journal. */
  readonly journalBytes: number;
}

/** Taking one existing machine into state, and nothing else. */
export interface AdoptCall extends AdoptAllCall {
  readonly address: Address;
  /** The machine's present name; the stack's may be another, which the next plan then gives it. */
  readonly name: string;
}

/** Taking machines that exist into state, and nothing else. */
export interface AdoptAllCall extends Omit<CarryOut, "failFast"> {
  /** Adopt although the next plan would replace or delete it. */
  readonly allowReplace: boolean;
  readonly lockTimeoutMs: number;
  readonly onPlan: (planned: Planned) => void | Promise<void>;
  readonly onNotice: (notice: string) => void;
}
