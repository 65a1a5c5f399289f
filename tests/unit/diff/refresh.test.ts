import { describe, expect, it } from "vitest";
import { machineId, type MachineFacts } from "../../../src/model/machine.ts";
import type { MachineResource, PendingIntent } from "../../../src/model/snapshot.ts";
import { refresh, type Seen } from "../../../src/diff/refresh.ts";
import { desiredMachine, liveMachine, stateOf } from "../../support/plan-builders.ts";

const live = liveMachine("web");
const state = stateOf(desiredMachine("web"), live);
const pending: PendingIntent = {
  action: "create",
  name: "web",
  at: 0,
  timeoutMs: 1,
  expected: {},
  knownIds: [],
};

const now = (prior: MachineResource, seen: Partial<Seen> = {}) =>
  refresh(prior, { machine: live, recovered: false, probe: undefined, find: () => undefined, ...seen });
const as = (given: Partial<MachineFacts>): Partial<Seen> => ({ machine: { ...live, ...given } });

describe("the state of a machine as it is now", () => {
  it("is the very same, with its revision, where nothing differs", () => {
    expect(now(state)).toBe(state);
  });

  it.each<[string, Partial<MachineFacts>]>([
    ["name", { name: "www" }],
    ["power", { state: "stopped" }],
    ["image", { image: { ...live.image, version: "another" } }],
    ["one setting", { settings: { ...live.settings, httpPort: 8080 } }],
  ])("is one revision on where but the %s differs", (_, given) => {
    expect(now(state, as(given))?.revision).toBe(state.revision + 1);
  });

  it("is called and set as the machine is, one revision on", () => {
    const image = { distro: "debian", version: "trixie", arch: "arm64", variant: "cloud" };
    expect(now(state, as({ name: "www", state: "stopped", image, settings: { cpus: 4 } }))).toEqual({
      ...state,
      revision: 2,
      name: "www",
      seen: { settings: { ...live.settings, cpus: 4 }, power: "stopped", image },
    });
  });

  it("keeps the settings that live does not tell", () => {
    const seen = { ...state.seen, settings: { ...live.settings, mounts: ["/a"] } };
    expect(now({ ...state, seen })).toEqual({ ...state, seen });
  });

  it("keeps the power last seen while the machine is on its way", () => {
    expect(now(state, as({ state: "starting" }))).toBe(state);
  });

  it("is nothing where machine and predecessors are gone", () => {
    const deposed = [{ id: machineId("OLD"), name: "web" }];
    expect(now(state, { machine: undefined })).toBeUndefined();
    expect(now({ ...state, deposed }, { machine: undefined })).toBeUndefined();
  });

  it("keeps its place for a predecessor that outlives the machine, without anything that was the machine's", () => {
    const old = liveMachine("web-old");
    const deposed = [{ id: old.id, name: "web" }];
    const busy = { halfDeleted: "x", returnTo: "running", restartPending: true, identityOwed: true } as const;
    const left = now(
      { ...state, ...busy, deposed },
      { machine: undefined, find: (id) => (id === old.id ? old : undefined) },
    );
    const { id: _id, ...rest } = state;
    expect(left).toStrictEqual({ ...rest, deposed: [{ id: old.id, name: "web-old" }], revision: 2 });
  });

  it("forgets predecessors that are gone, and follows the names of the others", () => {
    const old = liveMachine("aside");
    const deposed = [
      { id: machineId("GONE"), name: "gone" },
      { id: old.id, name: "web" },
    ];
    const find = (id: string) => (id === old.id ? old : undefined);
    expect(now({ ...state, deposed }, { find })).toEqual({
      ...state,
      revision: 2,
      deposed: [{ id: old.id, name: "aside" }],
    });
    expect(now({ ...state, deposed })).toStrictEqual({ ...state, revision: 2 });
  });

  it("is ready once its probe says so, and unready with its reason until then", () => {
    const unready = { reason: "timed out", detail: "late" } as const;
    const waiting = { ...state, status: "unready", unready } as const;
    expect(now(waiting)).toBe(waiting);
    expect(now(waiting, { probe: "not ready" })).toBe(waiting);
    expect(now(waiting, { probe: "ready" })).toStrictEqual({ ...state, revision: 2 });
  });

  it("says why it is unready where no reason was written down", () => {
    expect(now({ ...state, status: "unready" })?.unready).toEqual({
      reason: "interrupted",
      detail: "The run that made it ended before it answered.",
    });
  });

  it("owes a restart until the machine was seen stopped", () => {
    const owing = { ...state, restartPending: true } as const;
    expect(now(owing)).toBe(owing);
    const seen = { ...state.seen, power: "stopped" };
    expect(now(owing, as({ state: "stopped" }))).toStrictEqual({ ...state, seen, revision: 2 });
  });

  it("is half deleted only under the name it was given for that", () => {
    const half = { ...state, halfDeleted: "web-orbform-del-1a2b" };
    expect(now(half, as({ name: "web-orbform-del-1a2b" }))).toMatchObject({ halfDeleted: "web-orbform-del-1a2b" });
    expect(now(half)).toStrictEqual({ ...state, revision: 2 });
  });

  it("owes its power until it has it", () => {
    const owing = { ...state, returnTo: "stopped" } as const;
    expect(now(owing)).toBe(owing);
    expect(now(owing, as({ state: "stopped" }))).not.toHaveProperty("returnTo");
    expect(now({ ...state, returnTo: "running" })).toStrictEqual({ ...state, revision: 2 });
  });
});

