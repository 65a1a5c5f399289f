import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { fleetyard, type Fleetyard } from "../support/applied-fleet.ts";
import { fleetToMake, type Shape } from "../support/fleet.ts";

const JOURNAL = /\.journal$/;
const SNAPSHOT = /[\\/]fleet\.json$/;

let yard: Fleetyard | undefined;
afterEach(() => {
  yard?.remove();
  yard = undefined;
});

/** What an apply costs: bytes written, all of them over the snapshot's and of the journal for a machine; syncs; calls. */
async function costOf(count: number, shape: Shape) {
  yard?.remove();
  yard = fleetyard();
  const { results } = await yard.apply(fleetToMake(count, shape));
  expect(new Set([...results.values()].map(({ status }) => status))).toEqual(new Set(["succeeded"]));
  const journal = yard.disk.bytes(JOURNAL);
  const snapshot = yard.disk.bytes(SNAPSHOT);
  const snapshots = yard.disk.writes(SNAPSHOT);
  const records = yard.disk.writes(JOURNAL);
  const syncs = yard.syncs(JOURNAL);
  const calls = yard.calls;
  return { ratio: (journal + snapshot) / snapshot, eachInJournal: journal / count, snapshots, records, syncs, calls };
}

describe.each(["independent", "chained", "cloned"] as const)("an apply of %s machines", (shape) => {
  it("writes the snapshot once, and at most three times its bytes in all", async () => {
    const cost = await costOf(100, shape);
    expect(cost.snapshots).toBe(1);
    expect(cost.ratio).toBeLessThanOrEqual(3);
  });

  it("writes no more for each of many than for each of few", async () => {
    const few = await costOf(20, shape);
    const many = await costOf(100, shape);
    expect(many.eachInJournal).toBeLessThan(few.eachInJournal * 1.05);
  });

  it("writes two records a machine, and syncs the journal once for it", async () => {
    const { records, syncs } = await costOf(100, shape);
    expect(records).toBeLessThanOrEqual(2 * 100 + FEW);
    expect(syncs).toBeLessThanOrEqual(100 + FEW);
  });

  it("calls orbctl four times a machine, five for a clone, and never for all of them", async () => {
    const { calls } = await costOf(100, shape);
    const [inspected, others] = shape === "cloned" ? [2, 1] : [1, 2];
    expect(calls.get("info")).toBeLessThanOrEqual(inspected * 100 + FEW);
    expect(calls.get("config show")).toBeLessThanOrEqual(inspected * 100 + FEW);
    expect(calls.get("list")).toBe(1);
    const sum = [...calls.values()].reduce((total, each) => total + each, 0);
    expect(sum).toBeLessThanOrEqual((2 * inspected + others) * 100 + 3 * FEW);
  });
});

/** Of what is done once in a run, whatever its size. */
const FEW = 5;

const CHILD = fileURLToPath(new URL("../support/allocation-child.ts", import.meta.url));
const ROOM = ["--min-semi-space-size=512", "--max-semi-space-size=512"];

/** Bytes allocated for each of so many machines. */
function allocated(what: "plan" | Shape, count: number): number {
  const argv = ["--conditions=@orbform/source", ...ROOM, CHILD, what, String(count)];
  const bytes = Number(execFileSync(process.execPath, argv, { encoding: "utf8" }));
  expect(bytes).toBeGreaterThan(1_000);
  return bytes;
}

describe("what is allocated", () => {
  it("by a plan in which nothing changes is at most 14 kB a machine, and no more in a bigger fleet", () => {
    const few = allocated("plan", 1_000);
    expect(few).toBeLessThan(14_000);
    expect(allocated("plan", 4_000)).toBeLessThan(few * 1.1);
  });

  it("by an apply is at most 500 kB a machine", () => {
    expect(allocated("chained", 200)).toBeLessThan(500_000);
  });
});
