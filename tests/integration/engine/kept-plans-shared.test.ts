/** Two plans that are kept from one state, or a plan and a run after it, about the very same thing. */
import { expect, test } from "vitest";
import { address, type Address } from "../../../src/model/address.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import { machineId, type MachineId } from "../../../src/model/machine.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import { at, desired, desiredSetting, inside, named } from "../../support/execute-builders.ts";
import { engineWorld, type EngineWorld } from "../../support/engine-world.ts";
import { applyKept, keep } from "../../support/kept-plans.ts";

const web = desired("web");
const page = (key: string) => inside("file", key, { path: "/srv/page", content: "one\n" });
const curl = (key: string) => inside("packages", key, { install: { curl: "any" } });
const OTHER = address("setting", "other");
const memory = desiredSetting("memory_mib", 6000);

async function said(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return "it was applied";
  return isOrbformError(error) ? `${error.code} ${error.detail}` : "something else was thrown";
}

async function idOf(world: EngineWorld, name: string): Promise<MachineId> {
  return (await world.machines()).find((each) => each.name === name)?.id ?? machineId("");
}

test("two plans that adopt one machine: the second is stale, and the state can be read", async () => {
  const world = engineWorld();
  await world.apply([desired("x")]);
  await world.outside({ verb: "create", name: named("golden"), distro: "ubuntu", settings: {} });
  const [one, other] = [[desired("web", { name: "golden" })], [desired("api", { name: "golden" })]];
  const first = await keep(world, [desired("x"), ...one], { adopt: [at("web")] });
  const second = await keep(world, [desired("x"), ...other], { adopt: [at("api")] });
  expect(await said(applyKept(world, first, { resources: one }))).toBe("it was applied");
  const refused = await said(applyKept(world, second, { resources: other }));
  expect(refused).toContain("ORB_PLAN_STALE");
  expect(refused).toContain("machine.web is in the state now, and has what this plan adopts or takes away");
  expect(await said(world.plan([desired("x"), ...one]))).toBe("it was applied");
});

const TAKING: readonly (readonly [string, readonly DesiredResource[], readonly DesiredResource[], Address])[] = [
  ["packages", [web, curl("p")], [web, curl("p"), curl("r")], address("packages", "r")],
  ["a file", [web, page("f")], [web, page("g")], address("file", "g")],
  ["a setting", [memory], [{ ...memory, address: OTHER }], OTHER],
];

test.each(TAKING)(
  "a plan that takes away what another run has asked for since is stale: %s",
  async (_, first, after, who) => {
    const world = engineWorld();
    await world.apply(first);
    const kept = first.filter(({ type }) => type === "machine");
    const removing = await keep(world, kept);
    expect(removing.plan.actions.map(({ kind }) => kind)).toEqual([expect.stringMatching(/^(?:write|remove)$/)]);
    await world.apply(after, {}, { plan: { ...removing.request, targets: [who] } });
    expect(await said(applyKept(world, removing, { resources: kept }))).toContain(
      `${who} is in the state now, and has what this plan adopts or takes away`,
    );
  },
);

test("a plan that takes away what another had a share in when it was made goes through", async () => {
  const world = engineWorld();
  await world.apply([web, curl("p"), curl("r")]);
  const removing = await keep(world, [web, curl("r")]);
  expect(await said(applyKept(world, removing, { resources: [web, curl("r")] }))).toBe("it was applied");
  expect(world.guests.read(await idOf(world, "web")).packages).toHaveProperty("curl");
});

test("a plan that only takes in what changed is stale where it changed once more, inside machines and of settings too", async () => {
  const world = engineWorld();
  const stack = [memory, web, page("f")];
  await world.apply(stack);
  const id = await idOf(world, "web");
  const write = (text: string): void =>
    world.guests.change(id, ({ paths }) => {
      paths["/srv/page"] = { kind: "file", text, mode: 0o644, owner: "root" };
    });
  await world.outside({ verb: "set", key: "memory_mib", value: "7000" });
  write("theirs\n");
  const saved = await keep(world, stack, { mode: "refresh-only" });
  await world.outside({ verb: "set", key: "memory_mib", value: "8000" });
  write("theirs again\n");
  const refused = await said(applyKept(world, saved, { resources: stack }));
  expect(refused).toContain('setting memory_mib is another: "7000" then, "8000" now');
  expect(refused).toContain("file.f was changed inside its machine: digest, size");
  await world.outside({ verb: "set", key: "memory_mib", value: "7000" });
  write("theirs\n");
  expect(await said(applyKept(world, saved, { resources: stack }))).toBe("it was applied");
});

test("a plan that only chooses the default machine is applied once", async () => {
  const world = engineWorld();
  const stack = [desired("a", { default: true }), desired("b")];
  await world.apply(stack);
  await world.outside({ verb: "set-default", name: named("b") });
  const saved = await keep(world, stack);
  expect(saved.plan.actions.map(({ kind }) => kind)).toEqual(["set-default"]);
  expect(await said(applyKept(world, saved, { resources: stack }))).toBe("it was applied");
  await world.outside({ verb: "set-default", name: named("b") });
  expect(await said(applyKept(world, saved, { resources: stack }))).toContain("state was written by this plan");
});
