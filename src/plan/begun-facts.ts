/** What a plan rests on, once runs of it have begun: as it was, or as these runs can have made it. */
import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { nameKey, SETTING_KEYS, type MachineSettings } from "../model/machine.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Plan } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import { isInsideResource, type MachineResource, type Snapshot } from "../model/snapshot.ts";
import { refsIn } from "../model/value.ts";
import { stateDigest, type MachineSeen, type PlanFacts } from "./plan-facts.ts";
import type { Left } from "./resume.ts";
import { addressesIn, namesIn } from "./touched.ts";

/** What is found when a plan is taken up again. */
export interface TakenUp {
  readonly present: PlanFacts;
  readonly prior: Snapshot;
  readonly left: Pick<Left, "begun" | "known">;
  readonly digest: Digest;
}

/**
 * The facts of a plan whose runs have begun. At the addresses that they began: as it is now, but that a machine has no name,
 * no setting and no end that they can't have given it. Elsewhere as it was; what was found outside is written down first.
 */
export function factsOnceBegun(facts: PlanFacts, plan: Plan, now: TakenUp): PlanFacts {
  const { present, digest } = now;
  const doing = new Doing(plan, now);
  const refreshed = new Map(Object.entries(plan.refreshed));
  const isTakenOver = (address: string): boolean =>
    refreshed.has(address) && stateDigest(refreshed.get(address), digest) === (present.states[address] ?? null);
  const asNow = <T>(was: Facts<T>, is: Facts<T>, holds: (key: string) => boolean): Facts<T> =>
    mapped(was, (value, key) => (holds(key) ? (is[key] ?? null) : value));
  const { isBegun } = doing;
  return {
    ...facts,
    states: asNow(facts.states, present.states, (each) => isBegun(each) || isTakenOver(each)),
    inside: asNow(facts.inside, present.inside, isBegun),
    archives: asNow(facts.archives, present.archives, isBegun),
    settings: asNow(facts.settings, present.settings, (key) => doing.setsGlobal(key)),
    names: asNow(facts.names, present.names, (name) => doing.mayGive(name, present.names[name] ?? null)),
    machines: mapped(facts.machines, (was, id) => doing.machine(id, was, present.machines[id] ?? null)),
    ...(facts.default !== undefined && { default: doing.isDefault(facts) ? present.default : facts.default }),
  };
}

/** Facts by address, name or id; `null`: it is not there. */
type Facts<T> = { readonly [key: string]: T | null };

function mapped<T>(record: Facts<T>, of: (value: T | null, key: string) => T | null): Facts<T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value, key)]));
}

/** What runs of a plan can have done. */
class Doing {
  readonly #plan: Plan;
  readonly #now: TakenUp;
  /** What state has of the machines that they began, by id. */
  readonly #states: ReadonlyMap<string, readonly MachineResource[]>;

  constructor(plan: Plan, now: TakenUp) {
    this.#plan = plan;
    this.#now = now;
    this.#states = statesById(now.prior, this.isBegun);
  }

  readonly isBegun = (address: string): boolean => {
    const { left, prior } = this.#now;
    const known = new Map<string, unknown>(Object.entries(prior.resources));
    const state = prior.resources[address as Address];
    return left.begun.has(address) || (known.has(address) && isInsideResource(state) && left.begun.has(state.on));
  };

  setsGlobal(key: string): boolean {
    return this.#begun().some((each) => "subject" in each && each.subject === "setting" && each.key === key);
  }

  /** It is free, a machine of theirs has it, or they gave it to one: whether to the one that has it is for the planner to say. */
  mayGive(name: string, holder: string | null): boolean {
    return (
      holder === null ||
      this.#isTheirs(holder) ||
      this.#begun()
        .flatMap(namesIn)
        .some((each) => nameKey(each) === name)
    );
  }

  isDefault({ default: was }: PlanFacts): boolean {
    const sets = this.#begun().some(({ kind }) => kind === "set-default");
    return sets || (was !== null && was !== undefined && this.#isTheirs(was));
  }

  machine(id: string, was: MachineSeen | null, is: MachineSeen | null): MachineSeen | null {
    const actions = this.#begunAt(id);
    if (was === null || !this.#isTheirs(id)) return was;
    if (is === null) return actions.some(({ kind }) => kind === "delete") ? null : was;
    const names = new Set([was.name, ...actions.flatMap(namesIn), ...(this.#states.get(id) ?? []).flatMap(namesOf)]);
    const { name: _name, ...rest } = is;
    const name = names.has(is.name) ? is.name : was.name;
    return { ...rest, ...(name !== undefined && { name }), settings: settingsOnceBegun(actions, was, is) };
  }

  #isTheirs(id: string): boolean {
    return this.#states.has(id) || this.#begunAt(id).length > 0;
  }

  #begun(): readonly Action[] {
    return this.#plan.actions.filter(({ address }) => this.isBegun(address));
  }

  #begunAt(id: string): readonly Action[] {
    return this.#begun().filter((each) => "target" in each && each.target?.id === id);
  }
}

/** A value that they set, or it was already. */
function settingsOnceBegun(actions: readonly Action[], was: MachineSeen, is: MachineSeen): MachineSettings {
  const given = actions.flatMap((each) => (each.kind === "config" ? each.settings : []));
  const isGiven = (key: (typeof SETTING_KEYS)[number]): boolean =>
    given.some(
      ({ [key]: value }) => value !== undefined && (refsIn(value).length > 0 || sameJson(value, is.settings[key])),
    );
  const keys = SETTING_KEYS.filter((key) => key in was.settings || key in is.settings);
  const entries = keys.flatMap((key) => {
    const from = isGiven(key) ? is.settings : was.settings;
    return key in from ? [[key, from[key]] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The machines of the addresses that were begun: those that stand there, and their predecessors. */
function statesById(
  { resources }: Snapshot,
  isBegun: (address: string) => boolean,
): ReadonlyMap<string, readonly MachineResource[]> {
  const states = addressesIn(resources).flatMap((address) => (isBegun(address) ? (resources[address] ?? []) : []));
  const found = new Map<string, readonly MachineResource[]>();
  for (const state of states) {
    if (state.type !== "machine") continue;
    for (const id of [state.id ?? [], ...(state.deposed ?? []).map((each) => each.id)].flat())
      found.set(id, [...(found.get(id) ?? []), state]);
  }
  return found;
}

function namesOf({ name, halfDeleted, deposed = [] }: MachineResource): readonly string[] {
  return [name, halfDeleted ?? [], ...deposed.map((each) => each.name)].flat();
}
