/** Whose packages are, however they came to be asked for. */
import { describe, expect, test } from "vitest";
import { PLAIN_REQUEST, type PlanRequest } from "../../../src/engine-types.ts";
import { applyStack } from "../../../src/engine.ts";
import { address } from "../../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();
const web = desired("web");

const packages = (key: string, names: readonly string[], lifecycle = {}) =>
  inside(
    "packages",
    key,
    { install: Object.fromEntries(names.map((name) => [name, "present"])) },
    { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } },
  );

const installed = (yard: Fleetyard) => printed(yard, "dpkg-query -W -f '${Package} ' curl jq 2>/dev/null || true");

/** Applies, sees all of it succeed, and nothing left to do. */
async function settle(yard: Fleetyard, resources: readonly DesiredResource[]): Promise<void> {
  const { results } = await yard.apply(resources);
  expect([...results].filter(([, { status }]) => status !== "succeeded")).toEqual([]);
  const { plan } = await yard.plan(resources);
  expect([plan.changes, plan.drift, plan.diagnostics, plan.refreshed, plan.settled]).toEqual([[], [], [], {}, {}]);
}

async function applyPart(yard: Fleetyard, resources: readonly DesiredResource[], request: Partial<PlanRequest>) {
  const stack = { value: { stack: "fleet", resources, outputs: {}, existing: [] }, diagnostics: [] };
  const { results, planned } = await applyStack(yard.ports, stack, {
    ...APPLY,
    plan: { ...PLAIN_REQUEST, ...request },
  });
  expect([...results].filter(([, { status }]) => status !== "succeeded")).toEqual([]);
  return planned.plan;
}

describe("a package that is added while install is ignored", () => {
  const ignoreChanges = ["install"];

  test("is its user's, who installs it by hand", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("tools", ["curl"])]);
    await settle(yard, [web, packages("tools", ["curl", "jq"], { ignoreChanges })]);
    await printed(yard, "apt-get install -y jq");
    await yard.apply([web, packages("tools", ["curl", "jq"], { ignoreChanges })]);
    await settle(yard, [web]);
    expect(await installed(yard)).toBe("jq ");
  });

  test("is its user's also where it never was otherwise, and another list is changed", async () => {
    const yard = newYard();
    const tools = (...remove: readonly string[]) => {
      const asked = packages("tools", ["jq"], { ignoreChanges });
      return { ...asked, properties: { ...asked.properties, remove } };
    };
    await settle(yard, [web]);
    await settle(yard, [web, tools()]);
    await printed(yard, "apt-get install -y jq curl");
    await settle(yard, [web, tools("curl")]);
    await settle(yard, [web]);
    expect(await installed(yard)).toBe("jq ");
  });

  test("is ours once it is no longer ignored and we install it", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("tools", ["curl"])]);
    await settle(yard, [web, packages("tools", ["curl", "jq"], { ignoreChanges })]);
    await settle(yard, [web, packages("tools", ["curl", "jq"])]);
    expect(await installed(yard)).toBe("curl jq ");
    await settle(yard, [web]);
    expect(await installed(yard)).toBe("");
  });
});

test("packages that are ignored stay known as they are where another list is changed", async () => {
  const yard = newYard();
  await settle(yard, [web, packages("tools", ["curl"])]);
  await printed(yard, "apt-get install -y jq");
  const apart = packages("tools", ["curl"], { ignoreChanges: ["install"] });
  await settle(yard, [web, { ...apart, properties: { ...apart.properties, remove: ["jq"] } }]);
  expect(await installed(yard)).toBe("curl ");
  await settle(yard, [web]);
  expect(await installed(yard)).toBe("");
});

test("a service whose running was ignored from the start is not stopped when it leaves the stack", async () => {
  const yard = newYard();
  const lifecycle = { ...DEFAULT_LIFECYCLE, ignoreChanges: ["running"] };
  const ssh = inside("service", "ssh", { name: "ssh", running: true, enabled: false }, { lifecycle });
  await settle(yard, [web]);
  await printed(yard, "systemctl stop ssh");
  await settle(yard, [web, ssh]);
  await printed(yard, "systemctl start ssh");
  await yard.apply([web]);
  expect(await printed(yard, "systemctl is-active ssh; systemctl is-enabled ssh")).toBe("active\nenabled\n");
});

test("a package that is dropped while install is ignored goes when its resource leaves the stack", async () => {
  const yard = newYard();
  await settle(yard, [web, packages("tools", ["curl", "jq"])]);
  await settle(yard, [web, packages("tools", ["curl"], { ignoreChanges: ["install"] })]);
  expect(await installed(yard)).toBe("curl jq ");
  await settle(yard, [web]);
  expect(await installed(yard)).toBe("");
});

describe("a package of ours", () => {
  test("goes with the resource that took it over and had nothing else to do", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("a", ["jq"]), packages("b", ["curl"])]);
    await settle(yard, [web, packages("b", ["curl", "jq"])]);
    expect(await installed(yard)).toBe("curl jq ");
    await settle(yard, [web, packages("b", ["curl"])]);
    expect(await installed(yard)).toBe("curl ");
  });

  test("stays its owner's where the plan leaves out who takes it over", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("a", ["jq"]), packages("b", ["curl"])]);
    const next = [web, packages("b", ["curl", "jq"])];
    const plan = await applyPart(yard, next, { excludes: [address("packages", "b")] });
    expect([plan.changes, plan.diagnostics.map(({ code, address: at }) => [code, at])]).toEqual([
      [],
      [["ORB_TARGETED", "packages.a"]],
    ]);
    await settle(yard, next);
    await settle(yard, [web, packages("b", ["curl"])]);
    expect(await installed(yard)).toBe("curl ");
  });

  test("stays also a resource's that has others still", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("a", ["jq", "curl"])]);
    const next = [web, packages("a", ["curl"]), packages("b", ["jq"])];
    for (let times = 0; times < 2; times += 1)
      expect((await applyPart(yard, next, { excludes: [address("packages", "b")] })).changes).toEqual([]);
    await settle(yard, next);
    await settle(yard, [web, packages("a", ["curl"])]);
    expect(await installed(yard)).toBe("curl ");
  });

  test("goes though its resource got another key by the same change of the stack", async () => {
    const yard = newYard();
    await settle(yard, [web, packages("old", ["curl", "jq"])]);
    await settle(yard, [web, packages("new", ["curl"], { aliases: [address("packages", "old")] })]);
    expect(await installed(yard)).toBe("curl ");
  });
});

describe("destroying a part", () => {
  const page = inside("file", "page", { path: "/srv/page", content: "one\n" });

  test("takes away what is aimed at in a machine that stays", async () => {
    const yard = newYard();
    await settle(yard, [web, page]);
    await applyPart(yard, [web, page], { mode: "destroy", targets: [page.address] });
    expect(await printed(yard, "ls /srv", "web")).toBe("");
    expect(Object.keys(yard.snapshot().resources)).toEqual(["machine.web"]);
  });

  test("leaves out what lies in a machine that is left out", async () => {
    const yard = newYard();
    await settle(yard, [web, page]);
    await applyPart(yard, [web, page], { mode: "destroy", excludes: [web.address] });
    expect(await printed(yard, "cat /srv/page", "web")).toBe("one\n");
    expect(Object.keys(yard.snapshot().resources)).toEqual(["file.page", "machine.web"]);
  });
});
