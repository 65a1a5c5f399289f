/** What a policy is shown of a plan, and how it answers. Frozen, plain, and without anything that is sensitive. */
import type { ActionKind } from "./action.ts";
import type { Json } from "./json.ts";
import type { ChangeReason, PlanSummary } from "./plan.ts";
import type { ResourceType } from "./address.ts";

/**
 * A machine of the stack. A limit is a number; `Infinity` where there is none. `undefined`: it is not known before the
 * apply.
 */
export interface PolicyMachine {
  /** `machine.web`, `team/web/machine.app`. */
  readonly address: string;
  readonly name: string;
  /** As a stack writes it: `debian:bookworm`, `debian`. Of a clone: what the machine it is of was made from. */
  readonly image: string | undefined;
  readonly madeFrom: "image" | "clone" | "archive";
  /** `arm64` or `amd64`. */
  readonly arch: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  readonly diskMiB: number | undefined;
  /** The default user inside. */
  readonly user: string | undefined;
  readonly isolated: boolean | undefined;
  /** Whether it reaches the Mac, the local network and other machines. */
  readonly network: boolean | undefined;
  readonly forwardSshAgent: boolean | undefined;
  /** `SOURCE[:DESTINATION]` each. */
  readonly mounts: readonly string[] | undefined;
  readonly power: "running" | "stopped" | "any";
  /** It is OrbStack's default machine. */
  readonly default: boolean;
  readonly labels: { readonly [key: string]: string };
  readonly groups: readonly string[];
  readonly preventDestroy: boolean;
}

/** One property of a change or a drift. A side that is not there, not known or sensitive is absent. */
export interface PolicyAttribute {
  /** As a stack writes it: `memory`, `isolated.network`. */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
  /** The value is known after the apply only. */
  readonly afterUnknown: boolean;
  /** Neither side is shown. */
  readonly sensitive: boolean;
  readonly forcesReplacement: boolean;
}

/** What is planned for one address. */
export interface PolicyChange {
  readonly address: string;
  readonly type: ResourceType;
  /** The machine's name, the setting's key, the file's path. */
  readonly name: string;
  readonly action: "no-op" | "create" | "update" | "replace" | "delete" | "forget" | "adopt";
  readonly reason: ChangeReason | undefined;
  readonly previousAddress: string | undefined;
  readonly createBeforeDestroy: boolean;
  /** What is done for it, in order: `rename`, `stop`, `config`, `start`. */
  readonly steps: readonly ActionKind[];
  readonly attributes: readonly PolicyAttribute[];
  /** The machine it is about: its own address, or that of the machine it lies in or is made of. A setting has none. */
  readonly machine: string | undefined;
  /** Labels of that machine: those it has, and only where it is not there yet those it will have. */
  readonly labels: { readonly [key: string]: string };
  /** The machine as it is. Changes of machines only. */
  readonly before: PolicyMachine | undefined;
  /** The machine as it will be. Changes of machines only. */
  readonly after: PolicyMachine | undefined;
}

/** What changed outside since the last apply. */
export interface PolicyDrift {
  readonly address: string;
  readonly name: string;
  readonly kind: "changed" | "deleted" | "replaced";
  readonly attributes: readonly PolicyAttribute[];
}

/** A plan. */
export interface PolicyPlan {
  readonly stack: string;
  readonly env: string | undefined;
  readonly mode: "normal" | "destroy";
  /** Sorted by address. */
  readonly changes: readonly PolicyChange[];
  /** Every machine of the stack as it will be, also those that are not targeted; none where all is destroyed. Sorted by address. */
  readonly machines: readonly PolicyMachine[];
  readonly drift: readonly PolicyDrift[];
  readonly summary: PlanSummary;
}

/** What a message is about, where it is not what the policy was asked about: a machine or a change of the plan. */
export interface PolicySubject {
  readonly address: string;
}

/** How a policy answers: by any number of these calls, before it returns. Who says nothing is content. */
export interface PolicyAnswer {
  /** The plan is not to be applied. `message` is a sentence for who wrote the stack. */
  readonly deny: (message: string, about?: PolicySubject) => undefined;
  /** Something is to be told. The plan can be applied. */
  readonly warn: (message: string, about?: PolicySubject) => undefined;
}
