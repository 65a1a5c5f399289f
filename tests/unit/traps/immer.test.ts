import { produce } from "immer";
import { describe, expect, it } from "vitest";
import { defineStack, extend, machine } from "../../../src/index.ts";
import { testWorld } from "../../../src/testing.ts";

/** A class of an author's: immer changes its instances in place, drafts or not. */
class Labels {
  team = "web";
}

describe("immer", () => {
  it("alone freezes what it is given, and changes class instances in place", () => {
    const given = { deep: { value: 1 } };
    const instance = new Labels();
    produce<{ instance: Labels; other: unknown }>({ instance, other: {} }, (draft) => {
      draft.other = given;
      draft.instance.team = "changed";
    });
    expect(Object.isFrozen(given.deep)).toBe(true);
    expect(instance.team).toBe("changed");
  });

  it("never freezes an object that an author passes to a resource", async () => {
    const labels = { team: "web" };
    const stack = defineStack({ resources: { box: machine({ image: "alpine", labels }) } });
    await testWorld().plan(extend(stack, (draft) => void (draft.resources.box.cpus = 2)));
    expect(Object.isFrozen(labels)).toBe(false);
  });

  it("never freezes an object that an override passes on", async () => {
    const labels = { team: "web" };
    const groups = ["a"];
    const stack = defineStack({ resources: { box: machine({ image: "alpine" }) } });
    const edited = extend(stack, (draft) => {
      draft.resources.box.labels = labels;
      draft.resources.box.groups = groups;
    });
    await testWorld().plan(edited);
    expect([Object.isFrozen(labels), Object.isFrozen(groups)]).toEqual([false, false]);
  });

  it("leaves the original as it was when an override changes what lies deep in it", async () => {
    const labels = { team: "web" };
    const world = testWorld();
    const stack = defineStack({ resources: { box: machine({ image: "alpine", labels }) } });
    const edited = extend(stack, (draft) => {
      draft.resources.box.labels = { ...draft.resources.box.labels, team: "db" };
    });
    await world.apply(edited);
    expect(labels).toEqual({ team: "web" });
    const plan = await world.plan(stack);
    expect(plan.changes.map(({ address, action }) => `${address} ${action}`)).toEqual(["machine.box update"]);
  });

  it("never gets to change a class instance: the stack that holds one is refused", async () => {
    const labels = new Labels();
    const input: unknown = { image: "alpine", labels };
    const stack = defineStack({ resources: { box: machine(input as Parameters<typeof machine>[0]) } });
    const edited = extend(stack, (draft) => {
      draft.resources.box.labels = { team: "changed" };
    });
    const wrong = extend(stack, (draft) => void (draft.resources.box.cpus = 2));
    await testWorld().plan(edited);
    await expect(testWorld().plan(wrong)).rejects.toMatchObject({ code: "ORB_PROPERTY_INVALID" });
    expect(labels).toEqual(new Labels());
  });
});
