import fjp from "fast-json-patch";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../src/model/errors.ts";
import { applyResourcePatch, patchBetween } from "../../../src/state/patch.ts";
import { errorOf, machineState } from "../../support/state-builders.ts";

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

describe("a patch of one resource", () => {
  it("adds a resource that was not in state", () => {
    const web = machineState("web");
    expect(patchBetween(undefined, web)).toEqual([{ op: "add", path: "/resource", value: web }]);
    expect(applyResourcePatch(undefined, patchBetween(undefined, web))).toEqual(web);
  });

  it("takes a resource out of state", () => {
    const web = machineState("web");
    expect(applyResourcePatch(web, patchBetween(web, undefined))).toBeUndefined();
  });

  it("holds only what differs", () => {
    const patch = patchBetween(machineState("web"), machineState("web", { revision: 2, restartPending: true }));
    expect(patch).toEqual([
      { op: "replace", path: "/resource/revision", value: 2 },
      { op: "add", path: "/resource/restartPending", value: true },
    ]);
  });

  it("is empty where nothing differs", () => {
    const web = machineState("web");
    expect([patchBetween(web, machineState("web")), patchBetween(web, web)]).toEqual([[], []]);
  });

  it("applies to a frozen resource, on which the library alone would do nothing", () => {
    const web = frozen(machineState("web"));
    fjp.applyPatch(web, [{ op: "replace", path: "/name", value: "www" }]);
    expect(web.name).toBe("web");
    const after = applyResourcePatch(web, [{ op: "replace", path: "/resource/name", value: "www" }]);
    expect(after).toEqual(machineState("web", { name: "www" }));
  });

  it("applies every operation of a frozen patch", () => {
    const patch = frozen([
      { op: "add", path: "/resource/clamped", value: {} },
      { op: "add", path: "/resource/clamped/cpus", value: 4 },
    ] as const);
    expect(applyResourcePatch(machineState("web"), patch)).toEqual(machineState("web", { clamped: { cpus: 4 } }));
  });

  it("leaves the patch as it was, so that it can be applied again", () => {
    const patch = [
      { op: "add", path: "/resource/clamped", value: {} },
      { op: "add", path: "/resource/clamped/cpus", value: 4 },
    ] as const;
    applyResourcePatch(machineState("web"), patch);
    expect(patch[0].value).toEqual({});
  });

  it("says which operation does not fit, and nothing of the document", async () => {
    const web = machineState("web", { name: "secret-name" });
    const error = await errorOf(() => applyResourcePatch(web, [{ op: "remove", path: "/resource/nothing" }]));
    expect(error).toEqual({
      code: "ORB_JOURNAL_CORRUPT",
      detail:
        "A recorded change of a resource cannot be applied to its recorded state (operation 1, remove " +
        "/resource/nothing: OPERATION_PATH_UNRESOLVABLE). No machine was touched.",
    });
  });

  it("keeps the library's error, which holds the document, out of the cause", () => {
    const web = machineState("web", { name: "secret-name" });
    try {
      applyResourcePatch(web, [{ op: "remove", path: "/resource/nothing" }]);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ cause: undefined });
    }
  });

  it.each(["", "/other", "/resources/x", "/x/resource", "/__proto__/x"])(
    "refuses the path %j outside the resource",
    async (path) => {
      const error = await errorOf(() => applyResourcePatch(machineState("web"), [{ op: "add", path, value: 1 }]));
      expect(error.code).toBe("ORB_JOURNAL_CORRUPT");
      expect(error.detail).toContain("(add at a path outside the resource)");
    },
  );

  it("refuses a path into a prototype", async () => {
    const patch = [{ op: "add", path: "/resource/__proto__/polluted", value: 1 }] as const;
    const error = await errorOf(() => applyResourcePatch(machineState("web"), patch));
    expect(error.code).toBe("ORB_JOURNAL_CORRUPT");
    expect({}).not.toHaveProperty("polluted");
  });

  it.each([
    ["of no known type", { type: "rocket" }],
    ["without a type", {}],
    ["a list", []],
    ["a word", "machine"],
    ["null", null],
  ])("refuses a result that is no resource: %s", async (_, value) => {
    const patch = [{ op: "replace", path: "/resource", value }] as const;
    const { code, detail } = await errorOf(() => applyResourcePatch(machineState("web"), patch));
    expect([code, detail.includes("(the result is no resource)")]).toEqual(["ORB_JOURNAL_CORRUPT", true]);
  });

  it("of nothing gives the very same resource: a journal costs what it changes", () => {
    const web = machineState("web");
    expect(applyResourcePatch(web, [])).toBe(web);
  });

  it("refuses to record a key that could never be applied", () => {
    const labels: Record<string, string> = JSON.parse('{"__proto__":"x"}');
    const web = machineState("web");
    expect(() => patchBetween(web, { ...web, inputs: { ...web.inputs, labels } })).toThrow(InvariantError);
  });
});
