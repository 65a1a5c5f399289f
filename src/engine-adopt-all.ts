/** Which machines `orb adopt --all` takes into state. */
import { NO_POLICIES } from "./model/policy.ts";
import type { EnginePorts, Planned } from "./engine-types.ts";
import { PLAIN_REQUEST } from "./engine-types.ts";
import { nameKey } from "./model/machine.ts";
import type { DesiredMachine, DesiredResource } from "./model/resource.ts";
import { onlyAdoption } from "./plan/adopt-only.ts";
import { withDigest } from "./plan/plan-digest.ts";
import { plan } from "./plan/plan.ts";

/** What planning once more, from what was read already, needs. */
type Deciding = Pick<EnginePorts, "digest" | "hashText">;

/**
 * What a plan becomes where every machine of the stack that state doesn't have is adopted by the name the stack gives it;
 * those whose name nothing has are left for the next plan to make. Reads nothing.
 */
export function adoptEvery(
  { digest, hashText }: Deciding,
  planned: Planned,
  { allowReplace }: { readonly allowReplace: boolean },
): Planned {
  const { stack, prior, live } = planned;
  const there = new Set(live.machines.map(({ name }) => nameKey(name)));
  const free = stack.value.resources.filter(isMachine).filter((each) => !isInState(planned, each));
  const adopt = free.filter((each) => there.has(nameKey(each.name))).map(({ address }) => address);
  // No target: what is adopted needs nothing that is not there yet.
  const options = { ...PLAIN_REQUEST, adopt, allowReplace };
  const made = plan({ desired: stack.value, prior, live, durations: new Map(), options, digest, hashText });
  const wanted = new Set<string>(adopt);
  const diagnostics = made.diagnostics.filter(({ address }) => address === undefined || wanted.has(address));
  const notices = [...planned.notices, ...noticesOf(free.length - adopt.length, adopt.length)];
  const whole = { ...onlyAdoption(made, ...adopt), diagnostics: [...stack.diagnostics, ...diagnostics] };
  return withDigest({ plan: whole, stack, prior, live, policy: NO_POLICIES, notices }, digest);
}

function isMachine(resource: DesiredResource): resource is DesiredMachine {
  return resource.type === "machine";
}

function noticesOf(missing: number, adopted: number): readonly string[] {
  const none = "Nothing to adopt: every machine of the stack that exists is in its state already.";
  const others = `Of ${missing} more in the stack there is no machine of that name: the next apply makes them.`;
  return [...(adopted === 0 ? [none] : []), ...(missing > 0 ? [others] : [])];
}

function isInState({ prior }: Planned, { address }: DesiredMachine): boolean {
  const found = prior.resources[address];
  return found?.type === "machine" && found.id !== undefined;
}
