import type { HashText } from "../model/inside-wish.ts";
import type { Plan } from "../model/plan.ts";
import { isDesiredInside, type DesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";
import { sealedAs } from "../model/sealed.ts";
import type { SavedPlan } from "./saved-plan.ts";
import { secretDigests } from "./secret-digests.ts";
import type { Difference } from "./stale.ts";

/** Whether a plan has but the digest of something that apply takes from the stack, or from a file beside it. */
export function needsStack(plan: Plan): boolean {
  return actedOn(plan).some(isElsewhere);
}

/** What the stack says, or a file beside it holds, and is not what the plan has the digest of. */
export function stackDifferences(
  { plan, stack: { secrets } }: Pick<SavedPlan, "plan" | "stack">,
  stack: DesiredState,
  hash: HashText,
): readonly Difference[] {
  const declared = new Map(stack.resources.map((each) => [each.address, each]));
  const words = new Map<string, string>(Object.entries(secrets));
  const now = secretDigests(stack.resources, { host: plan.world.host, stack: plan.stack, hash });
  return actedOn(plan)
    .filter(isElsewhere)
    .flatMap((settled) => {
      const { address } = settled;
      const isOther = words.get(address) !== now[address];
      const what = whyOther(settled, declared.get(address), hash) ?? (isOther ? OTHER_CONTENT : undefined);
      return what === undefined ? [] : [{ subject: address, address, what }];
    });
}

const OTHER_CONTENT = "is to hold something else now";

/** The plan with its archives where the stack has them on this computer: which they are was looked at. */
export function withArchivesOf(plan: Plan, { resources }: DesiredState): Plan {
  const paths = new Map(
    resources.flatMap((each) => (pathOf(each) === undefined ? [] : [[each.address, pathOf(each)]])),
  );
  const actions = plan.actions.map((each) =>
    each.kind === "restore" ? { ...each, path: paths.get(each.address) ?? each.path } : each,
  );
  return { ...plan, actions };
}

function pathOf(resource: DesiredResource): string | undefined {
  return resource.type === "machine" && resource.origin.kind === "restore" ? resource.origin.path : undefined;
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
  // Hangs on something that is not known before apply: how the stack words it is compared, and it once it is known.
  if (typeof digest !== "string" || present === undefined) return undefined;
  return sealedAs(present, digest, hash) === digest ? undefined : OTHER_CONTENT;
}

function archiveOf(resource: DesiredResource): string | undefined {
  const isRestored = resource.type === "machine" && resource.origin.kind === "restore";
  return isRestored ? resource.origin.digest : undefined;
}

function digestOf({ properties: { content, digest } }: DesiredInside, hash: HashText): string | undefined {
  if (typeof digest === "string") return digest;
  return typeof content === "string" ? hash(content) : undefined;
}