describe("the state of a machine that was found again", () => {
  const found = (prior: MachineResource, seen: Partial<Seen> = {}) => now(prior, { recovered: true, ...seen });
  const { id: _id, ...unmade } = state;

  it("is made as it is, and unready: its run ended before it answered", () => {
    const { made: _made, ...rest } = unmade;
    const left = found({ ...rest, made: {}, pending, seen: { ...state.seen, settings: { mounts: ["/a"] } } });
    expect(left).toStrictEqual({
      ...state,
      made: live.settings,
      seen: { settings: live.settings, power: "running", image: live.image },
      status: "unready",
      unready: { reason: "interrupted", detail: "The run that made it ended before it answered." },
      revision: 2,
    });
  });

  it("is ready where the stack wants it stopped", () => {
    const inputs = { ...state.inputs, power: "stopped" as const };
    expect(found({ ...unmade, inputs, pending })).toStrictEqual({ ...state, inputs, made: live.settings, revision: 2 });
  });

  it("is unready though another at its address was ready", () => {
    expect(found({ ...unmade, pending }, { probe: "ready" })?.status).toBe("unready");
  });

  it("has nothing that was true of another at its address", () => {
    const before: MachineResource = {
      ...state,
      clamped: { cpus: 1 },
      addresses: { ip4: "198.19.249.2" },
      unready: { reason: "failed", detail: "other" },
      status: "unready",
      restartPending: true,
      halfDeleted: live.name,
      returnTo: "stopped",
      identityOwed: true,
      pending,
    };
    expect(found(before)).toStrictEqual({
      ...state,
      made: live.settings,
      status: "unready",
      unready: { reason: "interrupted", detail: "The run that made it ended before it answered." },
      revision: 2,
    });
  });

  it("has the inputs it was made with, and owes the identity they ask for", () => {
    const inputs = { ...state.inputs, power: "stopped" as const, identity: "fresh" as const };
    const left = found({ ...unmade, pending: { ...pending, inputs } });
    expect([left?.inputs, left?.identityOwed]).toEqual([inputs, true]);
    expect(found({ ...unmade, pending })).not.toHaveProperty("identityOwed");
  });

  it("keeps the one it replaces, where that still lives, to be deleted", () => {
    const old = liveMachine("old");
    const prior = { ...state, id: old.id, name: "before", pending };
    expect(found(prior, { find: (id) => (id === old.id ? old : undefined) })?.deposed).toEqual([
      { id: old.id, name: "old", was: { ...state, id: old.id, name: "before" } },
    ]);
    expect(found(prior)).not.toHaveProperty("deposed");
    expect(found({ ...state, pending }, { find: () => live })).not.toHaveProperty("deposed");
    expect(now({ ...state, id: old.id }, { find: () => old })).not.toHaveProperty("deposed");
  });
});
