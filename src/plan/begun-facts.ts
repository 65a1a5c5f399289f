/** What a plan rests on, once runs of it have begun: as it was, or as these runs can have made it. */
import { isInsideAction, isMaking, type Action } from "../model/action.ts";
import { addressesIn } from "../model/address.ts";
import { nameKey, SETTING_KEYS, type MachineSettings } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";
import { settingText } from "../model/setting-text.ts";
import { refsIn, resolveValue, type Value } from "../model/value.ts";
import type { MachineSeen, PlanFacts } from "./plan-facts.ts";
import type { Left } from "./resume.ts";
import { namesIn } from "./touched.ts";

/** What is found when a plan is taken up again. */
export interface FoundAgain {
  readonly present: PlanFacts;
  readonly prior: Snapshot;
  readonly left: Left;
}

/**
 * The facts of a plan whose runs have begun. At the addresses that they began: as it is now, but that a machine has no name,
 * no setting and no end that they can't have given it. Elsewhere as it was; what was found outside is written down first.
 */
export function factsOnceBegun(facts: PlanFacts, plan: Plan, now: FoundAgain): PlanFacts {
  const { present } = now;
  const doing = new Doing(plan, now);
  const asNow = <T>(was: Facts<T>, is: Facts<T>, holds: (key: string) => boolean): Facts<T> =>
    mapped(was, (value, key) => (holds(key) ? (is[key] ?? null) : value));
  const { isBegun } = doing;
  return {
    ...facts,
    // No other run has written since, or it would not be taken up again.
    states: mapped(facts.states, (_, address) => present.states[address] ?? null),
    inside: mapped(facts.inside, (was, each) => (doing.reaches(each, was) ? (present.inside[each] ?? null) : was)),
    archives: asNow(facts.archives, present.archives, isBegun),
    settings: mapped(facts.settings, (was, key) => doing.setting(key, was, present.settings[key] ?? null)),
    names: asNow(facts.names, present.names, (name) => doing.mayGive(name, present.names[name] ?? null)),
    machines: mapped(facts.machines, (was, id) => doing.machine(id, was, present.machines[id] ?? null)),
    ...(facts.default !== undefined && { default: doing.default(facts.default, present.default ?? null) }),
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
  readonly #now: FoundAgain;
  /** What state has of the machines that they began, by id. */
  readonly #states: ReadonlyMap<string, readonly MachineResource[]>;

  constructor(plan: Plan, now: FoundAgain) {
    this.#plan = plan;
    this.#now = now;
    this.#states = statesById(now.prior, this.isBegun);
  }

  readonly isBegun = (address: string): boolean => this.#now.left.begun.has(address);

  /** Inside a machine that they make, or that could or can be looked into only on the way, what lies there is as it is. */
  reaches(address: string, was: unknown): boolean {
    const { present } = this.#now;
    if (this.isBegun(address)) return true;
    const machine = this.#plan.actions.filter(isInsideAction).find((each) => each.address === address)?.target.address;
    if (machine === undefined || !this.isBegun(machine)) return false;
    const isMade = this.#plan.actions.some((each) => each.address === machine && isMaking(each));
    return isMade || was === null || (present.inside[address] ?? null) === null;
  }

  /** A global setting as it was, or as they set it. */
  setting(key: string, was: string | null, is: string | null): string | null {
    const own = this.#begun().filter((each) => "subject" in each && each.subject === "setting" && each.key === key);
    const isGiven = own.some((each) => {
      const state = this.#now.prior.resources[each.address];
      if (state?.type === "setting" && state.seen === is) return true;
      return "subject" in each && each.subject === "setting" && isGivenBy(each.value, is);
    });
    return isGiven ? is : was;
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

  /** The default machine as it was, as they set it, or, where they delete the one that was, whichever it is. */
  default(was: string | null, is: string | null): string | null {
    const { prior, left } = this.#now;
    const sets = this.#begun().filter((each) => each.kind === "set-default");
    const given = sets.flatMap(({ target }): readonly (string | null)[] => {
      if (target === null) return [null];
      const state = prior.resources[target.address];
      return [target.id, state?.type === "machine" ? (state.id ?? null) : null];
    });
    if (given.includes(is)) return is;
    // What is done is as it was left: somebody who has chosen another one since meant it.
    if (sets.length > 0 && sets.every(({ id }) => left.done.has(id)))
      return given.find((each) => each !== null) ?? null;
    return this.#begun().some((each) => each.kind === "delete" && each.target.id === was) ? is : was;
  }

  machine(id: string, was: MachineSeen | null, is: MachineSeen | null): MachineSeen | null {
    const actions = this.#begunAt(id);
    if (was === null || !this.#isTheirs(id)) return was;
    if (is === null) return actions.some(({ kind }) => kind === "delete") ? null : was;
    const names = new Set([was.name, ...actions.flatMap(namesIn), ...(this.#states.get(id) ?? []).flatMap(namesOf)]);
    const { name: _name, ...rest } = is;
    const name = names.has(is.name) ? is.name : was.name;
    return {
      ...rest,
      ...(name !== undefined && { name }),
      settings: settingsOnceBegun({ actions, states: this.#states.get(id) ?? [] }, was, is),
    };
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

/** Whether a global setting is what a value makes of it; one that hangs on something may be anything. */
function isGivenBy(value: Value, is: string | null): boolean {
  if (refsIn(value).length > 0) return true;
  const given = resolveValue(value, () => undefined) ?? null;
  return given === null ? is === null || is === "" : settingText(given) === is;
}

/** What runs began of a machine: actions, and what state has of it. */
interface Begun {
  readonly actions: readonly Action[];
  readonly states: readonly MachineResource[];
}

/** A value that they set, or it was already. */
function settingsOnceBegun({ actions, states }: Begun, was: MachineSeen, is: MachineSeen): MachineSettings {
  const given = actions.flatMap((each) => (each.kind === "config" ? each.settings : []));
  const isGiven = (key: (typeof SETTING_KEYS)[number]): boolean =>
    // What OrbStack made of it, where it was seen, is in state.
    states.some(({ seen }) => sameJson(seen.settings[key] ?? null, is.settings[key] ?? null)) ||
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
