import { describe, expect, it } from "vitest";
import * as z from "zod";
import { archive, definePolicy, defineStack, existing, interpolate, machine, setting } from "../../../src/index.ts";
import { atMostMachines } from "../../../src/policies.ts";
import { isEmpty, testWorld } from "../../../src/testing.ts";

const web = defineStack({
  name: "web",
  resources: () => {
    const base = machine({ image: "debian:bookworm", power: "stopped", cpus: 2 });
    const app = machine({ clone: base, memory: "2G" });
    return { base, app, memory: setting({ key: "memory_mib", value: 8192 }) };
  },
  outputs: ({ app }) => ({ url: interpolate`http://${app.ip4}/` }),
});

describe("a test world", () => {
  it("applies a stack, after which its plan is empty", async () => {
    const world = testWorld();
    expect(isEmpty(await world.plan(web))).toBe(false);
    const { plan, applied, problems } = await world.apply(web);
    expect(problems).toEqual([]);
    expect(plan.summary).toMatchObject({ add: 3, change: 0, destroy: 0 });
    expect([...applied.results.values()].every((each) => each.status === "succeeded")).toBe(true);
    const made = (await world.machines()).map(({ name, state }) => `${name} ${state}`);
    expect(made.toSorted()).toEqual(["app running", "base stopped"]);
    expect((await world.settings())["memory_mib"]).toBe("8192");
    expect(isEmpty(await world.plan(web))).toBe(true);
  });

  it("exports machines in memory, after which the plan is empty", async () => {
    const stack = (triggers: number) => {
      const app = machine({ image: "alpine" });
      const backup = archive({ of: app, dir: "backups", keep: 1, triggers });
      return defineStack({ resources: { app, backup }, outputs: { path: backup.path } });
    };
    const world = testWorld();
    expect((await world.apply(stack(1))).problems).toEqual([]);
    expect(isEmpty(await world.plan(stack(1)))).toBe(true);
    const { applied } = await world.apply(stack(2));
    expect(applied.snapshot.outputs["path"]?.value).toMatch(/^backups\/app-.*\.tar\.zst$/);
    expect(isEmpty(await world.plan(stack(2)))).toBe(true);
  });

  it("judges a stack by its own policies and those of the project, and applies nothing that they deny", async () => {
    const own = definePolicy({ name: "own", machine: ({ name }, { warn }) => warn(`${name} is mine.`) });
    const app = machine({ image: "alpine" });
    const stack = defineStack({ resources: { app }, policies: [own] });
    const world = testWorld();
    expect((await world.judge(stack)).findings.map((each) => each.message)).toEqual(["app is mine."]);
    const policies = [atMostMachines(0)];
    expect((await world.judge(stack, { policies })).checked).toEqual(["at-most-machines", "own"]);
    await expect(world.apply(stack, { policies })).rejects.toMatchObject({ code: "ORB_POLICY_DENIED" });
    expect(await world.machines()).toEqual([]);
    await expect(world.judge(stack, { policies: [own] })).rejects.toMatchObject({ code: "ORB_POLICY_INVALID" });
    const bad = definePolicy({ name: "bad", plan: () => void JSON.parse("{") });
    await expect(world.judge(stack, { policies: [bad] })).rejects.toMatchObject({ code: "ORB_POLICY_FAILED" });
  });

  it("keeps the state of every stack", async () => {
    const world = testWorld();
    const { applied } = await world.apply(web);
    expect(await world.snapshot("web")).toEqual(applied.snapshot);
    expect(await world.snapshot("other")).toBeUndefined();
    expect(world.bytesWritten()).toBeGreaterThan(1000);
  });

  it("hands inputs to the stack, as its schema takes them", async () => {
    const many = defineStack({
      inputs: z.object({ names: z.array(z.string()) }),
      resources: ({ inputs: given }) =>
        Object.fromEntries(given.names.map((name) => [name, machine({ image: "alpine" })])),
    });
    const world = testWorld();
    await world.apply(many, { inputs: { names: ["a", "b"] } });
    expect((await world.machines()).map(({ name }) => name).toSorted()).toEqual(["a", "b"]);
    const { plan } = await world.apply(many, { inputs: { names: ["b"] } });
    expect(plan.changes.map(({ address, action }) => `${address} ${action}`)).toContain("machine.a delete");
    expect((await world.machines()).map(({ name }) => name)).toEqual(["b"]);
  });

  it("shows what was done outside as drift", async () => {
    const world = testWorld();
    await world.apply(web);
    expect(await world.orbctl("delete", "--force", "app")).toMatchObject({ exitCode: 0 });
    const plan = await world.plan(web);
    expect(plan.drift.map(({ address }) => address)).toEqual(["machine.app"]);
    expect((await world.apply(web)).problems).toEqual([]);
    expect(isEmpty(await world.plan(web))).toBe(true);
  });

  it("runs commands inside machines while its time stands still", async () => {
    const world = testWorld();
    const command = ["sh", "-c", "echo ready > /tmp/it && grep -q ready /tmp/it"];
    const waiting = defineStack({ resources: { box: machine({ image: "alpine", ready: { command } }) } });
    const { problems } = await world.apply(waiting);
    expect(problems).toEqual([]);
    expect(await world.orbctl("run", "-m", "box", "cat", "/tmp/it")).toMatchObject({ stdout: "ready\n", exitCode: 0 });
    expect(world.elapsedMs()).toBeLessThan(60_000);
  });

  it("gives cloud-init its text without a file on disk", async () => {
    const world = testWorld();
    const cloudInit = "#cloud-config\npackages: [nginx]\n";
    const { problems } = await world.apply(
      defineStack({ resources: { box: machine({ image: "debian:bookworm", cloudInit }) } }),
    );
    expect(problems).toEqual([]);
  });

  it("tells what failed, and goes on from there", async () => {
    const world = testWorld({ faults: "image-not-found:fedora" });
    const half = defineStack({
      resources: { good: machine({ image: "alpine" }), bad: machine({ image: "fedora" }) },
    });
    const { problems } = await world.apply(half);
    expect(problems.map(({ address }) => address)).toEqual(["machine.bad"]);
    await world.orbctl("sim", "fault", "clear");
    expect((await world.machines()).map(({ name }) => name)).toEqual(["good"]);
  });

  it("throws what is wrong with a stack", async () => {
    const wrong = defineStack({ resources: { a: machine({ clone: existing("nobody"), name: "docker" }) } });
    await expect(testWorld().plan(wrong)).rejects.toMatchObject({ code: "ORB_PROPERTY_INVALID" });
  });

  it("is the same in every run", async () => {
    const [one, two] = [testWorld(), testWorld()];
    expect((await one.apply(web)).applied.snapshot).toEqual((await two.apply(web)).applied.snapshot);
  });
});
