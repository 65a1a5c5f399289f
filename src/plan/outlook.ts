import type { Address } from "../model/address.ts";
import { archiveProperty, type MadeArchive } from "../model/archive.ts";
import type { Json } from "../model/json.ts";
import { SETTING_KEYS, type MachineFacts, type MachineSettings, type SettingKey } from "../model/machine.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { refsIn, resolveValue, type RefValue } from "../model/value.ts";
import { isIgnored, type Values } from "../diff/attributes.ts";
import type { Scene } from "./scene.ts";

/** Settings as far as they are known. */
export type KnownSettings = { readonly [K in SettingKey]?: Json };

/** What a machine of the stack will be once this plan is applied, as far as that is known. */
export interface Outlook {
  /** It is made by this plan: its id and addresses are not known. */
  readonly made: boolean;
  /** It is started or restarted by this plan: its addresses are not known. */
  readonly booted: boolean;
  /** As refreshed; absent where it is not in state. */
  readonly state?: MachineResource;
  /** The machine that is adopted by this plan. */
  readonly adopted?: Pick<MachineFacts, "id" | "name">;
  /** What a clone of it is born with. */
  readonly settings: KnownSettings;
  /** It ends running, so that a clone of it may need it stopped on the way. */
  readonly running: boolean;
}

/** What is decided so far; dependencies come before what depends on them. */
export interface Decided {
  readonly outlooks: ReadonlyMap<Address, Outlook>;
  /** Archives that stay as they are. */
  readonly archived: ReadonlyMap<Address, MadeArchive>;
}

/** Resolves references from what is decided so far. */
export function valuesFrom(scene: Scene, decided: Decided): Values {
  const lookup = (ref: RefValue): Json | undefined => look(ref, scene, decided);
  return {
    lookup,
    isChanging: (value) => refsIn(value).some((ref) => lookup(ref) === undefined && isUnsettled(ref, decided)),
  };
}

/** A machine's own settings as a clone finds them: what live has, with what this plan sets on top. */
export function settingsAfter(live: MachineSettings, set: { readonly [key: string]: Json | undefined }): KnownSettings {
  const after: { [key: string]: Json } = {};
  for (const key of SETTING_KEYS) {
    const value = key in set ? set[key] : live[key];
    if (value !== undefined) after[key] = value;
  }
  return after;
}

/** Not in state and not made: nobody knows. Made or booted: what was known holds no longer. */
function isUnsettled(ref: RefValue, { outlooks }: Decided): boolean {
  const outlook = outlooks.get(ref.address);
  return outlook === undefined || outlook.made || outlook.booted;
}

function look(ref: RefValue, scene: Scene, decided: Decided): Json | undefined {
  const { address, property } = ref;
  const desired = scene.desired.get(address);
  if (desired?.type === "archive") return archiveProperty(decided.archived.get(address), property);
  if (desired?.type !== "setting") return lookAtMachine(ref, scene, decided.outlooks.get(address));
  if (property === "key") return desired.key;
  return property === "value" ? resolveValue(desired.value, (inner) => look(inner, scene, decided)) : undefined;
}

function lookAtMachine(ref: RefValue, scene: Scene, outlook: Outlook | undefined): Json | undefined {
  const name = finalName(ref.address, scene, outlook);
  if (ref.property === "name") return name;
  if (ref.property === "hostname") return name === undefined ? undefined : `${name}.orb.local`;
  if (ref.property === "ssh") return name === undefined ? undefined : `${name}@orb`;
  if (outlook === undefined || outlook.made) return undefined;
  const { state, booted } = outlook;
  if (ref.property === "id") return state?.id;
  if (ref.property === "image") return state && imageWords(state);
  return booted ? undefined : lastSeen(ref.property, state);
}

function finalName(address: Address, scene: Scene, outlook: Outlook | undefined): string | undefined {
  const desired = scene.desired.get(address);
  if (desired?.type !== "machine") return outlook?.state?.name;
  const kept = isIgnored("name", desired.lifecycle.ignoreChanges) && outlook?.made === false;
  return kept ? (outlook.state?.name ?? outlook.adopted?.name ?? desired.name) : desired.name;
}

/** Addresses are volatile: a plan shows the last seen ones and asks nobody. */
function lastSeen(property: string, state: MachineResource | undefined): Json | undefined {
  if (property === "ip4") return state?.addresses?.ip4;
  if (property === "ip6") return state?.addresses?.ip6;
  return property === "diskBytes" ? state?.addresses?.diskUsedBytes : undefined;
}

function imageWords({ seen: { image } }: MachineResource): string {
  return image.version === "" ? image.distro : `${image.distro}:${image.version}`;
}
