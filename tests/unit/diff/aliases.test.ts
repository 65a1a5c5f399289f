import { describe, expect, it } from "vitest";
import type { Address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import type { ResourceState } from "../../../src/model/snapshot.ts";
import { followAliases } from "../../../src/diff/aliases.ts";
import { at, desiredMachine, desiredSetting, liveMachine, settingState, stateOf } from "../../support/plan-builders.ts";

const known = (...aliases: string[]) => ({ lifecycle: { ...DEFAULT_LIFECYCLE, aliases: aliases.map(at) } });
const state = (key: string, ...dependencies: string[]) =>
  stateOf(desiredMachine(key, { dependencies: dependencies.map(at) }), liveMachine(key));

function moves(desired: readonly DesiredResource[], prior: { readonly [key: string]: ResourceState }) {
  return followAliases(
    new Map(desired.map((each) => [each.address, each])),
    new Map<Address, ResourceState>(Object.entries(prior).map(([key, each]) => [at(key), each])),
  );
}

describe("a resource with an alias", () => {
  it("is the one that state has under the alias", () => {
    const prior = { old: state("old") };
    const { resources, from } = moves([desiredMachine("new", known("old"))], prior);
    expect([...from]).toEqual([[at("new"), at("old")]]);
    expect([...resources]).toEqual([[at("new"), prior.old]]);
  });

  it("is the first of its aliases that state has", () => {
    const { from } = moves([desiredMachine("new", known("older", "old", "oldest"))], {
      oldest: state("oldest"),
      old: state("old"),
    });
    expect([...from]).toEqual([[at("new"), at("old")]]);
  });

  it("stays what it is where state has it already", () => {
    const prior = { new: state("new"), old: state("old") };
    const { resources, from } = moves([desiredMachine("new", known("old"))], prior);
    expect([from.size, [...resources.keys()]]).toEqual([0, [at("new"), at("old")]]);
  });

  it("is not one that the stack still has under the alias", () => {
    expect(moves([desiredMachine("new", known("old")), desiredMachine("old")], { old: state("old") }).from.size).toBe(
      0,
    );
  });

  it("is not one that another has taken over", () => {
    const { from } = moves([desiredMachine("a", known("old")), desiredMachine("b", known("old"))], {
      old: state("old"),
    });
    expect([...from]).toEqual([[at("a"), at("old")]]);
  });

  it("is not one of another type", () => {
    const memory = desiredSetting("memory_mib", 1);
    const prior = { "setting.memory_mib": settingState(memory, null, "1") };
    expect(moves([desiredMachine("new", known("setting.memory_mib"))], prior).from.size).toBe(0);
  });

  it("is what others depend on under its new address", () => {
    const { resources } = moves([desiredMachine("z", known("a"))], { a: state("a"), app: state("app", "a", "db") });
    expect(resources.get(at("app"))?.dependencies).toEqual([at("db"), at("z")]);
  });
});
