import type { Existing } from "./existing.ts";
import type { Duration, LifecycleInput } from "./lifecycle-input.ts";
import type { Machine } from "./machine.ts";
import type { Ref } from "./ref.ts";

/** The words `create` takes for a distribution (contract 7.1). */
export type Distro =
  | "alma"
  | "alpine"
  | "arch"
  | "centos"
  | "debian"
  | "devuan"
  | "fedora"
  | "gentoo"
  | "kali"
  | "nixos"
  | "openeuler"
  | "opensuse"
  | "oracle"
  | "rocky"
  | "ubuntu"
  | "void";

/** An image: `"debian"` (whatever version it was made with) or `"debian:bookworm"`. */
export type Image = Distro | `${Distro}:${string}`;

/** An amount of memory or disk: `"4G"`, `"2048M"`, `"1T"`; a bare number is MiB; 0 = no limit. Whole MiB. */
export type Size = `${number}M` | `${number}G` | `${number}T` | number;

/** A part of a machine's isolation, each `null` for OrbStack's default. */
export interface IsolationInput {
  /** `false`: no network to the Mac, the LAN and other machines (the internet stays). `true`: as any machine. */
  readonly network?: boolean | null | undefined;
  /** Whether the Mac's SSH agent can be used inside. */
  readonly forwardSshAgent?: boolean | null | undefined;
  /** Folders of the Mac to be seen inside, `SOURCE` or `SOURCE:DESTINATION`, both absolute, without `,`. */
  readonly mounts?: readonly string[] | null | undefined;
}

/** What "made" means for a machine that ends running. */
export type ReadyInput =
  | "answers"
  | "cloud-init"
  | ({ readonly answers: true; readonly timeout?: Duration | undefined } & Not<
      "cloudInit" | "command" | "tcp" | "user"
    >)
  | ({ readonly cloudInit: true; readonly timeout?: Duration | undefined } & Not<
      "answers" | "command" | "tcp" | "user"
    >)
  | ({
      /** argv, or one line for `sh -c`. Exit 0 = ready. */
      readonly command: readonly string[] | string;
      /** Who runs it. Default: the machine's default user. */
      readonly user?: string | undefined;
      readonly timeout?: Duration | undefined;
    } & Not<"answers" | "cloudInit" | "tcp">)
  | ({
      /** A port that something listens at, 1 to 65535. */
      readonly tcp: number;
      readonly timeout?: Duration | undefined;
    } & Not<"answers" | "cloudInit" | "command" | "user">);

type Not<K extends string> = { readonly [P in K]?: never };

/** Properties of a machine that `ignoreChanges` takes. */
export type MachineProperty =
  | "image"
  | "arch"
  | "restore"
  | "cloudInit"
  | "name"
  | "user"
  | "cpus"
  | "memory"
  | "disk"
  | "isolated"
  | "isolated.network"
  | "isolated.forwardSshAgent"
  | "isolated.mounts"
  | "httpPort"
  | "httpsPort"
  | "power"
  | "default"
  | "labels"
  | "groups";

/** What every machine may have, whatever it is made from. Left out = not managed; `null` = OrbStack's default. */
export interface MachineOptions {
  /** Its name in OrbStack. @default the components' keys and its own, in kebab-case: `team-web-app` */
  readonly name?: string | undefined;
  /** The default user inside. */
  readonly user?: string | Ref<string> | undefined;
  /** Cores; 0 = no limit. OrbStack 2.2 or newer. */
  readonly cpus?: number | Ref<number> | null | undefined;
  /** OrbStack 2.2 or newer. */
  readonly memory?: Size | Ref<number> | null | undefined;
  /** OrbStack 2.2 or newer. Less than what is in use is an error. */
  readonly disk?: Size | Ref<number> | null | undefined;
  /** Cut off from the Mac. `true` alone leaves the Mac's loopback open. OrbStack 2.1 or newer. */
  readonly isolated?: boolean | IsolationInput | null | undefined;
  /** The port that `http://NAME.orb.local` shows; 0 = automatic. OrbStack 2.1 or newer. */
  readonly httpPort?: number | Ref<number> | null | undefined;
  /** The port that `https://NAME.orb.local` shows; 0 = automatic. OrbStack 2.1 or newer. */
  readonly httpsPort?: number | Ref<number> | null | undefined;
  /** `any`: never started, stopped or restarted by Orbform. @default "running" */
  readonly power?: "running" | "stopped" | "any" | undefined;
  /** Whether it is the machine that OrbStack's commands mean without a name. One in a stack. */
  readonly default?: boolean | undefined;
  /** `fresh`: a new machine-id and new SSH host keys at the first boot. @default "keep" */
  readonly identity?: "keep" | "fresh" | undefined;
  /** @default "answers" within 60 s; with `cloudInit`: "cloud-init" within 10 minutes */
  readonly ready?: ReadyInput | undefined;
  /** Words about it, for people and inventories; nothing of them reaches OrbStack. */
  readonly labels?: { readonly [key: string]: string } | undefined;
  /** Groups it belongs to, for inventories and selectors; nothing of them reaches OrbStack. */
  readonly groups?: readonly string[] | undefined;
  /** How its changes are made, or kept from being made. */
  readonly lifecycle?: LifecycleInput<MachineProperty> | undefined;
}

/** A machine made from an image. */
export interface FromImage extends MachineOptions {
  /** A change replaces the machine. */
  readonly image: Image;
  /** @default the Mac's own. A change replaces the machine. */
  readonly arch?: "arm64" | "amd64" | undefined;
  /** cloud-init user data: the text, or a file (relative to the project's folder). A change replaces the machine. */
  readonly cloudInit?: string | Ref<string> | { readonly file: string } | undefined;
  readonly clone?: never;
  readonly restore?: never;
}

/** A machine made from another machine. */
export interface FromMachine extends MachineOptions {
  readonly clone: Machine | Existing;
  readonly image?: never;
  readonly restore?: never;
  readonly arch?: never;
  readonly cloudInit?: never;
}

/** A machine made from an archive. */
export interface FromArchive extends MachineOptions {
  /** Path of the archive, relative to the project's folder. The machine is replaced when its contents change. */
  readonly restore: string;
  readonly image?: never;
  readonly clone?: never;
  readonly arch?: never;
  readonly cloudInit?: never;
}

/** What `machine` takes: exactly one of `image`, `clone` and `restore`, and options. */
export type MachineInput = FromImage | FromMachine | FromArchive;
