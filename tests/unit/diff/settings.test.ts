import { describe, expect, it } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { MachineSettings } from "../../../src/model/machine.ts";
import { UNKNOWN } from "../../../src/model/plan.ts";
import type { DesiredSettings } from "../../../src/model/resource.ts";
import { diffSettings, needsRestart, newSettings, settingDefault } from "../../../src/diff/settings.ts";
import { at, desiredMachine, liveMachine, stateOf } from "../../support/plan-builders.ts";

const ref = { "~orbform": "ref" as const, address: at("db"), property: "id" };

interface Case {
  readonly wanted?: DesiredSettings;
  /** What was last applied; `null` = it was never. */
  readonly applied?: { readonly [K in keyof MachineSettings]: MachineSettings[K] | null } | null;
  readonly made?: MachineSettings;
  readonly clamped?: MachineSettings;
  readonly live?: MachineSettings;
  readonly ignore?: readonly string[];
  readonly known?: string;
  readonly changing?: boolean;
}

function diff({ wanted = {}, applied = {}, made = {}, clamped, live = {}, ignore = [], ...values }: Case) {
  const lifecycle = { ...DEFAULT_LIFECYCLE, ignoreChanges: ignore };
  const before = applied === null ? undefined : stateOf(desiredMachine("web"), liveMachine("web"));
  return diffSettings({
    desired: desiredMachine("web", { settings: wanted, lifecycle }),
    live,
    prior: before && {
      ...before,
      inputs: { ...before.inputs, settings: { ...applied } },
      made,
      ...(clamped && { clamped }),
    },
    values: { lookup: () => values.known, isChanging: () => values.changing ?? false },
  });
}

const paths = (given: Case) => diff(given).attributes.map(({ path, before, after }) => [path, before, after]);

