import type {
  Action,
  ActionId,
  CloneAction,
  ConfigAction,
  RenameAction,
  StartAction,
  StopAction,
} from "../model/action.ts";
import { closure, reverse, type Before } from "./dag.ts";
import type { Edges } from "./edges.ts";
import type { Part } from "./part.ts";

/**
 * Rule 4: clones of one source run one at a time, in the order of their parts, which no dependency contradicts; and a
 * source that is given by id is deleted only after them. That a clone waits for all that is done to its source follows
 * from its depending on it.
 */
export function orderClones(parts: readonly Part[], edges: Edges): void {
  const latest = new Map<string, ActionId>();
  for (const { chain } of parts) {
    for (const clone of chain.filter((each) => each.kind === "clone")) {
      const source = sourceKey(clone);
      const before = latest.get(source);
      if (before !== undefined) edges.add(clone.id, before);
      latest.set(source, clone.id);
    }
  }
  if (latest.size === 0) return;
  deleteLater(parts, latest, edges);
  for (const part of parts) if (part.pause !== undefined) pauseForClones(part, parts, edges);
}

/** The source is made, then stopped, then cloned, then started; only then is anything else done to it. */
function pauseForClones({ address, pause, ready, chain: own }: Part, parts: readonly Part[], edges: Edges): void {
  if (pause === undefined) return;
  edges.add(pause.start.id, pause.stop.id);
  if (ready !== undefined) edges.add(pause.stop.id, ready);
  const next = own[own.findIndex((each) => each.id === ready) + 1];
  if (next !== undefined) edges.add(next.id, pause.start.id);
  for (const { chain } of parts) {
    for (const action of chain) {
      if (action.kind !== "clone" || action.source.address !== address) continue;
      edges.add(action.id, pause.stop.id);
      edges.add(pause.start.id, action.id);
    }
  }
}

/**
 * What is done to a source beyond what its clones wait for (a name for the way, the last step of its replacement, whatever
 * is done to one that needs its own clone) is in no order with a clone where nothing else asks for one: then it waits for
 * the clone, so that the two never overlap.
 */
export function keepApart(actions: ReadonlyMap<ActionId, Action>, edges: Edges): void {
  const clones = new Map<string, CloneAction[]>();
  const changes: ChangeAction[] = [];
  for (const action of actions.values()) {
    if (isChange(action)) changes.push(action);
    if (action.kind === "clone") push(clones, sourceKey(action), action);
  }
  let after: Before<ActionId> | undefined;
  for (const change of changes) {
    const { id, target } = change;
    let ordered: ReadonlySet<ActionId> | undefined;
    for (const clone of clones.get(target.id ?? target.address) ?? []) {
      if (isAwaited(change, clone, { actions, edges })) continue;
      after ??= reverse(edges.before(actions.keys()));
      ordered ??= new Set([...closure([id], after), ...edges.behind(id)]);
      if (ordered.has(clone.id)) continue;
      edges.add(id, clone.id);
      after = undefined;
      ordered = undefined;
    }
  }
}

type ChangeAction = RenameAction | ConfigAction | StartAction | StopAction;

function isChange(action: Action): action is ChangeAction {
  return ["rename", "config", "start", "stop", "restart"].includes(action.kind);
}

/** A clone that waits for its source waits for all that is done to it but for names: no need to look through the graph. */
function isAwaited(
  { kind, address }: ChangeAction,
  { id }: CloneAction,
  { actions, edges }: { readonly actions: ReadonlyMap<ActionId, Action>; readonly edges: Edges },
): boolean {
  return kind !== "rename" && [...edges.of(id).keys()].some((earlier) => actions.get(earlier)?.address === address);
}

function push(groups: Map<string, CloneAction[]>, key: string, clone: CloneAction): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [clone]);
  else group.push(clone);
}

function sourceKey({ source }: CloneAction): string {
  return source.id ?? source.address;
}

/** Clones of one source are chained, so waiting for the last is waiting for all. */
function deleteLater(parts: readonly Part[], latest: ReadonlyMap<string, ActionId>, edges: Edges): void {
  for (const { chain } of parts) {
    for (const action of chain) {
      const clone = action.kind === "delete" && action.target.id !== null ? latest.get(action.target.id) : undefined;
      if (clone !== undefined) edges.add(action.id, clone);
    }
  }
}
