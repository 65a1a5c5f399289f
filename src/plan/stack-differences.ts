import type { HashText } from "../model/inside-wish.ts";
import type { Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";
import { sealedAs } from "../model/sealed.ts";
import type { Difference } from "./stale.ts";

/** Whether a plan has but the digest of something that apply takes from the stack, or from a file beside it. */
export function needsStack(plan: Plan): boolean {
  return actedOn(plan).some(isElsewhere);
}

/** What the stack says, or a file beside it holds, and is not what the plan has the digest of. */
export function stackDifferences(plan: Plan, stack: DesiredState, hash: HashText): readonly Difference[] {
  const declared = new Map(stack.resources.map((each) => [each.address, each]));
  return actedOn(plan)
    .filter(isElsewhere)
    .flatMap((settled) => {
      const { address } = settled;
      const what = whyOther(settled, declared.get(address), hash);
      return what === undefined ? [] : [{ subject: address, address, what }];
    });
}

function actedOn({ settled, actions }: Plan): readonly DesiredResource[] {
  const acting = new Set<string>(actions.map(({ address }) => address));
  return Object.values(settled).filter(({ address }) => acting.has(address));
}

function isElsewhere(resource: DesiredResource): boolean {
  if (resource.type === "machine") return resource.origin.kind === "restore";
  return isDesiredInside(resource) && (resource.sensitive || "digest" in resource.properties);
}

function whyOther(settled: DesiredResource, now: DesiredResource | undefined, hash: HashText): string | undefined {
  if (now === undefined) return "is not in the stack any more";
  if (settled.type === "machine")
    return archiveOf(settled) === archiveOf(now) ? undefined : "is of another archive now";
  if (!isDesiredInside(settled) || !isDesiredInside(now)) return "is something else in the stack now";
  const { digest } = settled.properties;
  const present = digestOf(now, hash);
  // Hangs on something that is not known before apply: then it is compared once it is.
  if (typeof digest !== "string" || present === undefined) return undefined;
  return sealedAs(present, digest, hash) === digest ? undefined : "is to hold something else now";
}

function archiveOf(resource: DesiredResource): string | undefined {
  const isRestored = resource.type === "machine" && resource.origin.kind === "restore";
  return isRestored ? resource.origin.digest : undefined;
}

function digestOf({ properties: { content, digest } }: DesiredInside, hash: HashText): string | undefined {
  if (typeof digest === "string") return digest;
  return typeof content === "string" ? hash(content) : undefined;
}
