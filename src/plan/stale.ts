import { SETTING_PATHS } from "../model/authored.ts";
import { nameKey, SETTING_KEYS, type MachineFacts } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { refsIn } from "../model/value.ts";
import { sameJson } from "../model/same-json.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { MachineSeen, PlanFacts } from "./plan-facts.ts";
import { targetsIn } from "./touched.ts";

/** One thing that is not as it was when a plan was made. */
export interface Difference {
  /** A resource's address, or what else it is about: `name "web"`. */
  readonly subject: string;
  /** The resource, where it is about one. */
  readonly address?: string;
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
export function differencesIn(plan: Plan, facts: Facts): readonly Difference[] {
  const label = labels(plan, facts);
  return [
    ...machineDifferences(facts, label),
    ...stateDifferences(facts),
    ...nameDifferences(facts, label),
    ...defaultDifference(plan, facts, label),
    ...settingDifferences(plan, facts),
    ...insideDifferences(facts),
    ...archiveDifferences(facts),
    ...claimDifferences(facts, label),
  ];
}

interface Labelled {
  readonly subject: string;
  readonly address?: string;
}

type Label = (id: string) => Labelled;

/** Machines by the address that the plan has them at, else by the name they had. */
function labels({ actions, refreshed }: Plan, { planned }: Facts): Label {
  const addresses = new Map<string, string>();
  for (const [address, state] of Object.entries(refreshed)) {
    if (state?.type === "machine" && state.id !== undefined) addresses.set(state.id, address);
  }
  for (const action of actions) {
    for (const { id, address } of targetsIn(action)) if (id !== null) addresses.set(id, address);
  }
  return (id) => {
    const address = addresses.get(id);
    if (address !== undefined) return { subject: address, address };
    return { subject: `machine ${quoted(planned.machines[id]?.name ?? id)}` };
  };
}

function machineDifferences({ planned, present, machines }: Facts, label: Label): readonly Difference[] {
  const taken = new Set(machines.map(({ name }) => nameKey(name)));
  return Object.entries(planned.machines).flatMap(([id, before]) => {
    const after = present.machines[id] ?? null;
    const about = label(id);
    if (before === null || after === null) {
      if (before === after) return [];
      return [{ ...about, what: after === null ? gone(before, taken) : "is there again" }];
    }
    return changedIn(before, after).map((what) => ({ ...about, what }));
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
  else if (before.boot !== after.boot) changes.push(rebooted(before, after));
  for (const key of SETTING_KEYS) {
    const [was, is] = [before.settings[key], after.settings[key]];
    if (!sameJson(was, is)) changes.push(`has another ${SETTING_PATHS[key]}: ${said(was)} then, ${said(is)} now`);
  }
  if (before.probe !== after.probe) changes.push(probed(after));
  if (before.addresses !== undefined && !sameJson(before.addresses, after.addresses))
    changes.push("has another address");
  return changes;
}

function probed({ probe }: MachineSeen): string {
  if (probe === undefined) return "was not looked at whether it is ready, and had been";
  return probe === "ready" ? "has become ready" : "is not ready any more";
}

function rebooted(before: MachineSeen, after: MachineSeen): string {
  if (before.boot === undefined)
    return "did not say which boot it was on when the plan was made, and may have been restarted";
  return after.boot === undefined ? "did not say whether it was restarted" : "was restarted";
}

function stateDifferences({ planned, present }: Facts): readonly Difference[] {
  const others = Object.keys(present.states).filter((each) => !(each in planned.states));
  const changed = Object.entries(planned.states).flatMap(([address, was]) => {
    const is = present.states[address] ?? null;
    if (was === is) return [];
    const what = is === null ? "is no longer in the state" : "was changed by another run";
    return [{ subject: address, address, what: was === null ? "is in the state now" : what }];
  });
  const what = "is in the state now, and has what this plan adopts or takes away";
  return [...changed, ...others.map((address) => ({ subject: address, address, what }))];
}

function nameDifferences({ planned, present }: Facts, label: Label): readonly Difference[] {
  return Object.entries(planned.names).flatMap(([name, was]) => {
    const is = present.names[name] ?? null;
    if (was === is || (was !== null && present.machines[was] === null)) return [];
    const subject = `name ${quoted(name)}`;
    if (is === null) return [{ subject, what: `was held by ${label(was ?? "").subject} and is free` }];
    return [{ subject, what: was === null ? "is taken by another machine now" : "is held by another machine now" }];
  });
}

function defaultDifference({ actions }: Plan, { planned, present }: Facts, label: Label): readonly Difference[] {
  if (planned.default === undefined || planned.default === present.default) return [];
  const was = planned.default === null ? undefined : label(planned.default);
  const owner = actions.find(({ kind }) => kind === "set-default") ?? was;
  const about = { subject: "default machine", ...(owner?.address !== undefined && { address: owner.address }) };
  return [{ ...about, what: `was ${was?.subject ?? "none"} and is another now` }];
}

function insideDifferences({ planned, present }: Facts): readonly Difference[] {
  return Object.entries(planned.inside).flatMap(([address, was]) => {
    const is = present.inside[address] ?? null;
    const about = { subject: address, address };
    if (sameJson(was, is)) return [];
    if (is === null) return [{ ...about, what: "can't be looked at any more" }];
    if (was === null) return [{ ...about, what: "could not be looked at then, and can be now" }];
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !sameJson(was[key], is[key]));
    return [{ ...about, what: `was changed inside its machine: ${keys.toSorted().join(", ")}` }];
  });
}

function settingDifferences({ actions }: Plan, { planned, present }: Facts): readonly Difference[] {
  return Object.entries(planned.settings).flatMap(([key, was]) => {
    const is = present.settings[key] ?? null;
    if (was === is) return [];
    const owner = actions.find((each) => "subject" in each && each.subject === "setting" && each.key === key);
    const what = `is another: ${said(was)} then, ${said(is)} now`;
    return [{ subject: `setting ${key}`, ...(owner && { address: owner.address }), what }];
  });
}

function archiveDifferences({ planned, present }: Facts): readonly Difference[] {
  return Object.entries(planned.archives).flatMap(([address, was]) => {
    const isSame = sameJson(was, present.archives[address] ?? null);
    return isSame ? [] : [{ subject: `archive of ${address}`, address, what: "is another" }];
  });
}

function claimDifferences({ planned, present }: Facts, label: Label): readonly Difference[] {
  const news = Object.entries(present.claims).filter(([subject, claim]) => planned.claims[subject] !== claim);
  return news.map(([subject, claim]) => ({
    ...label(subject),
    what: `is claimed by another state now: ${claim}`,
  }));
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A value in a difference. */
export function said(value: unknown): string {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}

/**
 * The plan without what it would only write down, of resources that it does not touch and of outputs, and that another run
 * has changed since: that run knew better.
 */
export function withoutMoved(
  plan: Plan,
  prior: Snapshot,
  { planned, present }: Pick<Facts, "planned" | "present">,
): Plan {
  const isKept = ([address]: readonly [string, unknown]): boolean =>
    address in planned.states || planned.written[address] === present.written[address];
  return {
    ...plan,
    refreshed: Object.fromEntries(Object.entries(plan.refreshed).filter(isKept)),
    settled: Object.fromEntries(Object.entries(plan.settled).filter(isKept)),
    outputs: outputsNow(plan, prior),
  };
}

/** Outputs that the plan changes, or that follow from what is; its others are as they were written last. */
function outputsNow({ outputs, outputChanges }: Plan, prior: Snapshot): Plan["outputs"] {
  const changed = new Set(outputChanges.map(({ name }) => name));
  const entries = Object.entries(outputs).map(([name, output]) => {
    const follows = changed.has(name) || refsIn(output.value).length > 0;
    return [name, follows ? output : prior.outputs[name]] as const;
  });
  return Object.fromEntries(entries.flatMap(([name, output]) => (output === undefined ? [] : [[name, output]])));
}
