import { describe, expect, it } from "vitest";
import type { ActionId } from "../../../src/model/action.ts";
import { address } from "../../../src/model/address.ts";
import { memoryDisk } from "../../../src/state/memory-disk.ts";
import { withoutNeverRan } from "../../../src/state/never-ran.ts";
import type { IntentRecord, JournalHeader, JournalRecord, OutcomeRecord } from "../../../src/state/records.ts";

const HEADER: JournalHeader = {
  kind: "header",
  format: 1,
  stack: "dev",
  lineage: "a-lineage",
  baseSerial: 0,
  planDigest: "0",
  knownIds: [],
  at: 0,
  hostId: "a-host",
  bootId: "this boot",
  world: { driver: "orbstack", host: "a-host" },
};
const ACTION = "machine.web:create" as ActionId;
const HELD = "/scratch/orbctl.held";

function intent(attempt: number, held?: string): IntentRecord {
  const child = { pid: 7, startedAt: "42", ...(held === undefined ? {} : { held }) };
  const what = { action: ACTION, address: address("machine", "web"), does: "create", attempt, patch: [] };
  return { kind: "intent", ...what, at: 0, timeoutMs: 1000, child };
}

const OUTCOME: OutcomeRecord = {
  kind: "outcome",
  action: ACTION,
  address: address("machine", "web"),
  result: "unknown",
  patch: [],
  at: 1,
};

async function left(
  records: readonly JournalRecord[],
  traces: { held?: string; alive?: boolean; bootId?: string; header?: JournalHeader } = {},
): Promise<readonly JournalRecord[]> {
  const disk = memoryDisk();
  if (traces.held !== undefined) await disk.replace(HELD, traces.held, 0o600);
  const { alive = false, bootId = "this boot", header = HEADER } = traces;
  // Only the file that the intent names is read: a path that is none is an error of a real disk.
  const read = (path: string) => (path === HELD ? disk.read(path) : Promise.reject(new Error(`no path: ${path}`)));
  const ports = { disk: { ...disk, read }, bootId, isAlive: async () => alive };
  return (await withoutNeverRan([header, ...records], ports)).slice(1);
}

describe("an intent without an outcome", () => {
  it("did not happen where its process is gone and was never let go", async () => {
    expect(await left([intent(1, HELD)], { held: "held\n" })).toEqual([]);
  });

  it.each([
    ["its process was let go", { held: "" }],
    ["nothing tells whether it was let go", {}],
    ["its process is still there", { held: "held\n", alive: true }],
    ["the computer was started anew since", { held: "held\n", bootId: "another boot" }],
    ["the boot is not known", { held: "held\n", bootId: "" }],
    ["no boot is known", { held: "held\n", bootId: "", header: { ...HEADER, bootId: "" } }],
  ])("stands where %s", async (_, traces) => {
    expect(await left([intent(1, HELD)], traces)).toEqual([intent(1, HELD)]);
  });

  it("stands where the driver names no such file", async () => {
    expect(await left([intent(1)], { held: "held\n" })).toEqual([intent(1)]);
  });

  it("leaves an earlier attempt's standing", async () => {
    const records = [intent(1), OUTCOME, intent(2, HELD)];
    expect(await left(records, { held: "held\n" })).toEqual([intent(1), OUTCOME]);
  });

  it("did not happen where a further process of it was announced as well", async () => {
    const more = { kind: "child", action: ACTION, child: { pid: 8, startedAt: "43" } } as const;
    expect(await left([intent(1, HELD), more], { held: "held\n" })).toEqual([more]);
  });

  it("stands in a journal that does not begin with a header", async () => {
    const ports = { disk: memoryDisk(), bootId: "this boot", isAlive: async () => false };
    await ports.disk.replace(HELD, "held\n", 0o600);
    expect(await withoutNeverRan([intent(1, HELD)], ports)).toEqual([intent(1, HELD)]);
    expect(await withoutNeverRan([], ports)).toEqual([]);
  });

  it("counts only where no outcome follows", async () => {
    const records = [intent(1, HELD), OUTCOME];
    expect(await left(records, { held: "held\n" })).toEqual(records);
  });
});
