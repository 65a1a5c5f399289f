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
    "setting.z": { ...setting("a"), revision: 2 },
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
