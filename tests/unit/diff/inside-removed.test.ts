import { describe, expect, it } from "vitest";
import { removedDifferences } from "../../../src/diff/inside.ts";
import { address } from "../../../src/model/address.ts";
import type { InsideFacts, InsideWish } from "../../../src/model/inside.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import { machineId } from "../../../src/model/machine.ts";

function applied(inputs: InsideWish, original: InsideFacts) {
  return removedDifferences({
    type: inputs.type,
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    on: address("machine", "web"),
    machine: machineId("01K742SG004B5E57F6EB2F42B9"),
    inputs,
    seen: original,
    original,
  });
}

describe("what is given up of something inside a machine", () => {
  it("is a file with its rights, and never a digest of what it held", () => {
    expect(applied({ type: "file", path: "/a", digest: "00", mode: 0o600 }, { type: "file", kind: "absent" })).toEqual([
      { path: "path", before: "/a" },
      { path: "mode", before: "0600" },
    ]);
  });

  it("is the packages that were not there before", () => {
    const wish = { type: "packages", install: { vim: "present", git: "latest" }, remove: [] } as const;
    const before = { type: "packages", manager: "apt", installed: { vim: "9.1", git: null }, newer: {} } as const;
    expect(applied(wish, before)).toEqual([{ path: "install.git", before: "latest" }]);
  });

  it("is a service's state, as far as it was asked for and was another before", () => {
    const before = { type: "service", manager: "systemd", exists: true, running: false, enabled: true } as const;
    expect(applied({ type: "service", name: "nginx", running: true, enabled: true }, before)).toEqual([
      { path: "running", before: true, after: false },
    ]);
    expect(applied({ type: "service", name: "nginx", enabled: true }, before)).toEqual([]);
  });
});
