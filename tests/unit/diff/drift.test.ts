import { describe, expect, it } from "vitest";
import { drift, ignoring, live } from "../../support/machine-diffs.ts";
import { at } from "../../support/plan-builders.ts";

describe("drift of a machine", () => {
  it("is none where it is as it was last seen", () => {
    expect(drift({ desired: { settings: { cpus: 0 } } })).toBeUndefined();
  });

  it("is what changed outside, of what the stack manages", () => {
    const found = drift({
      desired: { settings: { cpus: 2, memoryMiB: 1024 } },
      state: {
        seen: { settings: { ...live.settings, cpus: 2, memoryMiB: 1024 }, power: "running", image: live.image },
      },
      live: { name: "www", state: "stopped", settings: { cpus: 4, memoryMiB: 2048, httpPort: 80 } },
    });
    expect(found).toEqual({
      address: at("web"),
      name: "web",
      kind: "changed",
      folded: false,
      attributes: [
        { path: "name", before: "web", after: "www", forcesReplacement: false },
        { path: "cpus", before: 2, after: 4, forcesReplacement: false },
        { path: "memory", before: "1G", after: "2G", forcesReplacement: false },
        { path: "power", before: "running", after: "stopped", forcesReplacement: false },
      ],
    });
  });

  it("tells what changed to what is wanted anyway only where nothing else did", () => {
    const given = { desired: { settings: { cpus: 4, httpPort: 8080 } }, applied: {} };
    const both = drift({ ...given, live: { settings: { cpus: 4, httpPort: 80 } } });
    const folded = drift({ ...given, live: { settings: { cpus: 4, httpPort: 8080 } } });
    expect([both?.folded, both?.attributes.map(({ path }) => path)]).toEqual([false, ["httpPort"]]);
    expect([folded?.folded, folded?.attributes.map(({ path }) => path)]).toEqual([true, ["cpus", "httpPort"]]);
  });

  it("is of a setting that was set and has left the stack, too", () => {
    const found = drift({ desired: {}, applied: { settings: { cpus: 0 } }, live: { settings: { cpus: 4 } } });
    expect(found?.attributes.map(({ path }) => path)).toEqual(["cpus"]);
    expect(drift({ live: { settings: { cpus: 4 } } })).toBeUndefined();
  });

  it("is nothing that was never seen before", () => {
    const seen = { settings: {}, power: "running", image: live.image };
    expect(
      drift({ desired: { settings: { cpus: 0 } }, state: { seen }, live: { settings: { cpus: 4 } } }),
    ).toBeUndefined();
  });

  it("is nothing that is no longer told", () => {
    const desired = { settings: { mounts: ["/a"] } };
    const seen = { settings: { mounts: ["/a"] }, power: "running", image: live.image };
    expect(drift({ desired, state: { seen } })).toBeUndefined();
  });

  it.each([
    ["a temporary name of ours", { live: { name: "web-orbform-tmp-1a2b" } }],
    ["a longer temporary name of ours", { live: { name: "web-orbform-del-1a2b3c" } }],
    ["another case", { live: { name: "WEB" } }],
    ["a name that is ignored", { desired: ignoring("name"), live: { name: "www" } }],
    ["power that is ignored", { desired: ignoring("power"), live: { state: "stopped" } }],
    ["power that is any", { desired: { power: "any" }, live: { state: "stopped" } }],
    ["power that an interrupted action changed", { state: { returnTo: "running" }, live: { state: "stopped" } }],
    ["power on its way", { live: { state: "stopping" } }],
    [
      "a setting that is ignored",
      { desired: { settings: { cpus: 0 }, ...ignoring("cpus") }, live: { settings: { cpus: 4 } } },
    ],
  ] as const)("is not %s", (_, given) => {
    expect(drift(given)).toBeUndefined();
  });

  it.each(["web-orbform-tmp-1a2", "web-orbform-tmp-1a2b-x", "web-orbform-old-1a2b", "web-tmp-1a2b"])(
    "is a name that only looks like one of ours: %s",
    (name) => {
      expect(drift({ live: { name } })?.attributes.map(({ path }) => path)).toEqual(["name"]);
    },
  );
});
