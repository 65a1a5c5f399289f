/** What a plan's graph says of any two of its actions, found without the code that made it. */
import { waitsFor, type Action, type ActionId, type CloneAction, type ExportAction } from "../../src/model/action.ts";
import type { MachineFacts } from "../../src/model/machine.ts";
import type { Plan } from "../../src/model/plan.ts";

/** The machine that something is done to: by id, or as the one that this plan makes at an address. */
export type Subject = string;

/** A name, and from which action to which a machine has it; `null` = before and after this plan. */
export interface Holding {
  readonly name: string;
  readonly subject: Subject;
  readonly from: ActionId | null;
  readonly to: ActionId | null;
}

/** Actions that are done to a machine and must not overlap with another on it. */
export type Mutating = Extract<
  Action,
  { readonly kind: "create" | "clone" | "restore" | "rename" | "start" | "stop" | "restart" | "config" | "delete" }
>;

/** A plan's actions and every path between them. */
export class Reach {
  readonly plan: Plan;
  readonly #before = new Map<ActionId, ReadonlySet<ActionId>>();

  constructor(plan: Plan) {
    this.plan = plan;
    const byId = new Map(plan.actions.map((each) => [each.id, each]));
    const visit = (id: ActionId): ReadonlySet<ActionId> => {
      const known = this.#before.get(id);
      if (known !== undefined) return known;
      const all = new Set<ActionId>();
      this.#before.set(id, all);
      for (const each of waits(byId.get(id))) for (const one of [each, ...visit(each)]) all.add(one);
      return all;
    };
    for (const { id } of plan.actions) visit(id);
  }

  /** Whether one comes before the other in every order that the graph allows. */
  isBefore(first: ActionId, second: ActionId): boolean {
    return this.#before.get(second)?.has(first) === true;
  }

  /** Whether the graph says which of the two comes first. */
  isOrdered(one: ActionId, other: ActionId): boolean {
    return one === other || this.isBefore(one, other) || this.isBefore(other, one);
  }

  /** In an order that the graph allows; the only one where each two of them are ordered. */
  sorted<T extends Action>(actions: readonly T[]): readonly T[] {
    return actions.toSorted(
      (left, right) => Number(this.isBefore(right.id, left.id)) - Number(this.isBefore(left.id, right.id)),
    );
  }

  /** What is done to each machine. */
  mutations(): ReadonlyMap<Subject, readonly Mutating[]> {
    const found = new Map<Subject, Mutating[]>();
    for (const action of this.plan.actions) {
      if (!isMutating(action)) continue;
      const subject = subjectOf(action);
      found.set(subject, [...(found.get(subject) ?? []), action]);
    }
    return new Map([...found].map(([subject, actions]) => [subject, this.sorted(actions)]));
  }

  clones(): readonly CloneAction[] {
    return this.plan.actions.filter((each) => each.kind === "clone");
  }

  exports(): readonly ExportAction[] {
    return this.plan.actions.filter((each) => each.kind === "export");
  }

  /** Every name that any machine has at any time, the names of machines that nothing is done to included. */
  holdings(live: readonly MachineFacts[]): readonly Holding[] {
    const mutations = this.mutations();
    const there = new Set<Subject>(live.map(({ id }) => id));
    const made = [...mutations.keys()].filter((each) => !there.has(each));
    return [
      ...live.flatMap(({ id, name }) => holdingsOf(id, { name, from: null }, mutations.get(id) ?? [])),
      ...made.flatMap((each) => holdingsOf(each, undefined, mutations.get(each) ?? [])),
    ];
  }
}

function waits(action: Action | undefined): readonly ActionId[] {
  return action === undefined ? [] : waitsFor(action);
}

/** Which machine is exported. */
export function exportedBy({ target }: ExportAction): Subject {
  return target.id ?? newAt(target.address);
}

/** Which machine an action is done to. */
function subjectOf(action: Mutating): Subject {
  if ("target" in action) return action.target.id ?? newAt(action.address);
  return newAt(action.address);
}

/** Which machine a clone is made of. */
export function sourceOf({ source }: CloneAction): Subject {
  return source.id ?? newAt(source.address);
}

/** Whether an action is one that stops or starts a source for its clones. */
export function isPause({ id }: Action): boolean {
  return id.endsWith(":stop-for-clone") || id.endsWith(":start-after-clone");
}

/** Whether an action makes a machine. */
export function makes(action: Action): action is Extract<Action, { readonly kind: "create" | "clone" | "restore" }> {
  return action.kind === "create" || action.kind === "clone" || action.kind === "restore";
}

function newAt(address: string): Subject {
  return `new ${address}`;
}

function isMutating(action: Action): action is Mutating {
  return makes(action) || ["rename", "start", "stop", "restart", "config", "delete"].includes(action.kind);
}

interface Held {
  readonly name: string;
  readonly from: ActionId | null;
}

function holdingsOf(subject: Subject, first: Held | undefined, actions: readonly Mutating[]): readonly Holding[] {
  const holdings: Holding[] = [];
  let held = first;
  for (const action of actions) {
    const next = nextName(action);
    if (next === undefined) continue;
    if (held !== undefined) holdings.push({ ...held, subject, to: action.id });
    held = { name: next, from: action.id };
    if (action.kind !== "delete") continue;
    holdings.push({ ...held, subject, to: action.id });
    return holdings;
  }
  return held === undefined ? holdings : [...holdings, { ...held, subject, to: null }];
}

function nextName(action: Mutating): string | undefined {
  if (makes(action)) return action.name;
  if (action.kind === "rename") return action.to;
  return action.kind === "delete" ? action.temporaryName : undefined;
}
