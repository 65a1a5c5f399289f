/** The ordering rules of plans, each as a check of what a graph allows; written from their words, not from the code. */
import type { Action, ActionId } from "../../src/model/action.ts";
import type { Address } from "../../src/model/address.ts";
import { nameKey, type MachineFacts } from "../../src/model/machine.ts";
import type { DesiredMachine, DesiredResource } from "../../src/model/resource.ts";
import type { MachineResource, ResourceState } from "../../src/model/snapshot.ts";
import type { PlanInput } from "../../src/plan/plan-input.ts";
import { exportedBy, isPause, makes, sourceOf, type Holding, type Mutating, type Reach } from "./plan-reach.ts";

/** What breaks a rule, in words; empty where nothing does. */
export type Rule = (input: PlanInput, reach: Reach) => readonly string[];

/** No two calls that change one machine overlap, and none overlaps with its being cloned. */
export const noOverlap: Rule = (_input, reach) => {
  const broken: string[] = [];
  for (const actions of reach.mutations().values()) broken.push(...unordered(reach, actions));
  for (const clone of reach.clones()) {
    for (const each of reach.mutations().get(sourceOf(clone)) ?? []) broken.push(...unordered(reach, [clone, each]));
  }
  return broken;
};

/** Rule 1: an action comes after those that produce what it refers to. */
export const afterWhatItRefersTo: Rule = ({ desired }, reach) =>
  desired.resources.flatMap(({ address, dependencies }) =>
    across(
      dependencies.flatMap((each) =>
        reach.plan.actions.filter((action) => action.address === each && produces(reach, action)),
      ),
      reach.plan.actions.filter((each) => each.address === address && refers(each)),
      (earlier, later) => reach.isBefore(earlier.id, later.id) || `${later.id} does not wait for ${earlier.id}`,
    ),
  );

/** Rule 1 for deletes: what depended on it goes first; where the stack of today contradicts that, it goes after. */
export const deletesInReverse: Rule = (input, reach) => {
  const prior = priorAt(input);
  const destroys = input.options.mode === "destroy";
  return [...prior].flatMap(([address, state]) =>
    across(
      reach.plan.actions.filter((each) => each.address === address && leaves(each)),
      reach.plan.actions.filter((each) => state.dependencies.includes(each.address) && leaves(each)),
      (first, second) =>
        reach.isBefore(first.id, second.id) ||
        (reach.isBefore(second.id, first.id) && (!destroys || needsToo(input, second.address, address))) ||
        `${second.id} does not wait for ${first.id}`,
    ),
  );
};

/** Rule 2: a name is taken only after whoever holds it has let go. */
export const oneHolderOfAName: Rule = ({ live }, reach) => {
  const holdings = reach.holdings(live.machines);
  const letsGo = (one: Holding, other: Holding): boolean =>
    one.to !== null && other.from !== null && reach.isBefore(one.to, other.from);
  return pairs(holdings)
    .filter(([one, other]) => one.subject !== other.subject && nameKey(one.name) === nameKey(other.name))
    .filter(([one, other]) => !letsGo(one, other) && !letsGo(other, one))
    .map(([one, other]) => `${one.name} may be held by ${one.subject} and ${other.subject} at once`);
};

/** What is renamed or deleted is at that time named as the action says. */
export const namesAsTheyAre: Rule = ({ live }, reach) => {
  const broken: string[] = [];
  const names = new Map<string, string>(live.machines.map(({ id, name }) => [id, name]));
  for (const [subject, actions] of reach.mutations()) {
    let name = names.get(subject);
    for (const each of actions) {
      const said = nameBefore(each) ?? name;
      if (said !== name) broken.push(`${each.id} says ${said}, and it is named ${name}`);
      name = nameAfter(each) ?? name;
    }
  }
  return broken;
};

