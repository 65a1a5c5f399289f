import { describe, expect, test } from "vitest";
import type { Driver, ExecRequest, Observation, ObserveScope } from "../../../src/driver/driver.ts";
import { DriverError } from "../../../src/driver/errors.ts";
import { observe } from "../../../src/live/observe.ts";
import { address } from "../../../src/model/address.ts";
import type { Clock } from "../../../src/model/clock.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId, type MachineFacts, type MachineState } from "../../../src/model/machine.ts";
import type { DesiredMachine, DesiredState } from "../../../src/model/resource.ts";
import type { MachineResource, Snapshot } from "../../../src/model/snapshot.ts";

const WORLD = { driver: "fake", host: "h" };
const IMAGE = { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" };

function facts(name: string, state: MachineState = "running"): MachineFacts {
  return { id: machineId(`id-${name}`), name, state, image: IMAGE, builtin: false, settings: {} };
}

function desired(name: string, more: Partial<DesiredMachine> = {}): DesiredMachine {
  return {
    type: "machine",
    address: address("machine", name),
    name,
    origin: { kind: "image", distro: "ubuntu" },
    settings: {},
    power: "running",
    default: false,
    identity: "keep",
    ready: { kind: "answers", timeoutMs: 60_000 },
    labels: {},
    groups: [],
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    ...more,
  };
}

function stack(...resources: readonly DesiredMachine[]): DesiredState {
  return { stack: "s", resources, outputs: {}, existing: [] };
}

function recorded(name: string, more: Partial<MachineResource> = {}, ready: JsonObject = {}): MachineResource {
  return {
    type: "machine",
    id: machineId(`id-${name}`),
    name,
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    inputs: {
      name,
      origin: {},
      settings: {},
      power: "running",
      default: false,
      identity: "keep",
      ready: { kind: "answers", ...ready },
      labels: {},
      groups: [],
    },
    made: {},
    seen: { settings: {}, power: "running", image: IMAGE },
    status: "ready",
    ...more,
  };
}

function snapshot(...machines: readonly MachineResource[]): Snapshot {
  const resources = Object.fromEntries(machines.map((each) => [address("machine", each.name), each]));
  return { format: 1, stack: "s", world: WORLD, lineage: "l", serial: 1, resources, outputs: {} };
}

function unused(): Promise<never> {
  return Promise.reject(new Error("not to be called"));
}

/** A driver that shows one world after the other, the last one for ever, and a clock that only sleeps move. */
function world(...worlds: readonly (readonly MachineFacts[])[]) {
  const scopes: ObserveScope[] = [];
  const runs: ExecRequest[] = [];
  let exit: number | DriverError = 0;
  let stdout = "";
  let now = 1000;
  const driver: Driver = {
    world: () => Promise.resolve(WORLD),
    capabilities: () => Promise.resolve({ version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false }),
    observe: (scope): Promise<Observation> => {
      const machines = worlds[Math.min(scopes.length, worlds.length - 1)] ?? [];
      scopes.push(scope);
      return Promise.resolve({ machines, settings: { cpu: "1" }, ...(scope.default && { default: null }) });
    },
    exec: (request) => {
      runs.push(request);
      return typeof exit === "number" ? Promise.resolve({ exitCode: exit, stdout, stderr: "" }) : Promise.reject(exit);
    },
    inspect: unused,
    perform: unused,
    logs: unused,
    connection: unused,
    close: unused,
  };
  const clock: Clock = { now: () => now, sleep: (ms) => Promise.resolve(void (now += ms)), random: () => 0 };
  const warnings: string[] = [];
  const look = (state: DesiredState, prior?: Snapshot) =>
    observe({
      driver,
      clock,
      desired: state,
      prior,
      hashText: (text) => text,
      readClaims: (subjects) => Promise.resolve(Object.fromEntries(subjects.map((each) => [each, "claimed"]))),
      lookAtArchives: () => Promise.resolve([]),
      warn: (message) => warnings.push(message),
    });
  const answer = (how: number | DriverError, text = ""): void => {
    exit = how;
    stdout = text;
  };
  return { look, scopes, runs, warnings, answer };
}

describe("what is read", () => {
  test("is nothing but machines where neither stack nor state has anything", async () => {
    const { look, scopes } = world([facts("foreign")]);
    expect(await look(stack())).toEqual({
      world: WORLD,
      capabilities: { version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false },
      machines: [facts("foreign")],
      settings: { cpu: "1" },
      probes: {},
      inside: {},
      archives: {},
      claims: { "id-foreign": "claimed", cpu: "claimed" },
      observedAt: 1000,
    });
    expect(scopes).toEqual([{ settings: false, default: false }]);
  });

  test("is one observation for any number of unchanged machines", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const { look, scopes } = world(names.map((name) => facts(name)));
    await look(stack(...names.map((name) => desired(name))), snapshot(...names.map((name) => recorded(name))));
    expect(scopes).toEqual([{ settings: true, default: false }]);
  });

  test.each([
    [stack(desired("web", { default: true })), undefined],
    [stack(), snapshot(recorded("web", { inputs: { ...recorded("web").inputs, default: true } }))],
  ])("is the default where stack or state speaks of it", async (state, prior) => {
    const { look } = world([facts("web")]);
    expect((await look(state, prior)).default).toBeNull();
  });
});

