import type { Address } from "../model/address.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { byCodeUnit, shortestCycle } from "../graph/dag.ts";
import { decideArchive } from "./decide-archive.ts";
import { decideInside } from "./decide-inside.ts";
import { decideMachine } from "./decide-machine.ts";
import { decideRemovedArchive } from "./removed-archive.ts";
import { insideBefore } from "./inside-before.ts";
import { decideRemovedInside } from "./removed-inside.ts";
import { decideRemovedMachine } from "./removed-machine.ts";
import { decideRemovedSetting } from "./removed-setting.ts";
import { decideSetting } from "./decide-setting.ts";
import { nothing, refused, type Decision } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { setOneDefault } from "./one-default.ts";
import { settingsAfter } from "./outlook.ts";
import { problem } from "./problems.ts";
import { priorArchive, priorMachine, type Scene } from "./scene.ts";

/** Decides about every address of the stack and of state, dependencies first. Sorted by address. */
export function decideAll(desk: Desk): readonly Decision[] {
  const { scene } = desk;
  const decisions: Decision[] = [];
  for (const address of scene.order) decisions.push(decideDesired(desk, address));
  for (const address of scene.stuck) decisions.push(refused(address, ...cycleAt(scene, address)));
  for (const [address, prior] of scene.prior) {
    if (!scene.desired.has(address) && scene.isSelected(address)) decisions.push(decideRemoved(desk, address, prior));
  }
  return setOneDefault(decisions.toSorted((left, right) => byCodeUnit(left.address, right.address)));
}

function decideDesired(desk: Desk, address: Address): Decision {
  const desired = desk.scene.desired.get(address);
  if (desired === undefined) return nothing(address);
  if (!desk.scene.isSelected(address)) return leaveAsIs(desk, address);
  const prior = desk.scene.prior.get(address);
  if (prior !== undefined && prior.type !== desired.type) return nothing(address);
  if (desired.type === "machine") return decideMachine(desk, desired);
  if (desired.type === "archive") return decideArchive(desk, desired);
  return desired.type === "setting" ? decideSetting(desk, desired) : decideInside(desk, desired);
}

/** Not part of this plan; others may refer to it as it is. */
function leaveAsIs(desk: Desk, address: Address): Decision {
  const made = priorArchive(desk.scene, address)?.made;
  if (made !== undefined) desk.archived.set(address, made);
  const state = priorMachine(desk.scene, address);
  if (state?.id === undefined) return nothing(address);
  const live = desk.scene.liveById.get(state.id);
  desk.outlooks.set(address, {
    made: false,
    booted: false,
    state,
    settings: settingsAfter(live?.settings ?? state.seen.settings, {}),
    running: live?.state === "running",
  });
  return nothing(address);
}

function decideRemoved(desk: Desk, address: Address, prior: ResourceState): Decision {
  if (prior.type === "machine") return decideRemovedMachine(desk, address, prior);
  if (prior.type === "archive") return decideRemovedArchive(desk, address, prior);
  return prior.type === "setting"
    ? decideRemovedSetting(desk, address, prior)
    : decideRemovedInside(desk, address, insideBefore(desk, address) ?? prior);
}

/** One error for one cycle, at its first address. */
function cycleAt(scene: Scene, address: Address) {
  if (address !== scene.stuck[0]) return [];
  const before = new Map(scene.stuck.map((each) => [each, scene.needs.get(each) ?? []]));
  const cycle = shortestCycle(before) ?? [];
  return [
    problem(scene.desired.get(address) ?? { address }, {
      code: "ORB_DEPENDENCY_CYCLE",
      summary: "Resources depend on each other",
      detail: `Each of these needs the next: ${[...cycle, ...cycle.slice(0, 1)].join(" → ")}.`,
      hint: "Take one of the references out, then run: orb plan",
    }),
  ];
}
