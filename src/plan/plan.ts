import { waitsFor, type Action, type ActionId, type DeleteAction, type RenameAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Change, Drift, Plan } from "../model/plan.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { sortTopologically } from "../graph/dag.ts";
import { order, type Ordered } from "../graph/order.ts";
import type { Part } from "../graph/part.ts";
import { checkNames } from "./check-names.ts";
import { decideAll } from "./decide-all.ts";
import type { Decision } from "./decision.ts";
import { desk, ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import { looksMoved } from "./looks-moved.ts";
import { heirsOf } from "./package-owners.ts";
import { pauseSources } from "./pause-sources.ts";
import { outputChanges, plannedOutputs } from "./outputs.ts";
import type { PlanInput } from "./plan-input.ts";
import { problem } from "./problems.ts";
import { setScene, type Scene } from "./scene.ts";
import { summarise } from "./summarise.ts";
import { weaveInside } from "./weave-inside.ts";

/**
 * Decides what has to be done so that live becomes what the stack desires. Pure, synchronous, total, deterministic: the
 * same input gives the same plan to the byte. Mistakes of the user are diagnostics of the plan; nothing is thrown for
 * them, and nothing is planned for an address that has one.
 */
export function plan(input: PlanInput): Plan {
  const scene = setScene(input);
  const table = desk(scene);
  const worldly = otherWorld(scene);
  const decisions =
    worldly.length > 0 ? [] : pauseSources(table, weaveInside(table, checkNames(scene, decideAll(table))));
  const acting = input.options.mode === "refresh-only" ? [] : decisions;
  const ordered = order(partsOf(scene, acting), (holder) => temporaryRename(table, holder));
  const problems = [...worldly, ...scene.diagnostics, ...cycleOf(ordered)];
  return assemble(table, { decisions, acting, ordered, problems });
}

interface Decided {
  readonly decisions: readonly Decision[];
  /** The same, or none where nothing is to be done. */
  readonly acting: readonly Decision[];
  readonly ordered: Ordered;
  readonly problems: readonly Diagnostic[];
}

function assemble(table: Desk, { decisions, acting, ordered, problems }: Decided): Plan {
  const { input } = table.scene;
  const { desired, prior, live, options } = input;
  const changes = changesOf(acting, ordered);
  const outputs = plannedOutputs(table);
  return {
    format: 1,
    mode: options.mode,
    stack: desired.stack,
    ...(desired.env !== undefined && { env: desired.env }),
    world: live.world,
    lineage: prior.lineage,
    serial: prior.serial,
    changes,
    drift: decisions.map((each) => each.drift).filter((each): each is Drift => each !== undefined),
    actions: ordered.actions,
    refreshed: refreshedOf(table.scene, decisions),
    settled: settledOf(acting),
    outputs,
    outputChanges: outputChanges(table, outputs),
    diagnostics: [...problems, ...decisions.flatMap((each) => each.diagnostics), ...looksMoved(table, acting)],
    allGone: areAllGone(table.scene),
    summary: summarise(changes, ordered.actions),
  };
}

function partsOf(scene: Scene, decisions: readonly Decision[]): readonly Part[] {
  const position = new Map(scene.order.map((address, index) => [address, index]));
  const last = scene.order.length;
  return decisions
    .filter(({ chain, pause }) => chain.length > 0 || pause !== undefined)
    .toSorted((a, b) => (position.get(a.address) ?? last) - (position.get(b.address) ?? last))
    .map(({ address, chain, ready, pause, around }) => ({
      address,
      chain,
      ...(around !== undefined && { around }),
      ...(ready !== undefined && { ready }),
      ...(pause !== undefined && { pause }),
      dependencies: scene.needs.get(address) ?? [],
      priorDependencies: scene.prior.get(address)?.dependencies ?? [],
      heirs: heirsOf(scene, address, scene.prior.get(address)),
    }));
}

function temporaryRename(table: Desk, holder: RenameAction | DeleteAction): RenameAction {
  const { address, target } = holder;
  const resource = table.scene.desired.get(address) ?? table.scene.prior.get(address);
  const from = holder.kind === "rename" ? holder.from : holder.name;
  if (resource === undefined) return { ...holder, kind: "rename", from, to: from, temporary: true };
  return {
    ...begin("rename", ownerAt(table, address, resource.lifecycle), "-temporary"),
    target,
    from,
    to: table.temporaryName(from, "tmp", address),
    temporary: true,
  };
}

/** Actions of a change in an order they can run in, temporary renames included. */
function changesOf(decisions: readonly Decision[], { actions }: Ordered): readonly Change[] {
  const { order: ids } = sortTopologically(new Map(actions.map((each) => [each.id, waitsFor(each)])));
  const owner = new Map(actions.map((each) => [each.id, each.address]));
  const own = new Map<Address, ActionId[]>();
  for (const id of ids) {
    const address = owner.get(id);
    if (address === undefined) continue;
    const list = own.get(address);
    if (list === undefined) own.set(address, [id]);
    else list.push(id);
  }
  const changes: Change[] = [];
  for (const { change, address } of decisions) {
    if (change !== undefined) changes.push({ ...change, actions: own.get(address) ?? [] });
  }
  return changes;
}

function refreshedOf(scene: Scene, decisions: readonly Decision[]): Plan["refreshed"] {
  const refreshed: { [address: Address]: ResourceState | null } = {};
  for (const { address, refreshed: state } of decisions) {
    const old = scene.movedFrom.get(address);
    const kept = scene.prior.get(address);
    if (old !== undefined) refreshed[old] = null;
    if (state !== undefined && state !== kept) refreshed[address] = state;
    // It has another address now, or names one that does.
    else if (kept !== undefined && kept !== scene.input.prior.resources[address]) refreshed[address] = kept;
  }
  return refreshed;
}

function settledOf(decisions: readonly Decision[]): Plan["settled"] {
  const resources: { [address: Address]: DesiredResource } = {};
  for (const { address, settled } of decisions) if (settled !== undefined) resources[address] = settled;
  return resources;
}

/** All of two or more recorded machines are gone: more likely a wrong view of the world than the truth. */
function areAllGone({ prior, liveById }: Scene): boolean {
  const ids: string[] = [];
  for (const state of prior.values()) if (state.type === "machine" && state.id !== undefined) ids.push(state.id);
  return ids.length >= 2 && ids.every((id) => !liveById.has(id));
}

function otherWorld({ input: { prior, live } }: Scene): readonly Diagnostic[] {
  const same = prior.world.driver === live.world.driver && prior.world.host === live.world.host;
  if (same || Object.keys(prior.resources).length === 0) return [];
  return [
    {
      severity: "error",
      code: "ORB_OTHER_WORLD",
      summary: "State speaks of another OrbStack",
      detail:
        `The state was made on ${prior.world.driver} ${prior.world.host}, and this is ${live.world.driver} ` +
        `${live.world.host}. Its machines can't be found here, so nothing is planned.`,
      hint: "If this is where they live now, run: orb state rehost",
    },
  ];
}

function cycleOf({ cycle, actions }: Ordered): readonly Diagnostic[] {
  if (cycle === undefined) return [];
  const [first = ""] = cycle;
  const address = actions.find((each: Action) => each.id === first)?.address;
  if (address === undefined) return [];
  return [
    problem(
      { address },
      {
        code: "ORB_DEPENDENCY_CYCLE",
        summary: "Actions wait for each other",
        detail: `Each of these waits for the one before: ${[...cycle, first].join(" → ")}.`,
        hint: "Take one of the dependencies out, then run: orb plan",
      },
    ),
  ];
}