describe("a machine in transition", () => {
  test("is waited for where it is ours, and then read in full", async () => {
    const { look, scopes, warnings } = world([facts("web", "starting")], [facts("web", "starting")], [facts("web")]);
    const live = await look(stack(desired("WEB")));
    expect([live.machines[0]?.state, live.observedAt, warnings.length]).toEqual(["running", 3000, 1]);
    expect(scopes.map((scope) => scope.settings)).toEqual([true, false, false, true]);
  });

  test("is waited for by id under whatever name", async () => {
    const { look } = world(
      [{ ...facts("web", "stopping"), name: "www" }],
      [{ ...facts("web", "stopped"), name: "www" }],
    );
    expect((await look(stack(), snapshot(recorded("web")))).machines[0]?.state).toBe("stopped");
  });

  test("is waited for no longer than a minute", async () => {
    const { look } = world([facts("web", "provisioning")]);
    const live = await look(stack(desired("web")));
    expect([live.machines[0]?.state, live.observedAt]).toEqual(["provisioning", 61_000]);
  });

  test("is not waited for where it is none of ours", async () => {
    const { look, scopes } = world([facts("foreign", "creating")]);
    await look(stack(desired("web")));
    expect(scopes.length).toBe(1);
  });
});

describe("a recorded machine that is not listed", () => {
  test("is looked for a second time", async () => {
    const { look } = world([], [facts("web")]);
    expect((await look(stack(), snapshot(recorded("web")))).machines).toEqual([facts("web")]);
  });

  test("is not gone when the second list lacks another", async () => {
    const [a, b] = [facts("a"), facts("b")];
    const { look, scopes } = world([a], [b], [a, b]);
    const live = await look(stack(), snapshot(recorded("a"), recorded("b")));
    expect([live.machines, scopes.length]).toEqual([[a, b], 3]);
  });

  test("is no reason to go on where every list lacks another", async () => {
    const lists = Array.from({ length: 6 }, (_, index) => [facts(index % 2 === 0 ? "a" : "b")]);
    const { look } = world(...lists);
    await expect(look(stack(), snapshot(recorded("a"), recorded("b")))).rejects.toMatchObject({
      code: "ORB_LIST_INCONSISTENT",
    });
  });

  test("that is on its way is looked for a second time", async () => {
    const pending = { action: "create", name: "web", at: 0, timeoutMs: 1000, expected: {}, knownIds: [] } as const;
    const { id: _id, ...unborn } = recorded("web", { pending });
    const { look } = world([], [facts("web")]);
    expect((await look(stack(), snapshot(unborn))).machines).toEqual([facts("web")]);
  });

  test("is gone when the second list lacks it too", async () => {
    const { look, scopes } = world([]);
    expect((await look(stack(), snapshot(recorded("web")))).machines).toEqual([]);
    expect(scopes).toEqual([
      { settings: true, default: false },
      { settings: true, default: false },
    ]);
  });
});

function unready(ready?: JsonObject): Snapshot {
  return snapshot(recorded("web", { status: "unready", unready: { reason: "timed out", detail: "" } }, ready));
}

describe("an unready machine", () => {
  test.each([
    [undefined, 0, "", "ready", ["true"]],
    [undefined, 1, "", "not ready", ["true"]],
    [{ kind: "cloud-init" }, 0, "status: done\n", "ready", ["cloud-init", "status"]],
    [{ kind: "cloud-init" }, 2, "status: done\n", "ready", ["cloud-init", "status"]],
    [{ kind: "cloud-init" }, 0, "status: running\n", "not ready", ["cloud-init", "status"]],
    [{ kind: "cloud-init" }, 1, "status: error\n", "not ready", ["cloud-init", "status"]],
    [{ kind: "command", command: ["test", "-e", "/x"] }, 0, "", "ready", ["test", "-e", "/x"]],
  ])("with %j that exits %i and says %j is %s", async (...[ready, exit, said, verdict, command]) => {
    const { look, runs, answer } = world([facts("web")]);
    answer(exit, said);
    expect((await look(stack(), unready(ready))).probes).toEqual({ "id-web": verdict });
    expect(runs.map((run) => run.command)).toEqual([command]);
  });

  test("is not ready where the probe itself fails", async () => {
    const { look, answer } = world([facts("web")]);
    const late = { kind: "timed out", outcome: "unknown", summary: "late", detail: "" } as const;
    answer(new DriverError("ORB_ORBCTL_TIMEOUT", late));
    expect((await look(stack(), unready())).probes).toEqual({ "id-web": "not ready" });
  });

  test("is never run on while it does not run", async () => {
    const { look, runs } = world([facts("web", "stopped")]);
    expect([(await look(stack(), unready())).probes, runs]).toEqual([{}, []]);
  });

  test("is the only one that is probed", async () => {
    const { look, runs } = world([facts("web")]);
    await look(stack(), snapshot(recorded("web")));
    expect(runs).toEqual([]);
  });
});
