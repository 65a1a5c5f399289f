import { expect, test } from "vitest";
import { atRest } from "../../../src/model/at-rest.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { MachineResource, Snapshot } from "../../../src/model/snapshot.ts";
import { at, desiredMachine, inputOf, liveMachine, stateOf } from "../../support/plan-builders.ts";

const plain = stateOf(desiredMachine("web"), liveMachine("web"));
const onItsWay = { returnTo: "stopped", identityOwed: true, halfDeleted: "web-del" } as const;
const old = { id: machineId("01OLD"), name: "old" };

const snapshotOf = (more: object): Snapshot => inputOf({ prior: { "machine.web": { ...plain, ...more } } }).prior;
const restored = (kept: object, present: object): MachineResource => {
  const state = atRest(snapshotOf(kept), snapshotOf(present)).resources[at("web")];
  if (state?.type !== "machine") throw new Error("it is gone");
  return state;
};

test("what was on the way of a machine then and is not now is not put back", () => {
  expect(restored({ ...onItsWay, deposed: [old] }, {})).toEqual(plain);
  expect(restored(onItsWay, { id: machineId("01OTHER"), ...onItsWay })).toEqual(plain);
});

test("what still is on the way of it stays", () => {
  expect(restored({}, onItsWay)).toEqual({ ...plain, ...onItsWay });
  expect(restored({ deposed: [old] }, { deposed: [old] }).deposed).toEqual([old]);
});
