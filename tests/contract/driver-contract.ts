import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ChildRef, Operation } from "../../src/driver/driver.ts";
import { machineId, type MachineDetails } from "../../src/model/machine.ts";
import { named } from "./asks.ts";
import { aboutRunning } from "./driver-contract-running.ts";
import { begin, type Handled, handled } from "./driver-handled.ts";
import type { DriverWorld } from "./driver-worlds.ts";

const ALL = { settings: true, default: true };
const NOBODY = machineId("01AAAAAAAAAAAAAAAAAAAAAAAA");

/** What the comments of the driver port promise, held to one adapter in worlds that `make` makes. */
export function driverContract(title: string, make: () => DriverWorld): void {
  describe(title, { tags: ["slow"] }, () => {
    const made: DriverWorld[] = [];

    afterEach(() => {
      for (const world of made.splice(0)) {
        expect(world.violations()).toEqual([]);
        world.remove();
      }
    });

    const world = (): Handled => {
      const found = make();
      made.push(found);
      return handled(found);
    };

    aboutLooking(world);
    aboutMaking(world);
    aboutChanging(world);
    aboutRefusals(world);
    aboutRunning(world);
  });
}

function aboutLooking(world: () => Handled): void {
  test("tells the same world before and after everything, without a call", async () => {
    const { driver, takeCalls, create } = world();
    const before = await driver.world();
    const calls = takeCalls();
    await create("web");

    expect([await driver.world(), calls]).toEqual([before, []]);
  });

  test("asks for the version once at most", async () => {
    const { driver, takeCalls } = world();
    const [first, second] = [await driver.capabilities(), await driver.capabilities()];

    expect(second).toEqual(first);
    expect(first).toEqual({ version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false });
    expect(takeCalls()).toEqual(["version"]);
  });

  test("observes nothing where nothing is", async () => {
    const { driver } = world();
    const { machines, default: chosen } = await driver.observe(ALL);

    expect([machines, chosen]).toEqual([[], null]);
  });

  test("observes every machine, in four calls at most and none to a machine", async () => {
    const { driver, takeCalls, create } = world();
    await create("web", "db");
    await driver.perform({ verb: "set-default", name: named("db") }, { begin });
    takeCalls();
    const observed = await driver.observe(ALL);

    expect(observed.machines.map(({ name, state, builtin }) => `${name} ${state} ${builtin}`).toSorted()).toEqual([
      "db running false",
      "web running false",
    ]);
    expect(observed.default).toBe("db");
    expect(observed.settings["network.subnet4"]).toBe("192.168.138.0/23");
    expect(takeCalls().toSorted()).toEqual(["config show", "default", "list -f json", "status"]);
  });

  test("looks for no more than it is asked for", async () => {
    const { driver, takeCalls } = world();
    const observed = await driver.observe({ settings: false, default: false });

    expect(observed).toEqual({ machines: [], settings: {} });
    expect(takeCalls()).toEqual(["status", "list -f json"]);
  });

  test("never starts a stopped service", async () => {
    const { driver, takeCalls, create, stopService, isServiceRunning } = world();
    await create("web");
    await stopService();
    takeCalls();

    await expect(driver.observe(ALL)).rejects.toMatchObject({ code: "ORB_SERVICE_STOPPED" });
    expect(takeCalls()).toEqual(["status"]);
    expect(await isServiceRunning()).toBe(false);
  });

  test("inspects by id what it inspects by name, with as many calls among few as among many", async () => {
    const { driver, takeCalls, create, found } = world();
    await create("web");
    takeCalls();
    const byName = await found("web");
    const few = takeCalls().length;
    await create("a", "b", "c");
    takeCalls();
    const byId = await driver.inspect({ id: byName.id }, { settings: true });

    expect(byId).toEqual(byName);
    expect([takeCalls().length, few]).toEqual([2, 2]);
  });

  test("inspects nothing where none is", async () => {
    const { driver } = world();

    expect(await driver.inspect({ id: NOBODY }, { settings: true })).toBeUndefined();
    expect(await driver.inspect({ name: named("web") }, { settings: false })).toBeUndefined();
  });
}

