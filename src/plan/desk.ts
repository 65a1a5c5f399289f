import type { Address } from "../model/address.ts";
import type { MadeArchive } from "../model/archive.ts";
import type { Lifecycle } from "../model/lifecycle.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import type { Values } from "../diff/attributes.ts";
import type { Owner } from "./make-action.ts";
import { valuesFrom, type Outlook } from "./outlook.ts";
import type { Scene } from "./scene.ts";
import { temporaryNames, type TemporaryNames } from "./temporary-name.ts";

/** What deciding needs besides the three worlds: what is decided so far, and names for the way. */
export interface Desk {
  readonly scene: Scene;
  /** Filled while deciding, in the order of dependencies. */
  readonly outlooks: Map<Address, Outlook>;
  /** Resources inside machines that this plan changes, so far. */
  readonly insideChanged: Set<Address>;
  /** Archives that stay as they are, so far. */
  readonly archived: Map<Address, MadeArchive>;
  readonly values: Values;
  readonly temporaryName: TemporaryNames;
}

/** A desk at which nothing is decided yet. */
export function desk(scene: Scene): Desk {
  const { prior, digest } = scene.input;
  const outlooks = new Map<Address, Outlook>();
  const archived = new Map<Address, MadeArchive>();
  const isTaken = (key: string): boolean => scene.liveByName.has(key);
  return {
    scene,
    outlooks,
    insideChanged: new Set(),
    archived,
    values: valuesFrom(scene, { outlooks, archived }),
    temporaryName: temporaryNames(`${prior.lineage} ${prior.serial}`, digest, isTaken),
  };
}

/** For whom actions at an address are made. */
export function ownerAt({ scene }: Desk, address: Address, lifecycle: Lifecycle): Owner {
  return { address, lifecycle, durations: scene.input.durations };
}

/** A machine that holds a name and is none of ours. */
export function strangerNamed(scene: Scene, name: string): MachineFacts | undefined {
  const holder = scene.liveByName.get(nameKey(name));
  return holder === undefined || scene.ownerOf.has(holder.id) ? undefined : holder;
}

/** Whether a machine is OrbStack's default; `undefined` where nothing asked. */
export function isDefaultMachine({ scene }: Desk, live: MachineFacts): boolean | undefined {
  const holder = scene.input.live.default;
  if (holder === undefined) return undefined;
  return holder !== null && nameKey(holder) === nameKey(live.name);
}