describe("a setting of a machine", () => {
  it("that differs is written, beside what it was; one that does not counts as unchanged", () => {
    expect(diff({ wanted: { cpus: 2, httpPort: 80 }, live: { cpus: 1, httpPort: 80, user: "me" } })).toEqual({
      settings: { cpus: 2 },
      before: { cpus: 1 },
      attributes: [{ path: "cpus", before: 1, after: 2, forcesReplacement: false }],
      unchanged: 1,
    });
  });

  it("that is ignored or never was managed is left alone, and not counted", () => {
    expect(diff({ wanted: { cpus: 2 }, live: { cpus: 1 }, ignore: ["cpus"] })).toMatchObject({
      attributes: [],
      unchanged: 0,
    });
    expect(diff({ live: { cpus: 1 } })).toMatchObject({ attributes: [], unchanged: 0 });
    expect(diff({ applied: null, live: { cpus: 1 } })).toMatchObject({ attributes: [], unchanged: 0 });
  });

  it("that leaves the stack goes back to what the machine was made with, else to OrbStack's default", () => {
    expect(paths({ applied: { cpus: 4 }, made: { cpus: 1 }, live: { cpus: 4 } })).toEqual([["cpus", 4, 1]]);
    expect(paths({ applied: { cpus: 4 }, live: { cpus: 4 } })).toEqual([["cpus", 4, 0]]);
    expect(diff({ applied: { cpus: 4 }, live: { cpus: 4 } }).settings).toEqual({ cpus: 0 });
    expect(paths({ applied: { user: "ann" }, live: { user: "ann" } })).toEqual([]);
    expect(paths({ applied: { user: "ann" }, made: { user: "me" }, live: { user: "ann" } })).toEqual([
      ["user", "ann", "me"],
    ]);
  });

  it("that is null goes to OrbStack's default, and where that is not known to what the machine was made with", () => {
    expect(paths({ wanted: { cpus: null }, made: { cpus: 1 }, live: { cpus: 4 } })).toEqual([["cpus", 4, 0]]);
    expect(paths({ wanted: { user: null }, made: { user: "me" }, live: { user: "ann" } })).toEqual([
      ["user", "ann", "me"],
    ]);
    expect(diff({ wanted: { user: null }, live: { user: "ann" } })).toMatchObject({ settings: {}, unchanged: 0 });
    expect(diff({ wanted: { user: null }, applied: null, live: { user: "ann" } })).toMatchObject({ settings: {} });
  });

  it("that is not told is what was last asked for, else what the machine was made with", () => {
    expect(paths({ wanted: { mounts: ["/b"] }, applied: { mounts: ["/a"] } })).toEqual([
      ["isolated.mounts", ["/a"], ["/b"]],
    ]);
    expect(paths({ wanted: { mounts: ["/b"] }, applied: { mounts: null }, made: { mounts: ["/m"] } })).toEqual([
      ["isolated.mounts", [], ["/b"]],
    ]);
    expect(paths({ wanted: { mounts: ["/b"] }, made: { mounts: ["/m"] } })).toEqual([
      ["isolated.mounts", ["/m"], ["/b"]],
    ]);
    expect(paths({ wanted: { mounts: ["/b"] } })).toEqual([["isolated.mounts", undefined, ["/b"]]]);
    expect(paths({ wanted: { mounts: null } })).toEqual([]);
  });

  it("that was never told or asked for is written, of an adopted machine as well", () => {
    expect(paths({ wanted: { mounts: ["/a"] }, applied: null })).toEqual([["isolated.mounts", undefined, ["/a"]]]);
    expect(diff({ wanted: { mounts: null }, applied: null }).unchanged).toBe(1);
  });

  it("that is not known yet is written where it was never asked for, or where it is changing", () => {
    expect(paths({ wanted: { user: ref }, live: { user: "me" } })).toEqual([["user", "me", UNKNOWN]]);
    expect(diff({ wanted: { user: ref }, live: { user: "me" } }).settings).toEqual({ user: ref });
    expect(paths({ wanted: { user: ref }, applied: { user: "me" }, live: { user: "me" }, changing: true })).toEqual([
      ["user", "me", UNKNOWN],
    ]);
    expect(diff({ wanted: { user: ref }, applied: { user: "me" }, live: { user: "me" } })).toMatchObject({
      attributes: [],
      unchanged: 1,
    });
    expect(diff({ wanted: { user: ref }, live: { user: "me" }, known: "ann" }).settings).toEqual({ user: "ann" });
  });

  it("of which less was given stays as given, while the same is asked and the same is there", () => {
    const given = { wanted: { cpus: 99 }, applied: { cpus: 99 }, clamped: { cpus: 8 } };
    expect(paths({ ...given, live: { cpus: 8 } })).toEqual([]);
    expect(paths({ ...given, live: { cpus: 4 } })).toEqual([["cpus", 4, 99]]);
    expect(paths({ ...given, wanted: { cpus: 98 }, live: { cpus: 8 } })).toEqual([["cpus", 8, 98]]);
    expect(paths({ ...given, clamped: { memoryMiB: 8 }, live: { cpus: 8 } })).toEqual([["cpus", 8, 99]]);
  });
});

describe("the settings of a machine", () => {
  it("that is still to be made are those the stack gives it", () => {
    const values = { lookup: () => undefined, isChanging: () => false };
    expect(newSettings({ memoryMiB: 512, user: ref, cpus: null, isolateNetwork: true }, values)).toEqual([
      { path: "memory", after: "512M", forcesReplacement: false },
      { path: "user", after: UNKNOWN, forcesReplacement: false },
      { path: "isolated.network", after: false, forcesReplacement: false },
    ]);
  });

  it("have a default, but for the user", () => {
    expect([settingDefault("cpus"), settingDefault("forwardSshAgent"), settingDefault("user")]).toEqual([
      0,
      true,
      undefined,
    ]);
  });

  it("take effect at its next start, but for the user", () => {
    expect([{}, { user: "me" }, { cpus: 1 }, { user: "me", cpus: 1 }].map((each) => needsRestart(each))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