function aboutMaking(world: () => Handled): void {
  test("makes a machine that runs, with the settings that can be given at creation", async () => {
    const { perform, found } = world();
    const settings = { cpus: 2, memoryMiB: 2048, user: "dev", isolated: true, mounts: ["/a:/b"] };
    await perform({ verb: "create", name: named("web"), distro: "debian", version: "12", settings });

    const { state, image, settings: read } = await found("web");
    expect([state, image.distro, image.version]).toEqual(["running", "debian", "bookworm"]);
    expect(read).toMatchObject({ cpus: 2, memoryMiB: 2048, user: "dev", isolated: true, mounts: ["/a:/b"] });
  });

  test("clones into a stopped machine of another id, and leaves the source as it was", async () => {
    const { perform, create, found } = world();
    await create("web");
    const source = await found("web");
    await perform({ verb: "clone", source: source.id, name: named("two") });
    const copy = await found("two");

    expect([copy.state, copy.id === source.id]).toEqual(["stopped", false]);
    expect(await found("web")).toEqual(source);
  });

  test("restores what it has exported, with its settings", async () => {
    const { perform, create, found, folder } = world();
    await create("web");
    await perform({ verb: "configure", name: named("web"), settings: { cpus: 3 } });
    const path = join(folder, "web.tar.zst");
    await perform({ verb: "export", name: named("web"), path });
    await perform({ verb: "restore", path, name: named("two") });

    expect([(await found("two")).settings.cpus, (await found("web")).state]).toEqual([3, "running"]);
  });
}

function aboutChanging(world: () => Handled): void {
  test("renames, and the id stays", async () => {
    const { driver, perform, create, found } = world();
    await create("web");
    const { id } = await found("web");
    await perform({ verb: "rename", id, to: named("www") });

    expect((await found("www")).id).toBe(id);
    expect(await driver.inspect({ name: named("web") }, { settings: false })).toBeUndefined();
  });

  test("stops, starts and restarts by id", async () => {
    const { perform, create, found } = world();
    await create("web");
    const { id } = await found("web");
    const states: string[] = [];
    for (const verb of ["stop", "start", "restart"] as const) {
      await perform({ verb, id });
      states.push((await found("web")).state);
    }

    expect(states).toEqual(["stopped", "running", "running"]);
  });

  test("sets what a machine has, each setting in a process that is told of first", async () => {
    const { driver, create, found } = world();
    await create("web");
    const told: (ChildRef | null)[] = [];
    const settings = { cpus: 2, isolated: true, mounts: ["/a", "/b:/c"], httpPort: 8080 };
    await driver.perform(
      { verb: "configure", name: named("web"), settings },
      { begin: (child) => Promise.resolve(void told.push(child)) },
    );

    expect(told).toHaveLength(4);
    expect((await found("web")).settings).toMatchObject(settings);
  });

  test("sets what OrbStack has, and the default", async () => {
    const { driver, perform, create } = world();
    await create("web");
    await perform({ verb: "set", key: "memory_mib", value: "8192" });
    await perform({ verb: "set-default", name: named("web") });
    const chosen = await driver.observe(ALL);
    await perform({ verb: "set-default", name: null });

    expect([chosen.settings["memory_mib"], chosen.default]).toEqual(["8192", "web"]);
    expect((await driver.observe(ALL)).default).toBeNull();
  });

  test("deletes one machine for good, and no other", async () => {
    const { driver, perform, create } = world();
    await create("web", "db");
    await perform({ verb: "delete", name: named("web") });

    expect((await driver.observe(ALL)).machines.map(({ name }) => name)).toEqual(["db"]);
  });
}

