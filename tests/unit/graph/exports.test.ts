import { describe, expect, it } from "vitest";
import type { DesiredInside } from "../../../src/model/resource.ts";
import { inside } from "../../support/execute-builders.ts";
import {
  at,
  cloneOf,
  desiredArchive,
  desiredMachine,
  errorsOf,
  liveMachine,
  planOf,
  stateOf,
} from "../../support/plan-builders.ts";
import { Reach } from "../../support/plan-reach.ts";
import type { ActionId } from "../../../src/model/action.ts";

const ADDRESS = at("archive.backup");
const web = desiredMachine("web");
const live = liveMachine("web");
const backup = desiredArchive("backup", at("web"));
const page = (more: Partial<DesiredInside> = {}) => inside("file", "page", { path: "/a", content: "x" }, more);
const id = (text: string): ActionId => text as ActionId;
const EXPORT = id("archive.backup:export");

/** The actions of a plan, each after those that it waits for; `export` among them. */
function orderOf(worlds: Parameters<typeof planOf>[0]): readonly string[] {
  const plan = planOf(worlds);
  expect(errorsOf(plan)).toEqual([]);
  const reach = new Reach(plan);
  return [...plan.actions]
    .filter((each) => reach.isOrdered(each.id, EXPORT))
    .toSorted((a, b) => Number(reach.isBefore(b.id, a.id)) - Number(reach.isBefore(a.id, b.id)))
    .map(({ id: each }) => each);
}

const there = { prior: { web: stateOf(web, live) }, live: [live] };

describe("an export", () => {
  it("comes after what lies inside its machine", () => {
    expect(orderOf({ ...there, desired: [web, page(), backup] })).toEqual(["file.page:write", EXPORT]);
  });

  it("comes after the final stop of a machine that is started for what lies inside", () => {
    const off = desiredMachine("web", { power: "stopped" });
    const stopped = liveMachine("web", { state: "stopped" });
    const worlds = { prior: { web: stateOf(off, stopped) }, live: [stopped], desired: [off, page(), backup] };
    expect(orderOf(worlds)).toEqual([
      "machine.web:start-for-inside",
      "file.page:write",
      "machine.web:stop-after-inside",
      EXPORT,
    ]);
  });

  it("comes before what lies inside that needs the archive, on a machine that runs", () => {
    const needing = page({ dependencies: [ADDRESS] });
    expect(orderOf({ ...there, desired: [web, needing, backup] })).toEqual([EXPORT, "file.page:write"]);
  });

  it("comes before what lies inside that needs the archive, on a machine that is to end stopped", () => {
    const off = desiredMachine("web", { power: "stopped" });
    const stopped = liveMachine("web", { state: "stopped" });
    const needing = page({ dependencies: [ADDRESS] });
    const worlds = { prior: { web: stateOf(off, stopped) }, live: [stopped], desired: [off, needing, backup] };
    const order = orderOf(worlds);
    expect(order.indexOf(EXPORT)).toBeLessThan(order.indexOf("file.page:write"));
    expect(order.indexOf("file.page:write")).toBeLessThan(order.indexOf("machine.web:stop-after-inside"));
  });

  it("comes after the rename of its machine, and after a clone of it, whether or not that succeeds", () => {
    const renamed = desiredMachine("web", { name: "www" });
    const plan = planOf({ ...there, desired: [renamed, backup, cloneOf("copy", "web", { power: "stopped" })] });
    const action = plan.actions.find((each) => each.id === EXPORT);
    expect(action).toMatchObject({ after: ["machine.web:rename"], afterEnd: ["machine.copy:clone"] });
  });

  it("waits for another export of its machine, but not for its success", () => {
    const second = desiredArchive("second", at("web"));
    const plan = planOf({ ...there, desired: [web, backup, second] });
    expect(plan.actions.map(({ id: each, after, afterEnd }) => [each, after, afterEnd])).toEqual([
      [EXPORT, [], undefined],
      ["archive.second:export", [], [EXPORT]],
    ]);
  });

  it("comes after the stop and the start around clones of its machine", () => {
    const capabilities = { version: "2.1", limits: true, isolation: true, cloneNeedsStop: true };
    const order = orderOf({
      ...there,
      desired: [web, backup, cloneOf("copy", "web", { power: "stopped" })],
      liveMore: { capabilities },
    });
    expect(order).toEqual([
      "machine.web:stop-for-clone",
      "machine.copy:clone",
      "machine.web:start-after-clone",
      EXPORT,
    ]);
  });
});
