import { expect, test } from "vitest";
import { questionsOf } from "../../../src/live/inside-questions.ts";
import { address } from "../../../src/model/address.ts";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import type { InsideResource, ResourceState } from "../../../src/model/snapshot.ts";
import { inside } from "../../support/execute-builders.ts";
import { at, desiredMachine, inputOf, liveMachine, stateOf } from "../../support/plan-builders.ts";

const web = desiredMachine("web");
const live = liveMachine("web");
const webState = stateOf(web, live);

function state(inputs: InsideWish, seen: InsideFacts): InsideResource {
  const { type } = inputs;
  const [on, dependencies] = [web.address, [web.address]];
  const lifecycle = DEFAULT_LIFECYCLE;
  return { type, revision: 1, lifecycle, dependencies, on, machine: live.id, inputs, seen, original: seen };
}

/** What is asked, as `ADDRESS what is looked at`. */
function asked(desired: readonly DesiredResource[], prior: { readonly [address: string]: ResourceState }) {
  const questions = [...questionsOf(inputOf({ desired, prior: { "machine.web": webState, ...prior } })).values()];
  return questions.flat().map(({ address: of, wish }) => {
    const names = "install" in wish ? Object.keys(wish.install).toSorted() : [];
    return [of, ...names, ...("path" in wish ? [wish.path] : [])].join(" ");
  });
}

test("a package that was dropped is looked at though its resource has another key now", () => {
  const found: InsideFacts = { type: "packages", manager: "apt", installed: { z: null, x: null }, newer: {} };
  const before = state({ type: "packages", install: { z: "present", x: "present" }, remove: [] }, found);
  const lifecycle = { ...DEFAULT_LIFECYCLE, aliases: [address("packages", "old")] };
  const now = inside("packages", "new", { install: { z: "present" }, remove: [] }, { lifecycle });
  expect(asked([web, now], { "packages.old": before })).toEqual(["packages.new x z"]);
});

test("a file that left the stack is looked at only where its machine is in the stack still", () => {
  const file = state({ type: "file", path: "/srv/page", digest: "d" }, { type: "file", kind: "absent" });
  const app = desiredMachine("app", { lifecycle: { ...DEFAULT_LIFECYCLE, aliases: [at("web")] } });
  const look = (machines: readonly DesiredResource[]) => asked(machines, { "file.page": file });
  expect([look([web]), look([app]), look([])]).toEqual([["file.page /srv/page"], ["file.page /srv/page"], []]);
});
