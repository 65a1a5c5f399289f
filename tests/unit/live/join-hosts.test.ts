import { describe, expect, test } from "vitest";
import { joinHosts } from "../../../src/live/join-hosts.ts";
import { hostGroups } from "../../../src/model/inventory.ts";
import { machineId } from "../../../src/model/machine.ts";
import { liveMachine } from "../../support/plan-builders.ts";
import { machineAddress, machineState, snapshotOf } from "../../support/state-builders.ts";

const web = machineState("web");
const prior = snapshotOf([[machineAddress("app"), web]]);
const live = (name: string, id: string) => liveMachine(name, { id: machineId(id) });

describe("the hosts of a stack", () => {
  test("are found by id and called by the name they have now", () => {
    const { hosts, missing } = joinHosts([live("renamed", "01JWEB")], prior, false);
    expect(hosts.map(({ name, address, labels }) => ({ name, address, labels }))).toEqual([
      { name: "renamed", address: "machine.app", labels: { team: "web" } },
    ]);
    expect(missing).toEqual([]);
  });

  test("are not strangers that have their names", () => {
    const { hosts, missing } = joinHosts([live("web", "01JSTRANGER")], prior, false);
    expect(hosts).toEqual([]);
    expect(missing).toEqual([
      'Note: machine.app (machine "web") is in the state but not in OrbStack: the inventory lacks it.',
    ]);
  });

  test("lack what is still on its way, and say so", () => {
    const { id: _id, ...unmade } = web;
    const { missing } = joinHosts([], snapshotOf([[machineAddress("app"), unmade]]), false);
    expect(missing).toEqual(['Note: machine.app (machine "web") is not made yet: the inventory lacks it.']);
  });

  test("are joined by every other machine where all are asked for, sorted by name", () => {
    const { hosts } = joinHosts([live("zoo", "01JZOO"), live("web", "01JWEB"), live("ant", "01JANT")], prior, true);
    expect(hosts.map(({ name, address }) => [name, address])).toEqual([
      ["ant", undefined],
      ["web", "machine.app"],
      ["zoo", undefined],
    ]);
  });

  test("are all machines where there is no state", () => {
    expect(joinHosts([live("web", "01JWEB")], undefined, false).hosts.map(({ name }) => name)).toEqual(["web"]);
  });
});

describe("the groups of a host", () => {
  const source = { state: "running", image: { arch: "arm64", distro: "ubuntu" }, groups: [], labels: {} };

  test("are those of the pyinfra connector, the stack's own, and its labels", () => {
    expect(hostGroups({ ...source, groups: ["golden"], labels: { team: "web" } })).toEqual([
      "golden",
      "orbstack",
      "orbstack_arm64",
      "orbstack_running",
      "orbstack_ubuntu",
      "team_web",
    ]);
  });

  test.each([
    ["front end", "front_end"],
    ["9lives", "_9lives"],
    ["__hidden", "_hidden"],
    ["", "_"],
    ["all", "all_"],
    ["ungrouped", "ungrouped_"],
    ["a\n[b:vars]", "a__b_vars_"],
  ])("are identifiers: %j is %s", (word, name) => {
    expect(hostGroups({ ...source, groups: [word] })).toContain(name);
  });

  test("lack what OrbStack didn't say", () => {
    expect(hostGroups({ ...source, image: { arch: "", distro: "" } })).toEqual(["orbstack", "orbstack_running"]);
  });
});