/** One operation of each verb, on a machine `web` that runs. */
function everyOperation(id: MachineDetails["id"], folder: string): readonly Operation[] {
  const web = named("web");
  return [
    { verb: "create", name: named("new"), distro: "ubuntu", settings: {} },
    { verb: "clone", source: id, name: named("new") },
    { verb: "rename", id, to: named("new") },
    { verb: "start", id },
    { verb: "stop", id },
    { verb: "restart", id },
    { verb: "configure", name: web, settings: { cpus: 2 } },
    { verb: "set", key: "memory_mib", value: "1024" },
    { verb: "set-default", name: web },
    { verb: "delete", name: web },
    { verb: "export", name: web, path: join(folder, "never") },
    { verb: "restore", path: join(folder, "never"), name: named("new") },
  ];
}

function aboutRefusals(world: () => Handled): void {
  test("does nothing of any verb where begin rejects", async () => {
    const { driver, create, found, folder } = world();
    await create("web");
    const before = await driver.observe(ALL);
    const refused: string[] = [];
    for (const operation of everyOperation((await found("web")).id, folder)) {
      const performed = driver.perform(operation, { begin: () => Promise.reject(new Error("not written down")) });
      await performed.catch((error: unknown) => refused.push(`${operation.verb}: ${String(error)}`));
    }

    expect(new Set(refused.map((each) => each.split(": ").slice(1).join(": ")))).toEqual(
      new Set(["Error: not written down"]),
    );
    expect(refused).toHaveLength(12);
    expect(await driver.observe(ALL)).toEqual(before);
  });

  test("does nothing where it is aborted before it begins", async () => {
    const { driver, create } = world();
    await create("web");
    const performed = driver.perform({ verb: "delete", name: named("web") }, { begin, signal: AbortSignal.abort() });

    await expect(performed).rejects.toMatchObject({ outcome: expect.stringMatching(/^(?:nothing|unknown)$/) });
    expect((await driver.observe(ALL)).machines).toHaveLength(1);
  });

  test("refuses a taken name to every verb that gives one, and changes nothing", async () => {
    const { driver, perform, create, found, folder } = world();
    await create("web", "db");
    const { id } = await found("web");
    const path = join(folder, "web.tar.zst");
    await perform({ verb: "export", name: named("web"), path });
    const before = await driver.observe(ALL);
    const taken: readonly Operation[] = [
      { verb: "create", name: named("db"), distro: "ubuntu", settings: {} },
      { verb: "clone", source: id, name: named("db") },
      { verb: "rename", id, to: named("db") },
      { verb: "restore", path, name: named("db") },
    ];
    for (const operation of taken) {
      await expect(perform(operation)).rejects.toMatchObject({ kind: "already exists", outcome: "refused" });
    }

    expect(await driver.observe(ALL)).toEqual(before);
  });

  test("says that a machine is not there, and of a delete that it is done", async () => {
    const { perform } = world();
    const refused = { kind: "not found", outcome: "refused", code: "ORB_MACHINE_NOT_FOUND" };

    for (const verb of ["start", "stop", "restart"] as const) {
      await expect(perform({ verb, id: NOBODY })).rejects.toMatchObject(refused);
    }
    await expect(perform({ verb: "clone", source: NOBODY, name: named("x") })).rejects.toMatchObject(refused);
    await expect(perform({ verb: "rename", id: NOBODY, to: named("x") })).rejects.toMatchObject(refused);
    const deleted = perform({ verb: "delete", name: named("gone") });
    await expect(deleted).rejects.toMatchObject({ kind: "not found", outcome: "done" });
  });

  test.each(["", "-a", "docker", "K8S", "none", "a b"])("never calls anything for %j", async (name) => {
    const { perform, takeCalls, driver } = world();
    await driver.capabilities();
    takeCalls();
    for (const forged of [
      { verb: "delete", name },
      { verb: "stop", id: name },
      { verb: "start", id: name },
      { verb: "clone", source: name, name: "x" },
      { verb: "rename", id: "x", to: name },
    ]) {
      const operation: Operation = JSON.parse(JSON.stringify(forged));
      await expect(perform(operation)).rejects.toMatchObject({ code: "ORB_NAME_REFUSED" });
    }

    expect(takeCalls()).toEqual([]);
  });
}
