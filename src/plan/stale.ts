import { SETTING_PATHS } from "../model/authored.ts";
import { nameKey, SETTING_KEYS, type MachineFacts } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineSeen, PlanFacts } from "./plan-facts.ts";
import { targetsIn, type Touched } from "./touched.ts";

/** One thing that is not as it was when a plan was made. */
export interface Difference {
  /** A resource's address, or what else it is about: `name "web"`. */
  readonly subject: string;
  /** What became of it: `was renamed from "web" to "www"`. */
  readonly what: string;
}

/** The facts of a plan when it was made, and now. */
interface Facts {
  readonly planned: PlanFacts;
  readonly present: PlanFacts;
  /** Those that there are now. */
  readonly machines: readonly Pick<MachineFacts, "name">[];
}

/** Everything that a plan rests on and that is not as it was; empty: the plan can be carried out. Sorted by kind and subject. */
export function differencesIn(plan: Plan, touched: Touched, facts: Facts): readonly Difference[] {
  const label = labels(plan, facts);
  return [
    ...machineDifferences(facts, label),
    ...stateDifferences(touched, facts),
    ...nameDifferences(facts, label),
    ...defaultDifference(facts, label),
    ...recordDifferences("setting", facts.planned.settings, facts.present.settings),
    ...insideDifferences(facts),
    ...recordDifferences("archive of", facts.planned.archives, facts.present.archives),
    ...claimDifferences(facts, label),
  ];
}

type Label = (id: string) => string;

/** Machines by the address that the plan has them at, else by the name they had. */
function labels({ actions, refreshed }: Plan, { planned }: Facts): Label {
  const addresses = new Map<string, string>();
  for (const [address, state] of Object.entries(refreshed)) {
    if (state?.type === "machine" && state.id !== undefined) addresses.set(state.id, address);
  }
  for (const action of actions) {
    for (const { id, address } of targetsIn(action)) if (id !== null) addresses.set(id, address);
  }
  return (id) => addresses.get(id) ?? `machine ${quoted(planned.machines[id]?.name ?? id)}`;
}

function machineDifferences({ planned, present, machines }: Facts, label: Label): readonly Difference[] {
  const taken = new Set(machines.map(({ name }) => nameKey(name)));
  return Object.entries(planned.machines).flatMap(([id, before]) => {
    const after = present.machines[id] ?? null;
    const subject = label(id);
    if (before === null || after === null) {
      if (before === after) return [];
      return [{ subject, what: after === null ? gone(before, taken) : "is there again" }];
    }
    return changedIn(before, after).map((what) => ({ subject, what }));
  });
}

/** Made anew outside, it has its name again and another id. */
function gone(before: MachineSeen | null, taken: ReadonlySet<string>): string {
  if (before?.name === undefined) return "was deleted outside: its machine is gone";
  const again = taken.has(nameKey(before.name));
  const what = again ? "re-created outside" : "deleted outside";
  return `was ${what}: its machine ${quoted(before.name)} is gone${again ? ", and another one has its name" : ""}`;
}

function changedIn(before: MachineSeen, after: MachineSeen): readonly string[] {
  const changes: string[] = [];
  if (before.name !== after.name) changes.push(`was renamed from ${said(before.name)} to ${said(after.name)}`);
  if (before.power !== after.power) changes.push(`was ${before.power ?? "unknown"} and is ${after.power ?? "unknown"}`);
  else if (before.boot !== undefined && before.boot !== after.boot) changes.push(rebooted(after));
  for (const key of SETTING_KEYS) {
    const [was, is] = [before.settings[key], after.settings[key]];
    if (!sameJson(was, is)) changes.push(`has another ${SETTING_PATHS[key]}: ${said(was)} then, ${said(is)} now`);
  }
  if (before.addresses !== undefined && !sameJson(before.addresses, after.addresses))
    changes.push("has another address");
  return changes;
}

function rebooted({ boot }: MachineSeen): string {
  return boot === undefined ? "did not say whether it was restarted" : "was restarted";
}

function stateDifferences({ own, read }: Touched, { planned, present }: Facts): readonly Difference[] {
  return [...own, ...read].toSorted().flatMap((subject) => {
    const [was, is] = [planned.states[subject] ?? null, present.states[subject] ?? null];
    if (was === is) return [];
    if (is === null) return [{ subject, what: "is no longer in the state" }];
    if (was === null) return [{ subject, what: "is in the state now" }];
    return [{ subject, what: "was changed by another run" }];
  });
}

function nameDifferences({ planned, present }: Facts, label: Label): readonly Difference[] {
  return Object.entries(planned.names).flatMap(([name, was]) => {
    const is = present.names[name] ?? null;
    if (was === is || (was !== null && present.machines[was] === null)) return [];
    const subject = `name ${quoted(name)}`;
    if (is === null) return [{ subject, what: `was held by ${label(was ?? "")} and is free` }];
    return [{ subject, what: was === null ? "is taken by another machine now" : "is held by another machine now" }];
  });
}

function defaultDifference({ planned, present }: Facts, label: Label): readonly Difference[] {
  if (planned.default === undefined || planned.default === present.default) return [];
  const was = planned.default === null ? "none" : label(planned.default);
  return [{ subject: "default machine", what: `was ${was} and is another now` }];
}

function insideDifferences({ planned, present }: Facts): readonly Difference[] {
  return Object.entries(planned.inside).flatMap(([subject, was]) => {
    const is = present.inside[subject] ?? null;
    if (sameJson(was, is)) return [];
    if (is === null) return [{ subject, what: "can't be looked at any more" }];
    if (was === null) return [{ subject, what: "could not be looked at then, and can be now" }];
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !sameJson(was[key], is[key]));
    return [{ subject, what: `was changed inside its machine: ${keys.toSorted().join(", ")}` }];
  });
}

function recordDifferences(
  kind: string,
  planned: { readonly [key: string]: unknown },
  present: { readonly [key: string]: unknown },
): readonly Difference[] {
  return Object.entries(planned).flatMap(([key, was]) => {
    const is = present[key] ?? null;
    if (sameJson(was, is)) return [];
    const values = typeof is === "object" && is !== null ? "" : `: ${said(was)} then, ${said(is)} now`;
    return [{ subject: `${kind} ${key}`, what: `is another${values}` }];
  });
}

function claimDifferences({ planned, present }: Facts, label: Label): readonly Difference[] {
  const news = Object.entries(present.claims).filter(([subject, claim]) => planned.claims[subject] !== claim);
  return news.map(([subject, claim]) => ({
    subject: label(subject),
    what: `is claimed by another state now: ${claim}`,
  }));
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function said(value: unknown): string {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}

/**
 * The plan without what it would only write down of resources that it does not touch and that another run has changed
 * since: that run knew better.
 */
export function withoutMoved(plan: Plan, touched: Touched, { planned, present }: Omit<Facts, "machines">): Plan {
  const own: ReadonlySet<string> = touched.own;
  const isKept = ([address]: readonly [string, unknown]): boolean =>
    own.has(address) || planned.states[address] === present.states[address];
  return {
    ...plan,
    refreshed: Object.fromEntries(Object.entries(plan.refreshed).filter(isKept)),
    settled: Object.fromEntries(Object.entries(plan.settled).filter(isKept)),
  };
}
