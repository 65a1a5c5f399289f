import { NO_POLICIES } from "../../../src/model/policy.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Planned } from "../../../src/engine.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { orbformJson } from "../../../src/report/orbform-json.ts";
import { addressLines, snapshotText } from "../../../src/report/snapshot-text.ts";
import { readPrior } from "../../../src/state/read-prior.ts";
import { SECRET, anything, mangled, fuzzRuns, type Valid } from "../../support/mangle.ts";
import { AFTER, deadRun, filesOf, overwrite, resealed, type FileKind } from "../../support/fuzz-state.ts";
import type { EngineWorld } from "../../support/engine-world.ts";
import { named } from "../../support/execute-builders.ts";
import { checkShown, checkText, told } from "../../support/told.ts";

const RUNS = fuzzRuns(200);

/** Runs that died early, in the middle and late, and one that lived. */
const DEATHS = [18, 30, 45, 60, 500] as const;
const worlds = await Promise.all(DEATHS.map(deadRun));
const files = worlds.map(filesOf);

const shapes = { snapshot: "json", journal: "lines", lock: "json", claim: "json", timings: "json" } as const;

function validOf(kind: FileKind): readonly [Valid, ...Valid[]] {
  const [valid, ...more] = files
    .map((each) => each[kind])
    .filter((text) => text !== "")
    .map((text) => ({ text, shape: shapes[kind] }));
  if (valid === undefined) throw new Error(`no run left a ${kind}`);
  return [valid, ...more];
}

/** Which run's files, and what stands in those of one kind. */
const damaged = fc
  .tuple(
    fc.constantFrom(...DEATHS),
    fc.constantFrom<FileKind>("snapshot", "snapshot", "journal", "journal", "lock", "claim", "timings"),
  )
  .chain(([diesAt, kind]) =>
    fc.record({
      diesAt: fc.constant(diesAt),
      kind: fc.constant(kind),
      text: fc.oneof(
        { weight: 1, arbitrary: anything() },
        { weight: 4, arbitrary: mangled(validOf(kind)) },
        { weight: kind === "journal" ? 6 : 0, arbitrary: mangled(validOf(kind)).map(resealed) },
      ),
    }),
  );

type Damaged = typeof damaged extends fc.Arbitrary<infer T> ? T : never;

async function worldOf({ diesAt, kind, text }: Damaged): Promise<EngineWorld> {
  const world = await deadRun(diesAt);
  overwrite(world, kind, text);
  return world;
}

describe("whatever stands in a file of a state", { timeout: 1_200_000 }, () => {
  test("state and plan can be shown, or it is an error of ours; nothing is written", async () => {
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(damaged, async (damage) => {
        const world = await worldOf(damage);
        const before = new Map(world.disk.files);
        const read = await told(() => readPrior(world.live().ports));
        if (read.value?.snapshot !== undefined) checkSnapshot(read.value.snapshot);
        const made = await told(() => world.plan(AFTER));
        if (made.value !== undefined) {
          planned += 1;
          checkPlan(made.value);
        }
        expect(world.disk.files).toEqual(before);
      }),
      RUNS,
    );
    expect(planned, "damage that only planning meets").toBeGreaterThan(RUNS.numRuns / 20);
  });

  test("an apply on it ends, and fails with an error of ours only; no machine is lost, and none that is not ours is touched", async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (damage) => {
        const world = await worldOf(damage);
        await world.outside({ verb: "create", name: named("stranger"), distro: "alpine", settings: {} });
        const stranger = (await world.machines()).find(({ name }) => name === "stranger");
        await told(() => world.apply(AFTER));
        expect((await world.machines()).find(({ name }) => name === "stranger")).toEqual(stranger);
      }),
      RUNS,
    );
  });
});

/** Labels are shown, as the stack shows them; in an error they would be out of place. */
function checkSnapshot(snapshot: Snapshot): void {
  checkText(snapshotText(snapshot, PLAIN).replaceAll(SECRET, ""));
  checkText(addressLines(snapshot));
}

function checkPlan({ plan, digest, notices }: Planned): void {
  checkShown(plan.diagnostics);
  checkText(planText(plan, PLAIN).replaceAll(SECRET, ""));
  JSON.stringify(orbformJson({ plan, digest, notices, policy: NO_POLICIES, version: "" }));
}
