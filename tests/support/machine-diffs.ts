import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { MachineFacts } from "../../src/model/machine.ts";
import type { Drift } from "../../src/model/plan.ts";
import type { DesiredMachine } from "../../src/model/resource.ts";
import type { MachineResource } from "../../src/model/snapshot.ts";
import { findDrift } from "../../src/diff/drift.ts";
import { diffMachine, type MachineDiff, type MachinePair } from "../../src/diff/machine.ts";
import { desiredMachine, digest, liveMachine, stateOf } from "./plan-builders.ts";

export type Given<T> = { readonly [K in keyof T]?: T[K] };

/** The machine as it lives where nothing else is said. */
export const live = liveMachine("web");
/** A lifecycle that compares everything but these. */
export const ignoring = (...ignoreChanges: string[]) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, ignoreChanges } });
const as = (given: Given<MachineFacts>): MachineFacts => ({
  ...live,
  ...given,
  settings: { ...live.settings, ...given.settings },
});

/** A machine in the stack, in state and alive, told by what is not as usual. */
export interface Case {
  readonly desired?: Given<DesiredMachine>;
  /** As it was last applied; the same as desired where not given. */
  readonly applied?: Given<DesiredMachine>;
  readonly state?: Given<MachineResource>;
  readonly live?: Given<MachineFacts>;
  readonly adopting?: boolean;
  readonly isDefault?: boolean;
  /** Whether what is referred to is changing; nothing referred to is known. */
  readonly changing?: boolean;
}

function pairOf(given: Case): MachinePair {
  const desired = desiredMachine("web", given.desired);
  const prior = stateOf(desiredMachine("web", given.applied ?? given.desired), live, given.state);
  return {
    desired,
    live: as(given.live ?? {}),
    prior: given.adopting ? undefined : prior,
    ...(given.isDefault !== undefined && { isDefault: given.isDefault }),
    values: { lookup: () => undefined, isChanging: () => given.changing ?? false },
    digest,
  };
}

/** How it differs from what the stack wants. */
export function diff(given: Case): MachineDiff {
  return diffMachine(pairOf(given));
}

/** What changed outside. */
export function drift(given: Case): Drift | undefined {
  const pair = pairOf(given);
  if (pair.prior === undefined) throw new Error("drift is of what stands in state");
  return findDrift({ desired: pair.desired, prior: pair.prior, live: pair.live }, diffMachine(pair));
}
