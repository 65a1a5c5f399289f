import { expect, test } from "vitest";
import { markResource, moveResource, removeResource } from "../../../src/cli/state-edits.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { SettingResource, Snapshot } from "../../../src/model/snapshot.ts";
import { at } from "../../support/report-builders.ts";

const setting = (key: string, dependencies: readonly string[] = []): SettingResource => ({
  type: "setting",
  revision: 1,
  lifecycle: DEFAULT_LIFECYCLE,
  dependencies: dependencies.map(at),
  inputs: { key, value: 1, onRemove: "restore" },
  original: null,
  seen: "1",
});

const snapshot: Snapshot = {
  format: 1,
  stack: "dev",
  world: { driver: "simulator", host: "h" },
  lineage: "l",
  serial: 3,
  resources: { [at("setting.a")]: setting("a"), [at("setting.b")]: setting("b", ["setting.a"]) },
  outputs: {},
};

const refused = (code: string) => expect.objectContaining({ code });

test("a moved resource keeps what it is, and those that need it follow", () => {
  const { resources } = moveResource(snapshot, at("setting.a"), at("setting.z"));
  expect(resources).toEqual({
    "setting.b": setting("b", ["setting.z"]),
    "setting.z": setting("a"),
  });
});

test("what lies inside a machine, what is restarted for it and archives follow a move", () => {
  const within = (more: object) => ({ ...setting("a"), type: "service", on: at("machine.web"), ...more });
  const conf = { ...within({}), type: "file", dependencies: [at("machine.web")] };
  const service = within({ dependencies: [at("file.conf"), at("machine.web")], startedWith: { "file.conf": 1 } });
  const backup = { ...setting("a"), type: "archive", dependencies: [at("machine.web")], inputs: { of: "machine.web" } };
  const web = { ...setting("a"), type: "machine" };
  const before = { "machine.web": web, "file.conf": conf, "service.s": service, "archive.b": backup };
  const there = { ...snapshot, resources: before } as unknown as Snapshot;
  const machine = moveResource(there, at("machine.web"), at("machine.app"));
  const { resources } = moveResource(machine, at("file.conf"), at("file.z"));
  expect(resources).toEqual({
    "machine.app": web,
    "file.z": { ...conf, on: "machine.app", dependencies: ["machine.app"] },
    "service.s": {
      ...service,
      on: "machine.app",
      dependencies: ["file.z", "machine.app"],
      startedWith: { "file.z": 1 },
    },
    "archive.b": { ...backup, dependencies: ["machine.app"], inputs: { of: "machine.app" } },
  });
});

test("a move onto another resource, from nowhere, or to another type is refused", () => {
  expect(() => moveResource(snapshot, at("setting.a"), at("setting.b"))).toThrow(refused("ORB_DUPLICATE_KEY"));
  expect(() => moveResource(snapshot, at("setting.x"), at("setting.y"))).toThrow(refused("ORB_ADDRESS_UNKNOWN"));
  expect(() => moveResource(snapshot, at("setting.a"), at("machine.a"))).toThrow(refused("ORB_USAGE"));
});

test("a removed resource leaves nothing that names it", () => {
  expect(removeResource(snapshot, at("setting.a")).resources).toEqual({ "setting.b": setting("b") });
});

test("only machines are marked", () => {
  expect(() => markResource(snapshot, at("setting.a"), "ready")).toThrow(
    expect.objectContaining({ code: "ORB_USAGE" }),
  );
});
