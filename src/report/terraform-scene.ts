/** A plan beside what was there and what is wanted: what its JSON in Terraform's shape is made of. */
import type { Action, ActionId } from "../model/action.ts";
import { parseAddress, type Address, type ResourceType } from "../model/address.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Change, Drift, Plan } from "../model/plan.ts";
import type { DesiredResource, DesiredState } from "../model/resource.ts";
import type { ResourceState, Snapshot } from "../model/snapshot.ts";
import { concealing, sideOf, type Side } from "./terraform-sides.ts";
import { wholeValues } from "./terraform-values.ts";
import type { Review } from "./review.ts";
import { terraformName } from "./terraform-words.ts";

/** What a plan was made of: the last snapshot, and what the stack declares. */
export interface Worlds {
  readonly prior: Snapshot;
  readonly desired: DesiredState;
}

/** What becomes of one resource. `change` is absent where nothing is planned for it. */
export interface Outcome {
  readonly address: Address;
  readonly type: ResourceType;
  readonly change?: Change;
  /** In the order they run in. */
  readonly actions: readonly Action[];
  /** `null`: it is not there. */
  readonly before: Side | null;
  readonly after: Side | null;
}

/** What changed outside of one resource. */
export interface DriftOutcome {
  readonly drift: Drift;
  readonly type: ResourceType;
  readonly before: Side;
  readonly after: Side | null;
}

/** Everything that documents about a plan are made of. */
export interface Scene {
  readonly review: Review;
  readonly plan: Plan;
  readonly worlds: Worlds;
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  /** State as it was refreshed from live, by address. */
  readonly refreshed: ReadonlyMap<Address, ResourceState>;
  /** In Terraform's order, those without a change too. */
  readonly outcomes: readonly Outcome[];
  readonly drift: readonly DriftOutcome[];
}

/** Puts a plan beside what it was made of. */
export function setScene(review: Review, worlds: Worlds): Scene {
  const { plan } = review;
  const desired = new Map(worlds.desired.resources.map((each) => [each.address, each]));
  for (const each of Object.values(plan.settled)) desired.set(each.address, each);
  const refreshed = refreshedState(plan, worlds.prior);
  const base = { review, plan, worlds, desired, refreshed };
  return {
    ...base,
    outcomes: outcomesOf(base),
    drift: plan.drift.map((each) => driftOutcome(base, each)),
  };
}

type Base = Omit<Scene, "outcomes" | "drift">;

function refreshedState(plan: Plan, prior: Snapshot): ReadonlyMap<Address, ResourceState> {
  const all: readonly (readonly [string, ResourceState | null])[] = [
    ...Object.entries(prior.resources),
    ...Object.entries(plan.refreshed),
  ];
  const found = new Map<Address, ResourceState>();
  for (const [key, state] of all) {
    const address = parseAddress(key);
    if (address === undefined) continue;
    if (state === null) found.delete(address);
    else found.set(address, state);
  }
  return found;
}

function outcomesOf(base: Base): readonly Outcome[] {
  const { plan, refreshed } = base;
  const actions = new Map(plan.actions.map((each) => [each.id, each]));
  const taken = new Set<string>(plan.changes.map((each) => each.address));
  for (const { previousAddress } of plan.changes) if (previousAddress !== undefined) taken.add(previousAddress);
  const changed = plan.changes.map((each) => changeOutcome(base, each, actions));
  const still = [...refreshed].filter(([address]) => !taken.has(address));
  const unchanged = still.map(([address, state]) => unchangedOutcome(base, address, state));
  return [...changed, ...unchanged].toSorted(byAddress);
}

/** As Terraform sorts: what stands in the root module first, then by module, type and name. */
function byAddress({ address: left }: Outcome, { address: right }: Outcome): number {
  const [one, other] = [left, right].map((each) => ({ depth: each.split("/").length, ...terraformName(each) }));
  if (one === undefined || other === undefined) return 0;
  if (one.depth !== other.depth) return one.depth - other.depth;
  if (one.address === other.address) return 0;
  return one.address < other.address ? -1 : 1;
}

function changeOutcome(base: Base, change: Change, byId: ReadonlyMap<ActionId, Action>): Outcome {
  const { address, type, attributes } = change;
  const actions = change.actions.flatMap((id) => byId.get(id) ?? []);
  const whole = wholeOf(base, change, actions);
  const hidden = hiddenOf(base, address);
  const before = concealing(sideOf(whole, attributes, "before"), hidden);
  const after = concealing(sideOf(whole, attributes, "after"), hidden);
  const { isNew, isGone } = ends(change);
  return { address, type, change, actions, before: isNew ? null : before, after: isGone ? null : after };
}

function ends({ action }: Change): { readonly isNew: boolean; readonly isGone: boolean } {
  return { isNew: action === "create", isGone: action === "delete" || action === "forget" };
}

function wholeOf(base: Base, change: Change, actions: readonly Action[]): JsonObject {
  const { address, type, previousAddress } = change;
  const { isNew, isGone } = ends(change);
  const state = isNew ? undefined : stateFor(base, address, previousAddress);
  const whole = wholeValues({ type, state, desired: isGone ? undefined : base.desired.get(address) });
  const id = adoptedId(actions);
  return id === undefined ? whole : { ...whole, id };
}

/** The id of a machine that is taken into state. */
export function adoptedId(actions: readonly Action[]): string | undefined {
  const adopting = actions.find((each) => each.kind === "adopt");
  return adopting?.target.id ?? undefined;
}

function stateFor(
  { refreshed, worlds }: Base,
  address: Address,
  former: Address | undefined,
): ResourceState | undefined {
  const { resources } = worlds.prior;
  return refreshed.get(address) ?? resources[former ?? address] ?? resources[address];
}

/** The content of a sensitive file is not shown, of whichever side. */
export function hiddenOf({ desired }: Pick<Scene, "desired">, address: Address): readonly string[] {
  const resource = desired.get(address);
  return resource !== undefined && "sensitive" in resource && resource.sensitive ? ["content"] : [];
}

function unchangedOutcome(base: Base, address: Address, state: ResourceState): Outcome {
  const whole = wholeValues({ type: state.type, state, desired: base.desired.get(address) });
  const side = concealing(sideOf(whole, [], "after"), hiddenOf(base, address));
  return { address, type: state.type, actions: [], before: side, after: side };
}

function driftOutcome(base: Base, drift: Drift): DriftOutcome {
  const { address, attributes } = drift;
  const former = base.plan.changes.find((each) => each.address === address)?.previousAddress;
  const { resources } = base.worlds.prior;
  const state = resources[former ?? address] ?? resources[address];
  const type = state?.type ?? base.desired.get(address)?.type ?? "machine";
  const whole = wholeValues({ type, state, desired: undefined });
  const hidden = hiddenOf(base, address);
  const after = concealing(sideOf(whole, attributes, "after"), hidden);
  const before = concealing(sideOf(whole, attributes, "before"), hidden);
  return { drift, type, before, after: drift.kind === "changed" ? after : null };
}

/** A list, or nothing where it is empty: Terraform leaves out what is empty. */
export function filled<K extends string, V extends Json>(key: K, value: V): { readonly [P in K]?: V } {
  const made: { [P in K]?: V } = {};
  if (Object.keys(Object(value)).length > 0) made[key] = value;
  return made;
}
