import { expect, test } from "vitest";
import type { PendingIntent } from "../../../src/model/snapshot.ts";
import { machineId } from "../../../src/model/machine.ts";
import { patchBetween } from "../../../src/state/patch.ts";
import { replay } from "../../../src/state/reduce.ts";
import {
  headerRecord,
  intentRecord,
  machineAddress,
  machineState,
  outcomeRecord,
  snapshotOf,
} from "../../support/state-builders.ts";

const pending: PendingIntent = {
  action: "create",
  name: "db",
  at: 1_700_000_001_000,
  timeoutMs: 600_000,
  expected: { distro: "ubuntu" },
  knownIds: [],
};
const { id: _none, ...unmade } = machineState("db", { status: "unready", pending });
const intent = intentRecord("db", { pending, patch: patchBetween(undefined, unmade) });
const base = snapshotOf([[machineAddress("web"), machineState("web")]]);

const made = (name: string) => outcomeRecord(name, { patch: patchBetween(undefined, machineState(name)) });

function knownIds(records: Parameters<typeof replay>[1], snapshot = base): unknown {
  const state = replay(snapshot, records).snapshot.resources[machineAddress("db")];
  return state?.type === "machine" ? state.pending?.knownIds : undefined;
}

test("an open creation is given the ids that the run began with", () => {
  expect(knownIds([headerRecord({ knownIds: ["01JWEB", "01JOLD"] }), intent])).toEqual(["01JOLD", "01JWEB"]);
});

test("and those that the run made, before it and after it", () => {
  expect(knownIds([headerRecord(), made("a"), intent, made("b")])).toEqual(["01JA", "01JB", "01JOLD"]);
});

test("and those that the run made and deleted again", () => {
  const a = machineState("a");
  const records = [
    headerRecord(),
    outcomeRecord("a", { patch: patchBetween(undefined, a) }),
    outcomeRecord("a", { patch: patchBetween(a, undefined) }),
    intent,
  ];
  expect(knownIds(records)).toEqual(["01JA", "01JOLD"]);
});

test("and those of predecessors that are still to be deleted", () => {
  const a = machineState("a", { deposed: [{ id: machineId("01JOLDER"), name: "a-old" }] });
  const snapshot = snapshotOf([[machineAddress("a"), a]]);
  const refreshed = {
    kind: "refreshed",
    address: machineAddress("a"),
    patch: patchBetween(a, { ...a, revision: 2 }),
  } as const;
  expect(knownIds([headerRecord(), refreshed, intent], snapshot)).toEqual(["01JA", "01JOLD", "01JOLDER"]);
});

test("and those of machines that were announced, then made, then deleted by the run", () => {
  const a = machineState("a");
  const { id: _id, ...announced } = a;
  const records = [
    headerRecord(),
    intentRecord("a", { patch: patchBetween(undefined, announced) }),
    { kind: "child", action: intent.action, child: { pid: 8, startedAt: "43" } } as const,
    outcomeRecord("a", { patch: patchBetween(announced, a) }),
    outcomeRecord("a", { patch: patchBetween(a, undefined) }),
    intent,
  ];
  expect(knownIds(records)).toEqual(["01JA", "01JOLD"]);
});

test("and nothing else that is called an id, or that stands alone", () => {
  const a = machineState("a");
  const labelled = { ...a, inputs: { ...a.inputs, labels: { id: "no-machine" } } };
  const renamed = { ...a, name: "www" };
  const records = [
    headerRecord(),
    outcomeRecord("a", { patch: patchBetween(undefined, a) }),
    outcomeRecord("a", { patch: [{ op: "replace", path: "/resource/inputs/labels", value: { id: "no-machine" } }] }),
    outcomeRecord("a", { patch: patchBetween(labelled, { ...renamed, inputs: labelled.inputs }) }),
    intent,
  ];
  expect(knownIds(records)).toEqual(["01JA", "01JOLD"]);
});

test("and those of its own predecessor, under whatever id it was recorded", () => {
  const old = machineState("db", { id: machineId("01JFIRST") });
  const beside = intentRecord("db", { pending, patch: patchBetween(old, { ...old, pending }) });
  const snapshot = snapshotOf([[machineAddress("db"), old]]);
  expect(knownIds([headerRecord(), beside], snapshot)).toEqual(["01JFIRST", "01JOLD"]);
});

test("an intent that an earlier run left keeps the ids it has", () => {
  const left = { ...unmade, pending: { ...pending, knownIds: ["01JBEFORE"] } };
  const snapshot = snapshotOf([[machineAddress("db"), left]]);
  const refreshed = {
    kind: "refreshed",
    address: machineAddress("db"),
    patch: patchBetween(left, { ...left, revision: 2 }),
  } as const;
  expect(knownIds([headerRecord(), refreshed], snapshot)).toEqual(["01JBEFORE"]);
});
