import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inMemoryExec, inMemoryWorld } from "../../../src/driver/simulator/in-memory.ts";
import { adoptMachine, applyStack, editState, planStack } from "../../../src/engine.ts";
import { PLAIN_REQUEST, type ApplyRequest, type EnginePorts, type Stack } from "../../../src/engine-types.ts";
import { limitsWith } from "../../../src/model/limits.ts";
import { address } from "../../../src/model/address.ts";
import { nodeDisk } from "../../../src/state/node-disk.ts";
import { enginePorts } from "../../support/engine-ports.ts";
import { desiredMachine } from "../../support/fleet.ts";

let folder: string;
let ports: EnginePorts;
let orbctl: (...argv: string[]) => Promise<string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orbform-engine-"));
  const exec = inMemoryExec(inMemoryWorld());
  const home = join(folder, "home");
  const world = { driver: "orbstack", host: "a-host" };
  ports = enginePorts({ exec, disk: nodeDisk(), stateFolder: join(folder, "state"), home, stack: "fleet", world });
  orbctl = async (...argv) => (await exec({ argv })).stdout;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stack of an image and one clone of it, or of fewer or more. */
function stackOf(count: number): Stack {
  const resources = Array.from({ length: count }, (_, index) => desiredMachine(index));
  return { value: { stack: "fleet", resources, outputs: {}, existing: [] }, diagnostics: [] };
}

function request(more: Partial<ApplyRequest> = {}): ApplyRequest {
  return {
    plan: PLAIN_REQUEST,
    operation: "apply",
    limits: limitsWith({}),
    failFast: false,
    lockTimeoutMs: 0,
    recreateAll: false,
    onPlan: () => undefined,
    onEvent: () => undefined,
    onNotice: () => undefined,
    ...more,
  };
}

async function names(): Promise<readonly string[]> {
  return (await orbctl("list", "-q")).split("\n").filter(Boolean);
}

describe("an apply", () => {
  it("makes what the stack says, and then has nothing to do", async () => {
    const { snapshot } = await applyStack(ports, stackOf(3), request());
    expect(await names()).toEqual(["m0", "m1", "m2"]);
    expect(snapshot.serial).toBe(1);
    const again = await applyStack(ports, stackOf(3), request());
    const { changes, refreshed, settled } = again.planned.plan;
    expect([changes, refreshed, settled, again.snapshot.serial]).toEqual([[], {}, {}, 1]);
  });

  it("does nothing where the answer is no", async () => {
    const refused = applyStack(ports, stackOf(2), request({ approve: async () => false }));
    await expect(refused).rejects.toMatchObject({ code: "ORB_NOT_APPROVED" });
    expect([await names(), await ports.backend.read(), await ports.backend.holder()]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });

  it("stops as stale, naming what differs, where the world moved while the question stood", async () => {
    await applyStack(ports, stackOf(2), request());
    const approve = async (): Promise<boolean> => {
      await orbctl("rename", "m1", "moved");
      return true;
    };
    const stale = applyStack(ports, stackOf(3), request({ approve }));
    await expect(stale).rejects.toMatchObject({
      code: "ORB_PLAN_STALE",
      oclif: { exit: 5 },
      detail: expect.stringContaining("machine.m1"),
    });
    expect(await names()).toEqual(["m0", "moved"]);
  });

  it("does not mind a foreign machine that appeared while the question stood", async () => {
    const approve = async (): Promise<boolean> => {
      await orbctl("create", "alpine", "foreign");
      return true;
    };
    await applyStack(ports, stackOf(2), request({ approve }));
    expect((await names()).toSorted()).toEqual(["foreign", "m0", "m1"]);
  });

  it("wants more than a yes where every recorded machine is gone", async () => {
    await applyStack(ports, stackOf(2), request());
    await orbctl("delete", "--force", "m0", "m1");
    await expect(applyStack(ports, stackOf(2), request())).rejects.toMatchObject({ code: "ORB_ALL_GONE" });
    expect(await names()).toEqual([]);
    await applyStack(ports, stackOf(2), request({ recreateAll: true }));
    expect(await names()).toEqual(["m0", "m1"]);
  });

  it("refuses a state that speaks of another OrbStack, before it looks at any machine", async () => {
    await applyStack(ports, stackOf(1), request());
    await editState(ports, "test", (snapshot) => ({ ...snapshot, world: { driver: "orbstack", host: "elsewhere" } }));
    await expect(planStack(ports, stackOf(1), PLAIN_REQUEST)).rejects.toMatchObject({ code: "ORB_OTHER_WORLD" });
  });

  it("waits for a lock no longer than it was told, and leaves it alone", async () => {
    const held = await ports.backend.lock("somebody else");
    await expect(applyStack(ports, stackOf(1), request())).rejects.toMatchObject({ code: "ORB_STATE_LOCKED" });
    expect((await ports.backend.holder())?.operation).toBe("somebody else");
    await held.release();
    await applyStack(ports, stackOf(1), request());
    expect(await ports.backend.holder()).toBeUndefined();
  });

  it("says who holds the lock where it is interrupted while it waits for it", async () => {
    const held = await ports.backend.lock("apply");
    const stop = new AbortController();
    const sleep: EnginePorts["clock"]["sleep"] = (ms, signal) => {
      stop.abort();
      return ports.clock.sleep(ms, signal);
    };
    const waiting = { ...ports, clock: { ...ports.clock, sleep } };
    const apply = applyStack(waiting, stackOf(1), request({ lockTimeoutMs: 60_000, stopStarting: stop.signal }));
    await expect(apply).rejects.toMatchObject({ code: "ORB_STATE_LOCKED" });
    await held.release();
  });
});

describe("adopting a machine", () => {
  const call = { ...request(), address: address("machine", "m0"), allowReplace: false };

  it("takes it into state and does nothing to it", async () => {
    await orbctl("create", "alpine", "mine");
    const before = await orbctl("list", "-f", "json");
    await adoptMachine(ports, stackOf(1), { ...call, name: "mine" });
    expect(await orbctl("list", "-f", "json")).toBe(before);
    const { plan } = await planStack(ports, stackOf(1), PLAIN_REQUEST);
    expect(plan.changes.map((each) => [each.address, each.action])).toEqual([["machine.m0", "update"]]);
    await applyStack(ports, stackOf(1), request());
    expect(await names()).toEqual(["m0"]);
  });

  it("refuses one that the next plan would replace", async () => {
    await orbctl("create", "ubuntu", "mine");
    const refused = adoptMachine(ports, stackOf(1), { ...call, name: "mine" });
    await expect(refused).rejects.toMatchObject({ code: "ORB_ADOPT_REFUSED" });
    expect(await ports.backend.read()).toBeUndefined();
  });
});
