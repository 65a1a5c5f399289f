import { expect, test } from "vitest";
import { interruptions } from "../../../src/report/interruptions.ts";
import { cloneOf, desiredMachine, liveMachine, planOf, stateOf, type Worlds } from "../../support/plan-builders.ts";
import { change, planWith } from "../../support/report-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const applied = { prior: { web: stateOf(web, live) }, live: [live] };
const needsStop = { capabilities: { version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: true } };

const of = (worlds: Worlds) => {
  const { restarts, stops } = interruptions(planOf(worlds));
  return { restarts: restarts.map(({ name }) => name), stops: stops.map(({ name }) => name) };
};

test("tells machines that restart for their settings", () => {
  const desired = [{ ...web, settings: { memoryMiB: 4096 } }];
  expect(of({ ...applied, desired })).toEqual({ restarts: ["web"], stops: [] });
});

test("tells machines that are stopped while they are cloned, and started again", () => {
  expect(of({ ...applied, desired: [web, cloneOf("copy", "web")], liveMore: needsStop })).toEqual({
    restarts: ["web"],
    stops: [],
  });
});

test("tells machines that stop for good", () => {
  expect(of({ ...applied, desired: [{ ...web, power: "stopped" }] })).toEqual({ restarts: [], stops: ["web"] });
});

test("leaves out what is made, replaced, deleted, or only started", () => {
  const asleep = { ...live, state: "stopped" as const };
  const trixie = { kind: "image", distro: "debian", version: "trixie" } as const;
  const nothing = { restarts: [], stops: [] };
  expect(of({ desired: [{ ...web, power: "stopped" }] })).toEqual(nothing);
  expect(of({ ...applied, desired: [{ ...web, origin: trixie, power: "stopped" }] })).toEqual(nothing);
  expect(of(applied)).toEqual(nothing);
  expect(of({ ...applied, prior: { web: stateOf(web, asleep) }, desired: [web], live: [asleep] })).toEqual(nothing);
});

test("takes no machine whose settings take effect at a later start", () => {
  const plan = planWith({ changes: [change("machine.web", { notes: ["takes effect at the next restart"] })] });
  expect(interruptions(plan)).toEqual({ restarts: [], stops: [] });
});
