import type { PolicyAnswer, PolicyChange, PolicyMachine, PolicyPlan } from "../model/policy-view.ts";
import { siteOf, type Site } from "./handle.ts";

export type {
  PolicyAnswer,
  PolicyAttribute,
  PolicyChange,
  PolicyDrift,
  PolicyMachine,
  PolicyPlan,
  PolicySubject,
} from "../model/policy-view.ts";

/** A policy's function returns nothing: it answers by `deny` and `warn`. The editor refuses others, `async` ones too. */
type Nothing = undefined | void;

/** What a policy is made of: a name, and at least one of the three functions. */
export interface PolicyInput {
  /** Letters, digits and `._/@:-`, 1 to 100; unlike that of any other policy of the project and the stack. */
  readonly name: string;
  /** What it is for, for who reads it. */
  readonly description?: string | undefined;
  /** `"warn"`: what it denies is told, and the plan can be applied; for trying it out. @default "deny" */
  readonly severity?: "deny" | "warn" | undefined;
  /** Asked once for each plan. */
  readonly plan?: ((plan: PolicyPlan, answer: PolicyAnswer) => Nothing) | undefined;
  /** Asked for every machine of the stack, as it will be after the apply, whether or not it changes. */
  readonly machine?: ((machine: PolicyMachine, answer: PolicyAnswer) => Nothing) | undefined;
  /** Asked for everything that the plan changes. */
  readonly change?: ((change: PolicyChange, answer: PolicyAnswer) => Nothing) | undefined;
}

/** A policy: what `policies` of a configuration or a stack takes. */
export interface Policy {
  readonly "~orbform": "policy";
  /** What the author wrote; not checked yet. */
  readonly "~input": unknown;
  readonly "~site": Site;
}

/**
 * Declares a rule about plans. It has an effect where it is listed: in `policies` of `defineConfig` or `defineStack`.
 *
 * @example
 * export const smallMachines = definePolicy({
 *   name: "small-machines",
 *   machine: ({ memoryMiB }, { deny }) => {
 *     if (memoryMiB === undefined || memoryMiB > 8192) deny("A machine has at most 8 GiB of memory.");
 *   },
 * });
 */
export function definePolicy(input: PolicyInput): Policy {
  return makePolicy(input, siteOf(definePolicy));
}

/** Puts a policy together. `site` is where its author asked for it. */
export function makePolicy(input: PolicyInput, site: Site): Policy {
  return Object.freeze({ "~orbform": "policy", "~input": Object.freeze({ ...input }), "~site": site } as const);
}
