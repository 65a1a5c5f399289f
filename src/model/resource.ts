import type { Address } from "./address.ts";
import type { RetentionPolicy } from "./archive.ts";
import { isInsideType, type InsideType } from "./inside.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Arch, SettingKey } from "./machine.ts";
import type { Place } from "./place.ts";
import type { Value } from "./value.ts";

/** What a machine is to be made from: exactly one of the three. */
export type Origin =
  /** `distro` as `create` takes it (`alma`); `version` absent = whatever OrbStack gives. */
  | { readonly kind: "image"; readonly distro: string; readonly version?: string }
  /** Another machine of the stack, or one outside it by name. */
  | { readonly kind: "clone"; readonly of: MachineReference }
  /** An archive; `digest` is `sha256:…` of the file as it was read when the stack was loaded. */
  | { readonly kind: "restore"; readonly path: string; readonly digest: string };

/** A machine to clone from: of the stack, by address, or outside of it, by name. */
export type MachineReference =
  | { readonly kind: "address"; readonly address: Address }
  | { readonly kind: "existing"; readonly name: string };

/** What "made" means for a machine that ends running. `timeoutMs` counts from the end of the action. */
export type Ready =
  /** `run true` answers. The default, with 60 s. */
  | { readonly kind: "answers"; readonly timeoutMs: number }
  /** `cloud-init status --wait` ends well; exit 2 (recoverable) warns. */
  | { readonly kind: "cloud-init"; readonly timeoutMs: number }
  | {
      readonly kind: "command";
      readonly command: readonly string[];
      readonly user?: string;
      readonly timeoutMs: number;
    }
  | { readonly kind: "tcp"; readonly port: number; readonly timeoutMs: number };

/** What a machine's power shall be; `any`: never started, stopped or restarted by Orbform. */
export type Power = "running" | "stopped" | "any";

/** cloud-init user data. `text` is a value, so a reference in it is possible; it never enters the snapshot, its digest does. */
export interface CloudInit {
  readonly text: Value;
}

/** Desired settings: absent = not managed, `null` = OrbStack's default. */
export type DesiredSettings = { readonly [K in SettingKey]?: Value };

/** A machine as a stack declares it, with inputs resolved, every rule of `desired/rules` met. */
export interface DesiredMachine {
  readonly type: "machine";
  readonly address: Address;
  readonly name: string;
  readonly origin: Origin;
  readonly arch?: Arch;
  readonly cloudInit?: CloudInit;
  readonly settings: DesiredSettings;
  readonly power: Power;
  readonly default: boolean;
  readonly identity: "keep" | "fresh";
  readonly ready: Ready;
  readonly labels: { readonly [key: string]: string };
  readonly groups: readonly string[];
  readonly lifecycle: Lifecycle;
  /** Every address it needs directly: explicit `dependsOn`, references, the clone's source. Sorted. */
  readonly dependencies: readonly Address[];
  readonly place?: Place;
}

/** One global setting of OrbStack. */
export interface DesiredSetting {
  readonly type: "setting";
  readonly address: Address;
  /** OrbStack's key: `memory_mib`. Never one of `machine.*`. */
  readonly key: string;
  readonly value: Value;
  /** What removal does: put back what stood before (if live is still ours), or leave it. Default `restore`. */
  readonly onRemove: "restore" | "keep";
  readonly lifecycle: Lifecycle;
  readonly dependencies: readonly Address[];
  readonly place?: Place;
}

/** Something inside a machine, as a stack declares it. */
export interface DesiredInside {
  readonly type: InsideType;
  readonly address: Address;
  /** The machine it lies in. */
  readonly on: Address;
  /** What is asked, by property as authors write it: resolved, an {@link InsideWish} is made of it. */
  readonly properties: { readonly [property: string]: Value };
  /** Resources inside the same machine after whose change a service is restarted. Sorted. */
  readonly restartOn: readonly Address[];
  /** Its content is not shown. */
  readonly sensitive: boolean;
  readonly lifecycle: Lifecycle;
  readonly dependencies: readonly Address[];
  readonly place?: Place;
}

/** An export of a machine to a file, as a stack declares it. */
export interface DesiredArchive {
  readonly type: "archive";
  readonly address: Address;
  /** The machine it is of. */
  readonly of: Address;
  /** The folder, seen from the project's; without `.`, `..` in the middle or a slash at its end. */
  readonly dir: string;
  /** How many are kept; absent: all. */
  readonly keep?: RetentionPolicy;
  /** It is exported again when any of this is another. */
  readonly triggers?: Value;
  /** Every look at it reads it for its digest. */
  readonly verify: boolean;
  readonly lifecycle: Lifecycle;
  readonly dependencies: readonly Address[];
  readonly place?: Place;
}

/** A resource as a stack declares it. */
export type DesiredResource = DesiredMachine | DesiredSetting | DesiredInside | DesiredArchive;

/** Whether a stack declares something inside a machine. */
export function isDesiredInside(resource: DesiredResource): resource is DesiredInside {
  return isInsideType(resource.type);
}

/** What a stack declares. Pure data: evaluating a stack reads no machine. */
export interface DesiredState {
  readonly stack: string;
  /** The `--env`, which separates states, not names. */
  readonly env?: string;
  /** Sorted by address. */
  readonly resources: readonly DesiredResource[];
  readonly outputs: { readonly [name: string]: DesiredOutput };
  /** Names of machines outside the stack that it refers to by `existing(name)`, sorted. */
  readonly existing: readonly string[];
}

/** An output as a stack declares it. */
export interface DesiredOutput {
  readonly value: Value;
  readonly sensitive: boolean;
}