/** Rule 4: a clone waits for all this plan does to its source, and its source's delete for the clone. */
export const clonesAfterTheirSource: Rule = (input, reach) =>
  reach.clones().flatMap((clone) =>
    (reach.mutations().get(sourceOf(clone)) ?? [])
      .filter((each) => !needsToo(input, each.address, clone.address))
      .filter((each) => !isPause(each) && !isFinalRename(reach, each))
      .filter((each) =>
        each.kind === "delete" ? !reach.isBefore(clone.id, each.id) : !reach.isBefore(each.id, clone.id),
      )
      .map((each) => `${clone.id} and ${each.id} are in no order, or in the wrong one`),
  );

/** Nothing is done to a machine, and no clone is made of it, while it is exported; two exports of it are one after another. */
export const exportsApart: Rule = (_input, reach) => {
  const exports = reach.exports();
  return exports.flatMap((each) => {
    const machine = exportedBy(each);
    const others = [
      ...(reach.mutations().get(machine) ?? []),
      ...reach.clones().filter((clone) => sourceOf(clone) === machine),
      ...exports.filter((other) => other !== each && exportedBy(other) === machine),
    ];
    return others.flatMap((other) => unordered(reach, [each, other]));
  });
};

/** Rule 4 for exports: a machine is exported after all this plan does to it, unless that has to wait for the archive. */
export const exportsAfterTheirMachine: Rule = (input, reach) =>
  reach.exports().flatMap((each) => {
    const isNeeded = input.desired.resources.some(({ dependencies }) => dependencies.includes(each.address));
    return (reach.mutations().get(exportedBy(each)) ?? [])
      .filter((other) => !reach.isBefore(other.id, each.id) && !isNeeded)
      .map((other) => `${each.id} does not wait for ${other.id}`);
  });

/** Rule 4: clones of one source run one at a time. */
export const clonesOneAtATime: Rule = (_input, reach) =>
  pairs(reach.clones())
    .filter(([one, other]) => sourceOf(one) === sourceOf(other))
    .flatMap(([one, other]) => unordered(reach, [one, other]));

/** Rule 4: a source is stopped for its clones where the driver asks for it, and nowhere else. */
export const sourcesStoppedWhereNeeded: Rule = ({ live }, reach) => {
  if (!live.capabilities.cloneNeedsStop)
    return reach.plan.actions.filter(isPause).map(({ id }) => `${id} is not needed`);
  return reach.clones().flatMap((clone) => {
    const source = sourceOf(clone);
    const earlier = (reach.mutations().get(source) ?? []).filter((each) => reach.isBefore(each.id, clone.id));
    const power = powerAfter(
      live.machines.find(({ id }) => id === source),
      earlier,
    );
    return power === "stopped" || power === "unknown" ? [] : [`${clone.id} finds its source ${power}`];
  });
};

/** Rule 5: a replacement deletes and then makes; with createBeforeDestroy it makes, deletes, and takes the name. */
export const replacements: Rule = ({ desired }, reach) =>
  reach.plan.changes
    .filter((each) => each.action === "replace" && each.type === "machine")
    .flatMap(({ address, createBeforeDestroy }) => {
      const own = reach.plan.actions.filter((each) => each.address === address);
      const made = own.find(makes);
      const gone = own.filter((each) => each.kind === "delete" && each.replacing);
      if (made === undefined || gone.length !== 1) return [`${address} is not replaced`];
      const [old] = gone;
      const wanted = desired.resources.find((each) => each.address === address);
      if (!createBeforeDestroy) return old && reach.isBefore(old.id, made.id) ? [] : [`${made.id} does not wait`];
      const making = own.filter((each) => makes(each) || ["config", "start", "stop"].includes(each.kind));
      const name = wanted?.type === "machine" ? wanted.name : "";
      const renamed = own.filter((each) => each.kind === "rename" && each.to === name);
      return [
        ...across(
          making.filter((each) => !isPause(each)),
          gone,
          ordered(reach),
        ),
        ...across(gone, renamed, ordered(reach)),
        ...(renamed.length === 1 && nameKey(made.name) !== nameKey(name) ? [] : [`${address} has not two names`]),
      ];
    });

