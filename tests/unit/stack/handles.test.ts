import { describe, expect, it, vi } from "vitest";
import { component, defineStack, existing, extend, interpolate, machine, setting } from "../../../src/index.ts";
import { applyEdits } from "../../../src/desired/apply-edits.ts";
import { resolved, said } from "../../support/stack-resolved.ts";

/** Another copy of the package, as a project's own install is one. */
function secondCopy() {
  vi.resetModules();
  return import("../../../src/index.ts");
}

function doNothing(): void {
  // An override that changes nothing.
}

describe("handles", () => {
  it("are frozen data, with a copy of what the author wrote", () => {
    const labels = { tier: "web" };
    const web = machine({ image: "debian", labels });
    labels.tier = "changed";
    expect(Object.isFrozen(web)).toBe(true);
    expect(Object.isFrozen(web.ip4)).toBe(true);
    expect(web["~input"]).toEqual({ image: "debian", labels: { tier: "web" } });
    expect(web["~orbform"]).toBe("machine");
  });

  it("have an id each", () => {
    expect(machine({ image: "debian" })["~rid"]).not.toBe(machine({ image: "debian" })["~rid"]);
  });

  it("give the name of an existing machine as text", () => {
    expect(existing("golden").name).toBe("golden");
  });

  it("refuse to be turned into text or a number, and say what to write", () => {
    const web: { readonly [key: string]: unknown } = { ...machine({ image: "debian" }) };
    for (const value of [
      web["ip4"],
      interpolate`a${1}`,
      setting({ key: "cpu", value: 1 }),
      machine({ image: "debian" }),
    ]) {
      for (const coerce of [String, Number, (each: unknown) => [each].join("")]) {
        expect(() => coerce(value)).toThrow(expect.objectContaining({ code: "ORB_VALUE_UNKNOWN" }));
      }
    }
    expect(() => String(web["ip4"])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("interpolate`http://${web.ip4}") }),
    );
  });

  it("refuse data that refers to itself", () => {
    const labels: { [key: string]: unknown } = {};
    labels["self"] = labels;
    expect(() => Reflect.apply(machine, undefined, [{ image: "debian", labels }])).toThrow(
      expect.objectContaining({ code: "ORB_PROPERTY_INVALID" }),
    );
  });

  it("of two copies of the package work together", async () => {
    const copy = await secondCopy();
    expect(copy.machine).not.toBe(machine);
    const base = copy.machine({ image: "debian" });
    const web = machine({ clone: base, lifecycle: { replaceWhen: [base] } });
    const { value, diagnostics } = resolved({
      base,
      web,
      tier: copy.component({ resources: { a: machine({ image: "alpine" }) } }),
    });
    expect(diagnostics).toEqual([]);
    expect(value.resources.map((each) => [each.address, each.dependencies])).toEqual([
      ["machine.base", []],
      ["machine.web", ["machine.base"]],
      ["tier/machine.a", []],
    ]);
  });
});

describe("interpolate", () => {
  it("of known values is text by the time it is planned", () => {
    const web = machine({ image: "debian" });
    expect(
      resolved({ web }, { outputs: { url: interpolate`http://${web.name}:${80}/` } }).value.outputs["url"]?.value,
    ).toBe("http://web:80/");
  });
});

describe("extend", () => {
  const base = machine({ image: "debian" });
  const web = machine({ clone: base, cpus: 2 });
  const tier = component({ resources: { app: machine({ clone: web }) } });
  const tree = { resources: { base, web, tier }, outputs: { at: web.ip4 } };

  it("leaves the original as it is and notes the override", () => {
    const stack = defineStack({ resources: { base, web } });
    const other = extend(stack, doNothing);
    expect(stack["~edits"]).toEqual([]);
    expect(other["~edits"]).toEqual([doNothing]);
    expect(other["~input"]).toBe(stack["~input"]);
  });

  it("changes, adds and removes resources, also inside components; references survive", async () => {
    const stack = extend(defineStack(tree), (draft, edit) => {
      draft.resources.base.image = "ubuntu";
      draft.resources.web.cpus = 4;
      draft.resources.web.labels = { a: "b" };
      draft.resources.tier.resources.app.memory = "2G";
      draft.outputs["name"] = web.name;
      edit.add("tier/db", machine({ image: "alpine" }));
      edit.add("cache", machine({ clone: web }));
    });
    const recipes = stack["~edits"].filter((each) => typeof each === "function");
    const edited = await applyEdits(
      tree,
      recipes.map((each) => (draft, edit) => Reflect.apply(each, undefined, [draft, edit])),
    );
    const { value, diagnostics } = resolved(edited.resources, { outputs: edited.outputs });
    expect(diagnostics).toEqual([]);
    expect(
      value.resources.map((each) => [each.address, each.type === "machine" && each.settings, each.dependencies]),
    ).toEqual([
      ["machine.base", {}, []],
      ["machine.cache", {}, ["machine.web"]],
      ["machine.web", { cpus: 4 }, ["machine.base"]],
      ["tier/machine.app", { memoryMiB: 2048 }, ["machine.web"]],
      ["tier/machine.db", {}, []],
    ]);
    expect(Object.keys(value.outputs)).toEqual(["at", "name"]);
    expect(web["~input"]).toEqual({ clone: base, cpus: 2 });
  });

  it("that takes out what others need leaves an unknown reference behind", async () => {
    const edited = await applyEdits(tree, [
      (_, edit) => Reflect.apply(Reflect.get(Object(edit), "remove"), undefined, ["base"]),
    ]);
    expect(said(resolved(edited.resources))[0]).toMatch(/^error ORB_UNKNOWN_REFERENCE machine.web: "clone"/);
  });

  it.each([
    ["add", ["web", base], "there is already"],
    ["remove", ["nope"], "there is no resource"],
    ["remove", ["web/app"], "is no component"],
  ])("refuses to %s %j", async (verb, args, text) => {
    const recipe = (_: unknown, edit: unknown) => Reflect.apply(Reflect.get(Object(edit), verb), undefined, args);
    await expect(applyEdits(tree, [recipe])).rejects.toMatchObject({
      code: "ORB_STACK_INVALID",
      detail: expect.stringContaining(text),
    });
  });
});
