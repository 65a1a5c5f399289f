import { expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { cloneOf, desiredMachine, graphOf, liveMachine, planOf, stateOf } from "../../support/plan-builders.ts";

const capabilities = { version: "", limits: true, isolation: true, cloneNeedsStop: true };
const lifecycle = { ...DEFAULT_LIFECYCLE, createBeforeDestroy: true };
const old = desiredMachine("base", { lifecycle });
const base = desiredMachine("base", { lifecycle, origin: { kind: "image", distro: "ubuntu" } });
const live = liveMachine("base");

/** What a plan's actions wait for, by what they do. */
function waits(graph: readonly string[], action: string): string | undefined {
  return graph.find((line) => line.startsWith(`${action} `) || line === action);
}

test("a source that is replaced first is stopped, cloned and started before anything else is done to it", () => {
  const web = cloneOf("web", "base");
  const plan = planOf({
    desired: [base, web],
    prior: { base: stateOf(old, live) },
    live: [live],
    liveMore: { capabilities },
  });
  const graph = graphOf(plan);
  expect(waits(graph, "machine.base:stop-for-clone")).toBe("machine.base:stop-for-clone < machine.base:create");
  expect(waits(graph, "machine.base:delete-deposed")).toContain("machine.base:start-after-clone");
  expect(waits(graph, "machine.base:rename")).toContain("machine.base:delete-deposed");
});

test("a source that is made the default is so once it runs again", () => {
  const source = desiredMachine("base", { default: true });
  const plan = planOf({ desired: [source, cloneOf("web", "base")], liveMore: { capabilities } });
  expect(waits(graphOf(plan), "machine.base:set-default")).toContain("machine.base:start-after-clone");
});