/** Rule 6: set-default after the final name; never two. */
export const defaultLast: Rule = (_input, reach) => {
  const all = reach.plan.actions.filter((each) => each.kind === "set-default");
  const broken = all.length > 1 ? [`${all.length} times set-default`] : [];
  for (const { id, target } of all) {
    const actions = target === null ? [] : (reach.mutations().get(target.id ?? `new ${target.address}`) ?? []);
    const naming = actions.filter((each) => makes(each) || each.kind === "rename");
    broken.push(
      ...naming.filter((each) => !reach.isBefore(each.id, id)).map((each) => `${id} does not wait for ${each.id}`),
    );
  }
  return broken;
};

/** Rules 7 and 10: each machine ends with the power the stack wants, and `any` and strangers are left alone. */
export const powerAsWanted: Rule = (input, reach) => {
  const owned = ownedIds(input);
  return [...reach.mutations()].flatMap(([subject, actions]) => {
    const [first] = actions;
    const live = input.live.machines.find(({ id }) => id === subject);
    if (first === undefined || actions.some((each) => each.kind === "delete")) return [];
    const wanted = input.desired.resources.find((each) => each.address === first.address);
    const power = powerAfter(live, actions);
    if (wanted?.type !== "machine" || wanted.lifecycle.ignoreChanges.includes("power")) return leftAlone(actions, live);
    const owed = wanted.power === "any" ? owned.get(subject)?.returnTo : undefined;
    const state = wanted.power === "any" ? owed : wanted.power;
    if (state === undefined) return leftAlone(actions, live);
    return power === state || power === "unknown" ? [] : [`${subject} ends ${power}`];
  });
};

/** Rule 9: nothing is done to a machine that is not settled. */
export const settledOnly: Rule = ({ live }, reach) => {
  const unsettled = new Set<string>(
    live.machines.filter(({ state }) => !["running", "stopped"].includes(state)).map(({ id }) => id),
  );
  return reach.plan.actions
    .filter((each) => "target" in each && each.target?.id && unsettled.has(each.target.id))
    .map(({ id }) => `${id} is done to a machine in transition`);
};

/** Rule 10: what waits for a restart gets it, where the machine runs and shall run. */
export const restartsMadeUpFor: Rule = ({ live, desired }, reach) => {
  const running = new Set<string>(live.machines.filter(({ state }) => state === "running").map(({ id }) => id));
  return [...reach.mutations()].flatMap(([subject, actions]) => {
    const config = actions.find((each) => each.kind === "config");
    const wanted = desired.resources.find((each) => each.address === config?.address);
    if (config?.kind !== "config" || !config.needsRestart || !running.has(subject) || !isKeptRunning(wanted)) return [];
    const restarted = actions.some((each) => each.kind === "restart" && reach.isBefore(config.id, each.id));
    return restarted ? [] : [`${config.id} takes no effect`];
  });
};

/** State by the address it has in this plan: where an alias says so, the new one. */
export function priorAt({ desired, prior }: PlanInput): ReadonlyMap<Address, ResourceState> {
  const moved = new Map<string, Address>();
  for (const { address, lifecycle } of desired.resources) {
    for (const alias of lifecycle.aliases) if (prior.resources[address] === undefined) moved.set(alias, address);
  }
  const now = (old: string): Address => moved.get(old) ?? (old as Address);
  return new Map(
    Object.entries(prior.resources).map(([old, state]) => [
      now(old),
      { ...state, dependencies: state.dependencies.map(now) },
    ]),
  );
}

/** Machines that are ours, predecessors included, by id. */
export function ownedIds({ prior }: PlanInput): ReadonlyMap<string, MachineResource> {
  const owned = new Map<string, MachineResource>();
  for (const state of Object.values(prior.resources)) {
    if (state.type !== "machine") continue;
    if (state.id !== undefined) owned.set(state.id, state);
    for (const { id } of state.deposed ?? []) owned.set(id, state);
  }
  return owned;
}

