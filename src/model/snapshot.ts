import type { Address } from "./address.ts";
import type { MadeArchive, RetentionPolicy } from "./archive.ts";
import { isInsideType, type BegunScript, type InsideFacts, type InsideType, type InsideWish } from "./inside.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { ImageFacts, MachineId, MachineSettings } from "./machine.ts";

/** The OrbStack a snapshot speaks of. Another one is refused (`ORB_OTHER_WORLD`). */
export interface World {
  readonly driver: string;
  /** UUID of the host, or of the simulated world. */
  readonly host: string;
}

/** The newest snapshot format this version writes and reads. */
export const SNAPSHOT_FORMAT = 1;

/** What Orbform believes it made. Immutable; the file is its canonical text. */
export interface Snapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly stack: string;
  readonly env?: string;
  readonly world: World;
  /** UUID, given at the first apply. */
  readonly lineage: string;
  /** +1 at every write; 0 = never written. */
  readonly serial: number;
  readonly resources: { readonly [address: Address]: ResourceState };
  readonly outputs: { readonly [name: string]: OutputState };
}

/** An output as it was when it was last applied. */
export interface OutputState {
  /** `null` with `sensitive`: the value is never stored. */
  readonly value: Json;
  readonly sensitive: boolean;
}

interface ResourceStateBase {
  /** This resource's own revision: +1 at every change of its state. */
  readonly revision: number;
  readonly lifecycle: Lifecycle;
  /** Direct dependencies, sorted. */
  readonly dependencies: readonly Address[];
}

/** What the stack asked of a machine when it was last settled, in plain JSON: the comparison's `before`. */
export interface MachineInputs {
  readonly name: string;
  readonly origin: JsonObject;
  readonly arch?: string;
  /** `sha256:…` of the cloud-init text. */
  readonly cloudInit?: string;
  /** As asked, before OrbStack clamped anything; `null` = default. */
  readonly settings: { readonly [key: string]: Json };
  readonly power: string;
  readonly default: boolean;
  readonly identity: string;
  readonly ready: JsonObject;
  readonly labels: { readonly [key: string]: string };
  readonly groups: readonly string[];
  /** Digest of the resolved `replaceWhen` values, absent where there are none. */
  readonly replaceWhen?: string;
}

/** A machine that is on its way: an intent without a known outcome. */
export interface PendingIntent {
  readonly action: "create" | "clone" | "restore";
  readonly name: string;
  /** Epoch ms of the intent. */
  readonly at: number;
  readonly timeoutMs: number;
  /** What the made machine must look like: image words, arch, user; for a clone, of its source. */
  readonly expected: {
    readonly distro?: string;
    readonly version?: string;
    readonly arch?: string;
    readonly user?: string;
  };
  /** Ids that existed before: a machine with one of them is not ours. */
  readonly knownIds: readonly string[];
  /** What the stack asks of it, where the resource's own `inputs` are those of the machine it is to replace. */
  readonly inputs?: MachineInputs;
}

/** A machine that another has taken the place of at its address, or is about to. */
export interface Deposed {
  readonly id: MachineId;
  readonly name: string;
  /** What state held of it: it is current again where its replacement never gets ready and is given up. */
  readonly was?: MachineResource;
}

/** A machine of ours, or the place of one that is on its way (`id` absent, `pending` present). */
export interface MachineResource extends ResourceStateBase {
  readonly type: "machine";
  readonly id?: MachineId;
  /** The name it had when last seen. */
  readonly name: string;
  readonly inputs: MachineInputs;
  /** What it was made with: its settings right after birth. A setting that leaves the stack goes back to this. */
  readonly made: MachineSettings;
  /** Its settings, power and image when last seen; drift is live against this. */
  readonly seen: { readonly settings: MachineSettings; readonly power: string; readonly image: ImageFacts };
  /** What OrbStack gave where it was asked for more (asked stands in `inputs`): no change while live equals it. */
  readonly clamped?: MachineSettings;
  /** Volatile: never drift. Absent where never asked for. */
  readonly addresses?: { readonly ip4?: string; readonly ip6?: string; readonly diskUsedBytes?: number };
  readonly status: "ready" | "unready";
  readonly unready?: {
    readonly reason: "timed out" | "interrupted" | "failed";
    readonly detail: string;
    /** Said by a person (`orb state mark`): no probe says otherwise. */
    readonly byHand?: true;
  };
  /** A setting was changed and takes effect at its next start. */
  readonly restartPending?: true;
  /** Predecessors whose replacement is made but which are not deleted yet. */
  readonly deposed?: readonly Deposed[];
  /** It stands under this temporary name because a delete was interrupted. */
  readonly halfDeleted?: string;
  /** It is to have an identity of its own (`identity: "fresh"`) and has not been given it yet. */
  readonly identityOwed?: true;
  /** Power to give back, where an action changed it on the way and was interrupted. */
  readonly returnTo?: "running" | "stopped";
  readonly pending?: PendingIntent;
}

/** A global setting of ours. */
export interface SettingResource extends ResourceStateBase {
  readonly type: "setting";
  readonly inputs: { readonly key: string; readonly value: Json; readonly onRemove: string };
  /** The value that stood before the first set; never overwritten. `null` = it was not listed. */
  readonly original: string | null;
  /** The value when last seen, as OrbStack prints it. */
  readonly seen: string;
  /** What OrbStack made of the value last set, where it prints another. */
  readonly got?: string;
}

/** Something of ours inside a machine. */
export interface InsideResource extends ResourceStateBase {
  readonly type: InsideType;
  /** The machine of the stack that it lies in. */
  readonly on: Address;
  /** The very machine it was last applied in: in another one it is applied again. */
  readonly machine: MachineId;
  /** What was asked when it was last settled. A file's content stands as its digest. */
  readonly inputs: InsideWish;
  /** What was found there when last looked at, without the text of files; drift is live against this. */
  readonly seen: InsideFacts;
  /** What was found before the first change: it decides what removing it takes away. */
  readonly original: InsideFacts;
  /** Revisions that the resources it is restarted for had when it was last (re)started. */
  readonly startedWith?: { readonly [address: Address]: number };
  /** It was begun, and how it ended is not known. */
  readonly unfinished?: true;
  /** Of a command that is unfinished: what was begun; absent also in states of older versions. */
  readonly script?: BegunScript;
  /** Of a file that is unfinished: the digest of ours that stood there before; absent: nothing of ours did. */
  readonly former?: string;
  /** What state held of it in the machine that `machine` is to replace, as long as that is there: it may be current again. */
  readonly was?: InsideResource;
}

/** An archive of a machine. */
export interface ArchiveResource extends ResourceStateBase {
  readonly type: "archive";
  readonly inputs: ArchiveInputs;
  /** The mark in the metadata of everything it makes: by this it knows its own. */
  readonly series: string;
  /** The newest one; absent: none was made yet. */
  readonly made?: MadeArchive;
  /** An export was begun, and how it ended is not known. */
  readonly unfinished?: true;
}

/** What the stack asked of an archive when it was last settled. */
export interface ArchiveInputs {
  readonly of: Address;
  readonly dir: string;
  readonly keep?: RetentionPolicy;
  /** Absent: none, or not known when it was settled. */
  readonly triggers?: Json;
  readonly verify: boolean;
}

/** A resource in state. */
export type ResourceState = MachineResource | SettingResource | InsideResource | ArchiveResource;

/** Whether state keeps something inside a machine. */
export function isInsideResource(resource: ResourceState | undefined): resource is InsideResource {
  return resource !== undefined && isInsideType(resource.type);
}
