import fjp from "fast-json-patch";
import { describe, expect, it } from "vitest";

/**
 * What the library does, each a reason for a line of `src/state/patch.ts`; that the module is safe of it is shown in
 * `tests/unit/state/patch.test.ts`. A version in which one of these fails may let that line go.
 */
describe("fast-json-patch", () => {
  it("loses operations of a frozen patch that build on each other", () => {
    const patch = [
      { op: "add", path: "/q", value: Object.freeze({ x: 1 }) },
      { op: "add", path: "/q/y", value: 2 },
    ] as const;
    expect(fjp.applyPatch({}, patch, true, false).newDocument).toEqual({ q: { x: 1 } });
  });

  it("changes the values of a patch that is not frozen", () => {
    const patch = [
      { op: "add", path: "/q", value: {} },
      { op: "add", path: "/q/y", value: 2 },
    ] as const;
    fjp.applyPatch({}, patch, true, false);
    expect(patch[0].value).toEqual({ y: 2 });
  });

  it("puts the whole document, secrets included, into its errors", () => {
    const remove = [{ op: "remove", path: "/nothing" }] as const;
    expect(() => fjp.applyPatch({ password: "hunter2" }, remove, true, false)).toThrow(/hunter2/);
  });

  it("finds no difference between roots that are not objects", () => {
    expect([fjp.compare(Object(1), Object(2)), fjp.compare([], [])]).toEqual([[], []]);
  });

  it("leaves a hole where an index is out of range, unless it validates", () => {
    const put = [{ op: "replace", path: "/5", value: 1 }] as const;
    expect(fjp.applyPatch([0], put, false, false).newDocument).toHaveLength(6);
    expect(() => fjp.applyPatch([0], put, true, false)).toThrow(/OPERATION_PATH_UNRESOLVABLE/);
  });

  it("writes paths into prototypes that it then refuses", () => {
    const hostile: object = JSON.parse('{"__proto__":{"x":1}}');
    const patch = fjp.compare({}, hostile);
    expect(patch.map(({ path }) => path)).toEqual(["/__proto__"]);
    expect(() => fjp.applyPatch({}, patch, true, false)).toThrow(/prototype/);
  });
});
