import type { Action, ActionId } from "./action.ts";
import type { Address, ResourceType } from "./address.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Json } from "./json.ts";
import type { ResourceState, World } from "./snapshot.ts";
import type { DesiredOutput, DesiredResource } from "./resource.ts";

/** Where a value is not known before apply. */
export const UNKNOWN = { "~orbform": "unknown" } as const;
/** The type of {@link UNKNOWN}. */
export type Unknown = typeof UNKNOWN;

/** Whether a planned value is not known before apply. */
export function isUnknown(value: Json | Unknown | undefined): value is Unknown {
  return typeof value === "object" && value !== null && "~orbform" in value && value["~orbform"] === "unknown";
}

/** One property in a change or a drift. `path` is the property as authors write it: `memory`, `isolated.network`. */
export interface AttributeChange {
  readonly path: string;
  /** Absent key: it is not there on that side. */
  readonly before?: Json;
  readonly after?: Json | Unknown;
  readonly forcesReplacement: boolean;
  /** A remark for people: `takes effect at the next restart`. */
  readonly note?: string;
}

/** Why a change is more or other than an update of what differs. */
export type ChangeReason =
  | "replace: property"
  | "replace: requested"
  | "replace: replaceWhen"
  | "replace: not ready"
  | "delete: not in stack"
  | "delete: destroy"
  | "delete: half deleted"
  | "delete: deposed"
  | "delete: never ready"
  | "forget: gone"
  | "forget: retained"
  | "forget: kept"
  | "create: deleted outside";

/** What is planned for one address. `no-op` ones are in the plan only where they were recovered or moved. */
export interface Change {
  readonly address: Address;
  readonly type: ResourceType;
  readonly action: "no-op" | "create" | "update" | "replace" | "delete" | "forget" | "adopt";
  /** For `replace`: whether the new one comes first. */
  readonly createBeforeDestroy: boolean;
  readonly reason?: ChangeReason;
  /** The machine's name or the setting's key, as it will be (for delete and forget: as it is). */
  readonly name: string;
  readonly previousAddress?: Address;
  /** It was found again after a run that died. */
  readonly recovered: boolean;
  /** Sorted in the order of the stack reference. */
  readonly attributes: readonly AttributeChange[];
  /** How many properties stay as they are. */
  readonly unchanged: number;
  /** Its actions, in an order they can run in. */
  readonly actions: readonly ActionId[];
  readonly notes: readonly string[];
}

/** What changed outside since the last snapshot. */
export interface Drift {
  readonly address: Address;
  readonly name: string;
  readonly kind: "changed" | "deleted" | "replaced";
  readonly attributes: readonly AttributeChange[];
  /** Equal to what the stack wants: folded in by the next apply, not shown, no exit 2. */
  readonly folded: boolean;
}

/** Whether a plan was made to create, to destroy everything, or only to take in what changed outside. */
export type PlanMode = "normal" | "destroy" | "refresh-only";

/** The plan: everything apply does, and nothing else. Sorted by address; the same inputs give the same bytes. */
export interface Plan {
  readonly format: 1;
  readonly mode: PlanMode;
  readonly stack: string;
  readonly env?: string;
  readonly world: World;
  readonly lineage: string;
  /** The snapshot's serial it was made on. */
  readonly serial: number;
  readonly changes: readonly Change[];
  readonly drift: readonly Drift[];
  /** The graph, sorted by id. */
  readonly actions: readonly Action[];
  /**
   * State as refreshed from live before anything runs, only where it differs from prior: `null` = no longer in state.
   * Apply begins by taking it over.
   */
  readonly refreshed: { readonly [address: Address]: ResourceState | null };
  /** What each touched or folded resource is settled to once its actions have succeeded. */
  readonly settled: { readonly [address: Address]: DesiredResource };
  readonly outputs: { readonly [name: string]: DesiredOutput };
  readonly outputChanges: readonly OutputChange[];
  /** Errors: the plan can't be applied. Warnings: shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** All of two or more recorded machines are gone: apply asks for `--recreate-all`. */
  readonly allGone: boolean;
  readonly summary: PlanSummary;
}

/** What becomes of one output. An absent side: it is not there. A sensitive one is shown as neither. */
export interface OutputChange {
  readonly name: string;
  readonly before?: Json;
  readonly after?: Json | Unknown;
  readonly sensitive: boolean;
}

/** Terraform's counts: a replacement is one add and one destroy. */
export interface PlanSummary {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly forget: number;
  readonly adopt: number;
}
