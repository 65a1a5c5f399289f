import { describe, expect, it } from "vitest";
import { patchBetween } from "../../../src/state/patch.ts";
import { replay, withResources } from "../../../src/state/reduce.ts";
import {
  actionId,
  errorOf,
  headerRecord,
  intentRecord,
  machineAddress,
  machineState,
  outcomeRecord,
  snapshotOf,
} from "../../support/state-builders.ts";

const web = machineState("web");
const db = machineState("db");
const base = snapshotOf([[machineAddress("web"), web]]);
const made = patchBetween(undefined, db);

describe("replay", () => {
  it("folds outcomes into the snapshot and keeps its serial", () => {
    const replayed = replay(base, [headerRecord(), intentRecord("db"), outcomeRecord("db", { patch: made })]);
    expect(replayed).toEqual({
      snapshot: snapshotOf([
        [machineAddress("web"), web],
        [machineAddress("db"), db],
      ]),
      open: [],
      children: [],
      ids: [db.id],
      header: headerRecord(),
      stale: false,
    });
  });

  it("leaves the given snapshot as it is", () => {
    const before = structuredClone(base);
    replay(base, [headerRecord(), outcomeRecord("web", { patch: patchBetween(web, undefined) })]);
    expect(base).toEqual(before);
  });

  it("keeps what an open intent recorded, and gives the intent", () => {
    const pending = machineState("db", { status: "unready" });
    const intent = intentRecord("db", { patch: patchBetween(undefined, pending) });
    const replayed = replay(base, [headerRecord(), intent]);
    expect(replayed.open).toEqual([intent]);
    expect(replayed.snapshot.resources[machineAddress("db")]).toEqual(pending);
  });

  it("folds refreshed records", () => {
    const seen = machineState("web", { revision: 2 });
    const refreshed = { kind: "refreshed", address: machineAddress("web"), patch: patchBetween(web, seen) } as const;
    expect(replay(base, [headerRecord(), refreshed]).snapshot.resources[machineAddress("web")]).toEqual(seen);
  });

  it("names every machine that a run took in or made, though it deleted it again", () => {
    const refreshed = { kind: "refreshed", address: machineAddress("db"), patch: made } as const;
    const deleted = outcomeRecord("db", { patch: patchBetween(db, undefined) });
    const replayed = replay(base, [headerRecord(), refreshed, intentRecord("db"), deleted]);
    expect([replayed.ids, Object.keys(replayed.snapshot.resources)]).toEqual([[db.id], ["machine.web"]]);
  });

  it("leaves an intent open whose outcome is unknown", () => {
    const intent = intentRecord("db");
    expect(replay(base, [headerRecord(), intent, outcomeRecord("db", { result: "unknown" })]).open).toEqual([intent]);
  });

  it("closes an intent that failed, with what its outcome recorded", () => {
    const replayed = replay(base, [headerRecord(), intentRecord("db"), outcomeRecord("db", { result: "failed" })]);
    expect(replayed.open).toEqual([]);
  });

  it("gives the latest attempt, and the processes of all attempts that have no outcome", () => {
    const first = intentRecord("db", { child: { pid: 10, startedAt: "1" } });
    const second = intentRecord("db", { attempt: 2, child: { pid: 11, startedAt: "2" } });
    const more = { kind: "child", action: actionId("machine.db:create"), child: { pid: 12, startedAt: "3" } } as const;
    const unknown = outcomeRecord("db", { result: "unknown" });
    const replayed = replay(base, [headerRecord(), first, unknown, second, more]);
    expect(replayed.open).toEqual([second]);
    expect(replayed.children.map((each) => each.pid)).toEqual([10, 11, 12]);
  });

  it("begins an empty snapshot from the header where none was ever written", () => {
    const header = headerRecord({ baseSerial: 0, env: "prod" });
    const replayed = replay(undefined, [header, outcomeRecord("db", { patch: made })]);
    expect(replayed.snapshot).toEqual(snapshotOf([[machineAddress("db"), db]], { serial: 0, env: "prod" }));
  });

  it("ignores a journal older than the snapshot: it is folded in already", () => {
    const newer = { ...base, serial: 2 };
    const replayed = replay(newer, [headerRecord(), outcomeRecord("db", { patch: made })]);
    expect(replayed).toEqual({ snapshot: newer, open: [], children: [], ids: [], header: headerRecord(), stale: true });
  });

  it.each([
    [
      "a journal of a later snapshot",
      [headerRecord({ baseSerial: 2 })],
      base,
      "serial 2, but the snapshot has serial 1",
    ],
    ["a journal of another lineage", [headerRecord({ lineage: "other" })], base, "lineage other, the snapshot is of"],
    ["a journal whose snapshot is gone", [headerRecord()], undefined, "serial 1, but the snapshot has serial 0"],
    ["a journal without a header", [intentRecord("db")], base, "its first record is no header"],
    ["a journal without anything", [], base, "its first record is no header"],
    ["a journal with two headers", [headerRecord(), headerRecord()], base, "it has a second header"],
  ])("refuses %s, and says why", async (_what, journal, snapshot, why) => {
    const { code, detail } = await errorOf(() => replay(snapshot, journal));
    expect(code).toBe("ORB_JOURNAL_CORRUPT");
    expect(detail).toContain(why);
  });

  it("asks nothing of a process that is told of after its action ended", () => {
    const late = { kind: "child", action: actionId("machine.db:create"), child: { pid: 12, startedAt: "3" } } as const;
    const replayed = replay(base, [headerRecord(), intentRecord("db"), outcomeRecord("db"), late]);
    expect([replayed.open, replayed.children]).toEqual([[], []]);
  });
});

describe("withResources", () => {
  it("gives the very same snapshot where nothing changes", () => {
    expect(withResources(base, new Map())).toBe(base);
  });

  it("exchanges, adds and takes out", () => {
    const changed = new Map([
      [machineAddress("web"), undefined],
      [machineAddress("db"), db],
    ]);
    expect(withResources(base, changed)).toStrictEqual(snapshotOf([[machineAddress("db"), db]]));
  });

  it("freezes nothing it was given", () => {
    withResources(base, new Map([[machineAddress("db"), db]]));
    expect(Object.isFrozen(db)).toBe(false);
    expect(Object.isFrozen(base.resources)).toBe(false);
  });
});
