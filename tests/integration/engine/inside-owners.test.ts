/** Whose what lies inside machines is: what others made, changed or protected. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIFECYCLE } from "../../../src/model/lifecycle.ts";
import type { DesiredResource } from "../../../src/model/resource.ts";
import { applyStack } from "../../../src/engine.ts";
import { APPLY, type Fleetyard } from "../../support/applied-fleet.ts";
import { desired, inside } from "../../support/execute-builders.ts";
import { fleetyards, printed } from "../../support/fleet-yards.ts";

const newYard = fleetyards();

const web = desired("web");

const stackOf = (resources: readonly DesiredResource[]) => ({
  value: { stack: "fleet", resources, outputs: {}, existing: [] },
  diagnostics: [],
});

async function changesOf(yard: Fleetyard, resources: readonly DesiredResource[]) {
  const { plan } = await yard.plan(resources);
  const codes = plan.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  return [...plan.changes.map(({ address, action }) => `${address} ${action}`), ...codes];
}

const conf = (path: string, lifecycle = {}) =>
  inside("file", "conf", { path, content: "ours\n" }, { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } });

describe("a file that moves to a path where somebody has put the same", () => {
  test("takes the old one away, and leaves the other's when it leaves the stack", async () => {
    const yard = newYard();
    await yard.apply([web, conf("/etc/a")]);
    await printed(yard, "echo ours > /etc/b");
    expect(await changesOf(yard, [web, conf("/etc/b")])).toEqual(["file.conf replace"]);
    await yard.apply([web, conf("/etc/b")]);
    expect(await printed(yard, "ls /etc | grep -x '[ab]'")).toBe("b\n");
    await yard.apply([web]);
    expect(await printed(yard, "cat /etc/b")).toBe("ours\n");
  });
});

describe("preventDestroy and retain", () => {
  test("hold for what a changed path or list leaves behind", async () => {
    const yard = newYard();
    const tools = (install: object, lifecycle = {}) =>
      inside("packages", "tools", { install: { ...install } }, { lifecycle: { ...DEFAULT_LIFECYCLE, ...lifecycle } });
    await yard.apply([web, conf("/etc/a"), tools({ jq: "present", tree: "present" })]);
    const guarded = { preventDestroy: true };
    expect(await changesOf(yard, [web, conf("/etc/b", guarded), tools({ jq: "present", tree: "present" })])).toEqual([
      "ORB_PREVENT_DESTROY",
    ]);
    expect(await changesOf(yard, [web, conf("/etc/a"), tools({ jq: "present" }, guarded)])).toEqual([
      "ORB_PREVENT_DESTROY",
    ]);
    const kept = { retain: true };
    await yard.apply([web, conf("/etc/b", kept), tools({ jq: "present" }, kept)]);
    expect(await printed(yard, "ls /etc | grep -x '[ab]'")).toBe("a\nb\n");
    expect(await printed(yard, "dpkg-query -W -f '${Package}\n' tree jq | sort")).toBe("jq\ntree\n");
  });

  test("of a file keeps its machine from being replaced", async () => {
    const yard = newYard();
    await yard.apply([web, conf("/etc/a")]);
    const debian = desired("web", { origin: { kind: "image", distro: "debian" } });
    expect(await changesOf(yard, [debian, conf("/etc/a", { preventDestroy: true })])).toContain("ORB_PREVENT_DESTROY");
  });
});

describe("what somebody does while an apply is under way", () => {
  test("to a user whose keys the plan did not show is not undone", async () => {
    const yard = newYard();
    const ada = (shell: string) =>
      inside("user", "ada", { name: "ada", shell, authorizedKeys: ["ssh-ed25519 AAAA a"] });
    await yard.apply([web, ada("/bin/sh")]);
    const inspect: typeof yard.ports.driver.inspect = async (...asked) => {
      await printed(yard, "echo 'ssh-ed25519 BBBB b' >> /home/ada/.ssh/authorized_keys");
      return await yard.ports.driver.inspect(...asked);
    };
    const driver = { ...yard.ports.driver, inspect };
    const { results } = await applyStack({ ...yard.ports, driver }, stackOf([ada("/bin/bash"), web]), APPLY);
    expect([...results.values()]).toMatchObject([{ status: "failed", problem: { code: "ORB_PLAN_STALE" } }]);
    expect(await printed(yard, "cat /home/ada/.ssh/authorized_keys")).toContain("BBBB");
  });

  test("by programs that this run let work there is no reason to stop", async () => {
    const yard = newYard();
    await yard.apply([web]);
    const made = inside("command", "made", { run: "echo shipped > /etc/a" });
    const { results } = await yard.apply([web, made, { ...conf("/etc/a"), dependencies: [web.address, made.address] }]);
    expect([...results.values()].map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(await printed(yard, "cat /etc/a")).toBe("ours\n");
  });

  /** A machine that is to be stopped, and is, with a file in which somebody has written meanwhile. */
  async function writtenWhileStopped(yard: Fleetyard): Promise<readonly DesiredResource[]> {
    const stopped = desired("web", { power: "stopped" });
    await yard.apply([stopped, conf("/etc/a")]);
    await printed(yard, "echo by hand > /etc/a");
    const { machines } = await yard.ports.driver.observe({ settings: false, default: false });
    for (const { id } of machines)
      await yard.ports.driver.perform({ verb: "stop", id }, { begin: async () => undefined });
    return [stopped, { ...conf("/etc/a"), properties: { path: "/etc/a", content: "newer\n" } }];
  }

  test("to a stopped machine's file before it was started is not written over", async () => {
    const yard = newYard();
    const { results } = await yard.apply(await writtenWhileStopped(yard));
    expect([...results.values()].map(({ status }) => status)).toContain("failed");
    expect(await printed(yard, "cat /etc/a")).toBe("by hand\n");
  });

  test("to a stopped machine's file is in the next plan, though the machine is stopped again", async () => {
    const yard = newYard();
    const resources = await writtenWhileStopped(yard);
    await yard.apply(resources);
    const { results, planned } = await yard.apply(resources);
    const digests = planned.plan.changes.flatMap(({ attributes }) => attributes.map(({ before }) => before));
    expect(digests).toContainEqual(`sha256:${createHash("sha256").update("by hand\n").digest("hex")}`);
    expect([...results.values()].filter(({ status }) => status !== "succeeded")).toEqual([]);
    expect(await printed(yard, "cat /etc/a")).toBe("newer\n");
  });
});
