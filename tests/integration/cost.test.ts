import { afterEach, describe, expect, it } from "vitest";
import { fleetyard, type Fleetyard } from "../support/applied-fleet.ts";
import { fleetToMake, type Shape } from "../support/fleet.ts";

const JOURNAL = /\.journal$/;
const SNAPSHOT = /[\\/]fleet\.json$/;

let yard: Fleetyard;
afterEach(() => yard.remove());

/** Bytes an apply writes to journal and snapshot: all of them over the snapshot's, and of the journal for a machine. */
async function costOf(count: number, shape: Shape) {
  yard = fleetyard();
  const { results } = await yard.apply(fleetToMake(count, shape));
  expect(new Set([...results.values()].map(({ status }) => status))).toEqual(new Set(["succeeded"]));
  const journal = yard.disk.bytes(JOURNAL);
  const snapshot = yard.disk.bytes(SNAPSHOT);
  const snapshots = yard.disk.writes(SNAPSHOT);
  return { ratio: (journal + snapshot) / snapshot, eachInJournal: journal / count, snapshots };
}

describe.each(["independent", "chained", "cloned"] as const)("an apply of %s machines", (shape) => {
  it("writes the snapshot once, and at most three times its bytes in all", async () => {
    const cost = await costOf(100, shape);
    expect(cost.snapshots).toBe(1);
    expect(cost.ratio).toBeLessThanOrEqual(3);
  });

  it("writes no more for each of many than for each of few", async () => {
    const few = await costOf(20, shape);
    yard.remove();
    const many = await costOf(100, shape);
    expect(many.eachInJournal).toBeLessThan(few.eachInJournal * 1.05);
  });
});
