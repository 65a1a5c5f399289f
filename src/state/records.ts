import type { ActionId } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { BegunScript } from "../model/inside.ts";
import type { Json } from "../model/json.ts";
import type { PendingIntent } from "../model/snapshot.ts";

/** One operation of JSON Patch (RFC 6902), on a document `{ resource: ResourceState }` (absent = not in state). */
export interface PatchOperation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: Json;
}

/** The journal's lines. Each is one line of JSON with a checksum of its own; the first is the header. */
export type JournalRecord = JournalHeader | RefreshedRecord | IntentRecord | ChildRecord | OutcomeRecord;

/** The first line of a journal: which run, on which snapshot. */
export interface JournalHeader {
  readonly kind: "header";
  readonly format: 1;
  readonly stack: string;
  readonly lineage: string;
  /** The serial of the snapshot it builds on: replayed only there. */
  readonly baseSerial: number;
  readonly planDigest: string;
  /** Ids that existed before anything ran: a machine with one of them was not made by this run. */
  readonly knownIds: readonly string[];
  /** Epoch ms. */
  readonly at: number;
  readonly hostId: string;
  readonly bootId: string;
  /** The world, so that a first apply's journal is a whole state without any snapshot. */
  readonly world: { readonly driver: string; readonly host: string };
  readonly env?: string;
}

/** How a resource's state changed. */
export interface ResourcePatch {
  readonly address: Address;
  readonly patch: readonly PatchOperation[];
}

/** What refreshing changed, taken over before anything ran. In one record: a resource that moves stands at one address. */
export interface RefreshedRecord extends ResourcePatch {
  readonly kind: "refreshed";
  readonly others?: readonly ResourcePatch[];
}

/** An action is about to begin: on disk before it can do anything. */
export interface IntentRecord {
  readonly kind: "intent";
  readonly action: ActionId;
  readonly address: Address;
  /** The action's kind. */
  readonly does: string;
  /** 1 = first try. */
  readonly attempt: number;
  readonly at: number;
  readonly timeoutMs: number;
  /** The held process; absent where the driver needs none. */
  readonly child?: RecordedProcess;
  /** State that must be known if no outcome ever comes: pending creations, temporary names, power to give back, originals. */
  readonly patch: readonly PatchOperation[];
  readonly pending?: PendingIntent;
  /** By what its script can be asked for inside its machine; absent where it has none, and in journals of older versions. */
  readonly script?: BegunScript;
}

/** A further process of an action whose intent is written. */
export interface ChildRecord {
  readonly kind: "child";
  readonly action: ActionId;
  readonly child: RecordedProcess;
}

/** A process that was started for an action, as the driver named it. */
export interface RecordedProcess {
  readonly pid: number;
  readonly startedAt: string;
  /** Holds a word until the process is let go: see the driver port. */
  readonly held?: string;
}

/** How an attempt ended. `unknown` leaves the intent open. */
export interface OutcomeRecord {
  readonly kind: "outcome";
  readonly action: ActionId;
  readonly address: Address;
  readonly result: "succeeded" | "failed" | "unknown";
  /** The state after, against the state after the intent. */
  readonly patch: readonly PatchOperation[];
  readonly at: number;
}

/** Who manages something. */
export interface Claim {
  readonly lineage: string;
  readonly stack: string;
  readonly address: string;
  /** Absolute path of the snapshot, or another backend's location. */
  readonly statePath: string;
}

/** What was learned about one kind, or one kind at one address. */
interface Learned {
  /** How many runs, at most 20: later ones weigh at least a twentieth. */
  readonly count: number;
  readonly meanMs: number;
}

/** The timings file. Keys are `create` and `create machine.web`; those used last stand last. */
export interface TimingsFile {
  readonly format: 1;
  readonly learned: { readonly [key: string]: Learned };
}