function nameBefore(action: Mutating): string | undefined {
  if (action.kind === "rename") return action.from;
  return action.kind === "delete" ? action.name : undefined;
}

function nameAfter(action: Mutating): string | undefined {
  if (action.kind === "rename") return action.to;
  return makes(action) ? action.name : undefined;
}

function isKeptRunning(wanted: DesiredResource | undefined): wanted is DesiredMachine {
  return wanted?.type === "machine" && wanted.power === "running" && !wanted.lifecycle.ignoreChanges.includes("power");
}

/** Neither started nor stopped; starting what runs only probes it, and what is made may be started once. */
function leftAlone(actions: readonly Mutating[], live: MachineFacts | undefined): readonly string[] {
  if (live === undefined) return [];
  return actions
    .filter((each) => !isPause(each))
    .filter(({ kind }) => kind === "stop" || kind === "restart" || (kind === "start" && live.state === "stopped"))
    .map(({ id }) => `${id} is done to a machine whose power is its own`);
}

function powerAfter(live: MachineFacts | undefined, actions: readonly Mutating[]): string {
  let power: string = live?.state ?? "absent";
  for (const { kind } of actions) {
    if (kind === "create" || kind === "start" || kind === "restart") power = "running";
    if (kind === "clone" || kind === "stop") power = "stopped";
    if (kind === "restore") power = "unknown";
  }
  return power;
}

/** What others may refer to is there once this is done; not a name for the way, nor the last step of a replacement. */
function produces(reach: Reach, action: Action): boolean {
  if (["delete", "forget", "remove", "set-default"].includes(action.kind) || isPause(action)) return false;
  if (action.kind !== "rename") return true;
  return !action.temporary && !isFinalRename(reach, action);
}

/** What takes away the old refers to nothing. */
function refers(action: Action): boolean {
  const onTheWay = action.kind === "rename" && action.temporary;
  return !["delete", "remove", "forget"].includes(action.kind) && !isPause(action) && !onTheWay;
}

/** A new machine takes its name after its predecessor is deleted, which waits for those who need the new one. */
function isFinalRename({ plan }: Reach, action: Action): boolean {
  if (action.kind !== "rename" || action.target.id !== null) return false;
  return plan.actions.some((each) => each.address === action.address && makes(each));
}

function leaves({ kind }: Action): boolean {
  return kind === "delete" || kind === "remove";
}

/** Whether one address needs another however indirectly, as the stack says or as was last applied. */
function needsToo(input: PlanInput, from: Address, to: Address): boolean {
  const prior = priorAt(input);
  const declared = new Map(input.desired.resources.map((each) => [each.address, each.dependencies]));
  const reached = new Set([from]);
  for (const each of reached) {
    if (each === to) return true;
    for (const next of [...(declared.get(each) ?? []), ...(prior.get(each)?.dependencies ?? [])]) reached.add(next);
  }
  return false;
}

function ordered(reach: Reach): (first: Action, second: Action) => true | string {
  return (first, second) => reach.isBefore(first.id, second.id) || `${second.id} does not wait for ${first.id}`;
}

function unordered(reach: Reach, actions: readonly { readonly id: ActionId }[]): readonly string[] {
  return pairs(actions)
    .filter(([one, other]) => !reach.isOrdered(one.id, other.id))
    .map(([one, other]) => `${one.id} and ${other.id} may overlap`);
}

function across<T>(
  left: readonly T[],
  right: readonly T[],
  check: (one: T, other: T) => true | string,
): readonly string[] {
  return left.flatMap((one) => right.map((other) => check(one, other)).filter((each) => each !== true));
}

function pairs<T>(all: readonly T[]): readonly (readonly [T, T])[] {
  return all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));
}
