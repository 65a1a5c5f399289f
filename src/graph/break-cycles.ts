import { isInsideAction, type Action, type ActionId } from "../model/action.ts";
import { cyclicComponents } from "./components.ts";
import { byCodeUnit } from "./dag.ts";
import type { EdgeKind, Edges } from "./edges.ts";
import { isRelease, releasedName, type GiveTemporaryName, type Holder } from "./names.ts";
import { nameKey } from "../model/machine.ts";

interface Breaking {
  readonly edges: Edges;
  /** Temporary renames are added, and what follows them is changed. */
  readonly actions: Map<ActionId, Action>;
  readonly holders: ReadonlyMap<ActionId, Holder>;
  readonly giveName: GiveTemporaryName;
}

interface Edge {
  readonly later: ActionId;
  readonly earlier: ActionId;
}

/**
 * Rule 3: a cycle that names close is broken by one temporary name. Soft edges within a cycle give way first; those that
 * contradict nothing come back. Cycles of hard edges alone are left for the caller to report. Each round breaks one name
 * in each ring that is left.
 */
export function breakCycles(breaking: Breaking): void {
  let rings = cyclicComponents(breaking.edges.before(breaking.actions.keys()));
  const gaveWay: Edge[] = [];
  while (rings.length > 0) {
    const suspects: ActionId[] = [];
    for (const ring of rings) {
      if (breakOne(ring, breaking, gaveWay)) suspects.push(...ring);
    }
    rings = cyclicComponents(breaking.edges.before(suspects));
  }
  for (const { later, earlier } of gaveWay) {
    if (!breaking.edges.behind(earlier).has(later)) breaking.edges.add(later, earlier, "soft");
  }
}

function breakOne(ring: readonly ActionId[], breaking: Breaking, gaveWay: Edge[]): boolean {
  const soft = inside(ring, breaking.edges, "soft");
  for (const { later, earlier } of soft) breaking.edges.remove(later, earlier);
  gaveWay.push(...soft);
  if (soft.length > 0) return true;
  const [name] = inside(ring, breaking.edges, "name");
  if (name === undefined) return false;
  letGoEarly(name, breaking);
  return true;
}

function inside(ring: readonly ActionId[], edges: Edges, kind: EdgeKind): readonly Edge[] {
  const members = new Set(ring);
  const found: Edge[] = [];
  for (const later of ring.toSorted(byCodeUnit)) {
    for (const [earlier, each] of edges.of(later)) {
      if (each === kind && members.has(earlier)) found.push({ later, earlier });
    }
  }
  return found;
}

/** The holder takes a temporary name before anything else is done to it, and the name is free from then on. */
function letGoEarly({ later, earlier }: Edge, { edges, actions, holders, giveName }: Breaking): void {
  const release = actions.get(earlier);
  const holder = holders.get(earlier);
  edges.remove(later, earlier);
  if (release === undefined || holder === undefined || !isRelease(release)) return;
  const temporary = giveName(release);
  actions.set(temporary.id, temporary);
  edges.add(later, temporary.id);
  const [first] = holder.chain;
  if (first !== undefined) edges.add(first.id, temporary.id);
  // No two work on one machine at the same time.
  for (const each of actions.values()) {
    if (isInsideAction(each) && each.target.address === release.address) edges.add(each.id, temporary.id);
  }
  const old = nameKey(releasedName(release));
  for (const { id } of holder.chain) {
    const action = actions.get(id);
    const named = action !== undefined && isRelease(action) && nameKey(releasedName(action)) === old;
    if (named) actions.set(id, nowNamed(action, temporary.to));
  }
}

function nowNamed(action: Action, name: string): Action {
  if (action.kind === "rename") return { ...action, from: name };
  return action.kind === "delete" ? { ...action, name } : action;
}
