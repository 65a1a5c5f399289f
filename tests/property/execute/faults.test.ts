import { assert, asyncProperty, constantFrom, array, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { DriverError, type FailureKind, type FailureOutcome } from "../../../src/driver/errors.ts";
import type { MachineFacts } from "../../../src/model/machine.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { replay } from "../../../src/state/reduce.ts";
import {
  action,
  actionId,
  at,
  clone,
  create,
  desired,
  named,
  remove,
  stateOf,
  target,
} from "../../support/execute-builders.ts";
import { play, testWorld, type Played, type TestWorld } from "../../support/execute-world.ts";

/** What befalls one operation, before or after it is done. */
interface Mishap {
  readonly when: "never" | "before" | "after";
  readonly kind: FailureKind;
  readonly outcome: FailureOutcome;
}

const mishaps = array(
  record<Mishap>({
    when: constantFrom("never", "never", "before", "after"),
    kind: constantFrom("timed out", "transport", "no address", "other", "in transition"),
    outcome: constantFrom("unknown", "unknown", "refused"),
  }),
  { maxLength: 14 },
);

function strike(script: Mishap[]) {
  let current: Mishap | undefined;
  const fail = ({ kind, outcome }: Mishap): never => {
    throw new DriverError("ORB_ORBCTL_FAILED", { summary: "It failed", detail: kind, kind, outcome });
  };
  return {
    before: (): void => {
      current = script.shift();
      if (current?.when === "before") fail(current);
    },
    after: (): void => {
      // Whatever was done and lost its answer is unknown: a driver that says otherwise would be lying.
      if (current?.when === "after") fail({ ...current, outcome: "unknown" });
    },
  };
}

async function made(world: TestWorld, name: string): Promise<MachineFacts> {
  await world.outside({ verb: "create", name: named(name), distro: "ubuntu", settings: {} });
  const found = (await world.machines()).find((machine) => machine.name === name);
  if (!found) throw new Error(`${name} was not made`);
  return found;
}

/** Makes, clones, renames, configures and deletes, with mishaps. */
async function runWith(script: readonly Mishap[]) {
  const queue: Mishap[] = [];
  const world = testWorld(strike(queue));
  const old = await made(world, "old");
  const web = await made(world, "web");
  const foreign = await made(world, "foreign");
  queue.push(...script);
  const renamed = action("web", "rename", { target: target("web", web.id), from: "web", to: "www", temporary: false });
  const prior = { [at("old")]: stateOf(old), [at("web")]: stateOf(web) };
  const played = await play(world, {
    actions: [
      create("a", { settings: { httpPort: 8080 } }),
      clone("b", target("a"), { after: [actionId("machine.a:create")] }),
      renamed,
      action("web", "config", {
        target: target("web", web.id),
        settings: { cpus: 3 },
        before: {},
        needsRestart: true,
        after: [renamed.id],
      }),
      remove("old", old.id),
    ],
    settled: [desired("a"), desired("b", { power: "stopped" }), desired("web", { name: "www" })],
    prior,
  });
  queue.length = 0;
  return { world, played, foreign, prior };
}

/** Known ids stand once in a journal and in each open intent of a snapshot. */
function forget(resources: Snapshot["resources"]): unknown {
  return JSON.parse(JSON.stringify(resources, (key, value: unknown) => (key === "knownIds" ? [] : value)));
}

function base(played: Played, resources: Snapshot["resources"]): Snapshot {
  return { ...played.snapshot, serial: 3, resources, outputs: {} };
}

function replayed(played: Played, prior: Snapshot["resources"]): Snapshot {
  const { stack, lineage, world } = played.snapshot;
  const header = {
    kind: "header",
    format: 1,
    stack,
    lineage,
    world,
    baseSerial: 3,
    planDigest: "",
    knownIds: [],
    at: 0,
    hostId: "",
    bootId: "",
  } as const;
  return replay(base(played, prior), [header, ...played.journal]).snapshot;
}

describe("any mishaps", () => {
  it("leave no machine that state does not know of, and touch none that is foreign", async () => {
    await assert(
      asyncProperty(mishaps, async (script) => {
        const { world, played, foreign } = await runWith(script);
        const machines = await world.machines();
        const states = Object.values(played.snapshot.resources);
        expect(machines.find(({ id }) => id === foreign.id)).toEqual(foreign);
        for (const machine of machines.filter(({ id }) => id !== foreign.id)) {
          const known = states.some(
            (state) => state.type === "machine" && (state.id === machine.id || state.pending?.name === machine.name),
          );
          expect(known, `${machine.name} is known`).toBe(true);
        }
        expect(new Set(machines.map(({ name }) => name)).size).toBe(machines.length);
      }),
      { numRuns: 200 },
    );
  });

  it("leave a journal that says the same as the snapshot", async () => {
    await assert(
      asyncProperty(mishaps, async (script) => {
        const { played, prior } = await runWith(script);
        const fromJournal = replayed(played, prior).resources;
        expect(forget(fromJournal)).toEqual(forget(played.snapshot.resources));
      }),
      { numRuns: 200 },
    );
  });
});
