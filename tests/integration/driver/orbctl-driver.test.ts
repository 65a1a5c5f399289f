import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Driver } from "../../../src/driver/driver.ts";
import { orbctlDriver } from "../../../src/driver/orbctl/driver.ts";
import { programExec } from "../../../src/driver/orbctl/exec.ts";
import type { Clock } from "../../../src/model/clock.ts";
import { machineId, machineName, type MachineName } from "../../../src/model/machine.ts";
import { BANNER, fakeOrbctl, listRecord, type FakeOrbctl } from "../../support/fake-orbctl.ts";

const NO_WAIT: Clock = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
const A = "01KTK0Z32XA8Y4R8MVY2F4TZKN";
const made: FakeOrbctl[] = [];

afterEach(async () => {
  for (const fake of made.splice(0)) await fake.remove();
});

async function setUp(options: { readonly flags?: readonly string[] } = {}) {
  const fake = await fakeOrbctl(options);
  made.push(fake);
  return { fake, driver: driverOf(fake) };
}

function driverOf(fake: FakeOrbctl, cache?: Map<string, string>): Driver {
  return orbctlDriver({
    exec: programExec({ program: fake.program, scratch: fake.scratch, home: fake.folder }),
    clock: NO_WAIT,
    world: { driver: "orbctl", host: "h" },
    program: fake.program,
    home: fake.folder,
    ...(cache && {
      versionCache: {
        read: (key) => Promise.resolve(cache.get(key)),
        write: (key, version) => Promise.resolve(void cache.set(key, version)),
      },
    }),
  });
}

function name(text: string): MachineName {
  const found = machineName(text);
  if (!found) throw new Error(`${text} is no machine name`);
  return found;
}

const begin = (): Promise<void> => Promise.resolve();
const EVERYTHING = { settings: true, default: true };

describe("observing", () => {
  test("reads machines, settings and the default in four calls", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("list", { stdout: JSON.stringify([listRecord(A, "web")]) });
    await fake.answer("config show", {
      stdout: "memory_mib: 8192\nmachine.web.cpu: 4\nmachine.web.mounts: /a,/b:/c\n",
    });
    await fake.answer("default", { stdout: "web\n" });
    const observed = await driver.observe(EVERYTHING);
    expect(observed.default).toBe("web");
    expect(observed.settings).toEqual({ memory_mib: "8192" });
    expect(observed.machines[0]?.settings).toEqual({
      cpus: 4,
      user: "me",
      isolated: false,
      isolateNetwork: false,
      forwardSshAgent: true,
      mounts: ["/a", "/b:/c"],
      httpPort: 0,
      httpsPort: 0,
    });
    const [first, ...others] = await fake.calls();
    expect(first).toEqual(["status"]);
    expect(others.map((argv) => argv.join(" ")).toSorted()).toEqual(["config show", "default", "list -f json"]);
  });

  test("takes a default that could not be asked for to be unknown, not none", async () => {
    const { fake, driver } = await setUp();
    const failure = { stderr: "dial unix /x/sconrpc.sock: connect: connection refused\n", exit: 1 };
    await fake.answer("list", { stdout: JSON.stringify([listRecord(A, "web")]) });
    await fake.answer("default", failure, { stdout: "web\n" });
    expect((await driver.observe({ settings: false, default: true })).default).toBe("web");
  });

  test("reads through update boxes on both streams", async () => {
    const { fake, driver } = await setUp();
    const list = JSON.stringify([listRecord(A, "web")], null, 2);
    await fake.answer("status", { stdout: `${BANNER}Running\n`, stderr: BANNER });
    await fake.answer("list", { stdout: `${BANNER}${list}\n${BANNER}`, stderr: BANNER });
    await fake.answer("config show", { stdout: `${BANNER}cpu: 11\n${BANNER}` });
    await fake.answer("default", { stdout: `${BANNER}web\n` });
    const observed = await driver.observe(EVERYTHING);
    expect([observed.machines.length, observed.settings, observed.default]).toEqual([1, { cpu: "11" }, "web"]);
  });

  test("never calls anything but status where the service is stopped", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("status", { stdout: "Stopped\n", exit: 1 });
    await expect(driver.observe(EVERYTHING)).rejects.toMatchObject({ code: "ORB_SERVICE_STOPPED" });
    expect(await fake.calls()).toEqual([["status"]]);
  });

  test("waits for a service that is starting", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("status", { stdout: "Starting\n", exit: 2 }, { stdout: "Running\n" });
    expect((await driver.observe({ settings: false, default: false })).machines).toEqual([]);
  });

  test("gives up on a service that never finishes starting", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("status", { stdout: "Starting\n", exit: 2 });
    await expect(driver.observe(EVERYTHING)).rejects.toMatchObject({ summary: "OrbStack is still starting" });
  });

  test("reads again where a list failed in passing", async () => {
    const { fake, driver } = await setUp();
    const failure = { stderr: "[-32098] something passing\n", exit: 1 };
    await fake.answer("list", failure, failure, { stdout: JSON.stringify([listRecord(A, "web")]) });
    expect((await driver.observe({ settings: false, default: false })).machines.length).toBe(1);
  });

  test.each(["null", "", "rubbish", "{}", '[{"id": "A", "name": "we', "[1]", '[{"id":"A"}]'])(
    "never takes %j for no machines",
    async (stdout) => {
      const { fake, driver } = await setUp();
      await fake.answer("list", { stdout });
      await expect(driver.observe(EVERYTHING)).rejects.toMatchObject({ code: "ORB_LIST_UNREADABLE" });
    },
  );

  test("fails where list keeps failing", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("list", { exit: 1 });
    await expect(driver.observe(EVERYTHING)).rejects.toMatchObject({ code: "ORB_ORBCTL_FAILED" });
    expect((await fake.calls()).filter(([command]) => command === "list")).toHaveLength(4);
  });

  test("leaves out OrbStack's own machines", async () => {
    const { fake, driver } = await setUp();
    const docker = listRecord("01GQQVF6C60000000000DOCKER", "docker", { builtin: true });
    await fake.answer("list", { stdout: JSON.stringify([docker, listRecord(A, "web")]) });
    const { machines } = await driver.observe({ settings: false, default: false });
    expect(machines.map((machine) => machine.name)).toEqual(["web"]);
  });
});

describe("capabilities", () => {
  test("are asked for once and then remembered by the program's file", async () => {
    const { fake } = await setUp();
    const cache = new Map<string, string>();
    const first = await driverOf(fake, cache).capabilities();
    expect(await driverOf(fake, cache).capabilities()).toEqual(first);
    expect(first).toEqual({ version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false });
    expect(await fake.calls()).toEqual([["version"]]);
  });

  test("are those of the newest where the version can't be read", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("version", { stdout: "who knows\n" });
    expect(await driver.capabilities()).toMatchObject({ version: "", limits: true, isolation: true });
  });
});

describe("performing", () => {
  const settings = { cpus: 2, memoryMiB: 4096, user: "me", isolated: true, mounts: ["/src:/dst"] };

  test("passes at creation only the flags that an old OrbStack knows", async () => {
    const { fake, driver } = await setUp({ flags: ["--arch", "--user", "--user-data"] });
    await fake.answer("version", { stdout: "Version: 2.0.5 (2000500)\n" });
    await driver.perform({ verb: "create", name: name("web"), distro: "ubuntu", arch: "arm64", settings }, { begin });
    expect((await fake.calls()).at(-1)).toEqual(["create", "--arch", "arm64", "--user", "me", "ubuntu", "web"]);
  });

  test("says so where an orbctl does not know a flag", async () => {
    const { driver } = await setUp({ flags: ["--user"] });
    const create = driver.perform({ verb: "create", name: name("web"), distro: "ubuntu", settings }, { begin });
    await expect(create).rejects.toMatchObject({ code: "ORB_NOT_CAPABLE", outcome: "refused" });
  });

  test("sets one key a call, each in a process that is told of first", async () => {
    const { fake, driver } = await setUp();
    const told: boolean[] = [];
    await driver.perform(
      { verb: "configure", name: name("web.1"), settings: { isolated: false, cpus: 0, mounts: [] } },
      { begin: (child) => Promise.resolve(void told.push(child !== null)) },
    );
    expect(told).toEqual([true, true, true]);
    expect((await fake.calls()).filter(([command]) => command === "config")).toEqual([
      ["config", "set", "machine.web.1.cpu", "0"],
      ["config", "set", "machine.web.1.mounts", ""],
      ["config", "set", "machine.web.1.isolated", "false"],
    ]);
  });

  test("deletes by name and with force", async () => {
    const { fake, driver } = await setUp();
    await driver.perform({ verb: "delete", name: name("web") }, { begin });
    expect((await fake.calls()).at(-1)).toEqual(["delete", "--force", "web"]);
  });

  test("takes a machine that is not found for a delete that is done", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("delete", { stderr: `${BANNER}[-32098] machine not found: 'web'\n${BANNER}`, exit: 1 });
    const deleted = driver.perform({ verb: "delete", name: name("web") }, { begin });
    await expect(deleted).rejects.toMatchObject({ kind: "not found", outcome: "done" });
  });

  test("leaves no file behind", async () => {
    const { fake, driver } = await setUp();
    await driver.perform({ verb: "stop", id: machineId(A) }, { begin });
    expect(await readdir(fake.scratch)).toEqual([]);
  });
});

describe("inspecting", () => {
  test("gives addresses, size and settings of one machine", async () => {
    const { fake, driver } = await setUp();
    const info = { record: listRecord(A, "web"), disk_size: 5, ip4: "192.168.139.2", ip6: "" };
    await fake.answer("info", { stdout: JSON.stringify(info) });
    await fake.answer("config show", { stdout: "machine.web-2.cpu: 9\nmachine.web.cpu: 3\n" });
    const details = await driver.inspect({ id: machineId(A) }, { settings: true });
    expect([details?.ip4, details?.ip6, details?.diskUsedBytes, details?.settings.cpus]).toEqual([
      "192.168.139.2",
      undefined,
      5,
      3,
    ]);
  });

  test("gives nothing for a machine that is not there", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("info", { stderr: `[-32098] machine not found: '${A}'\n`, exit: 1 });
    expect(await driver.inspect({ id: machineId(A) }, { settings: false })).toBeUndefined();
  });

  test("never takes another failure for absence", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("info", { stderr: "[-32098] out of luck\n", exit: 1 });
    await expect(driver.inspect({ id: machineId(A) }, { settings: false })).rejects.toMatchObject({
      code: "ORB_ORBCTL_FAILED",
    });
  });

  test("refuses an answer about another machine", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("info", { stdout: JSON.stringify({ record: listRecord("B", A) }) });
    await expect(driver.inspect({ id: machineId(A) }, { settings: false })).rejects.toMatchObject({
      code: "ORB_LIST_UNREADABLE",
    });
  });
});

describe("running inside", () => {
  test("gives the command's exit code and its streams", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("run", { script: 'cat; echo "$ORBENV/$GREETING"', stderr: "err", exit: 7 });
    const stdin = new TextEncoder().encode("in\n");
    const result = await driver.exec({ machine: machineId(A), command: ["x"], env: { GREETING: "hi" }, stdin });
    expect(result).toEqual({ exitCode: 7, stdout: "in\nGREETING/hi\n", stderr: "err" });
    expect((await fake.calls()).at(-1)).toEqual(["run", "-m", A, "-w", "/", "x"]);
  });

  test("tells its own failure from the command's", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("run", { stderr: "[-32098] machine not found: 'web'\n", exit: 1 }, { stderr: "no\n", exit: 1 });
    const run = (): Promise<unknown> => driver.exec({ machine: machineId(A), command: ["x"] });
    await expect(run()).rejects.toMatchObject({ kind: "not found" });
    expect(await run()).toEqual({ exitCode: 1, stdout: "", stderr: "no\n" });
  });
});

describe("the rest", () => {
  test("finds the name for the log and cleans what it says", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("info", { stdout: JSON.stringify({ record: listRecord(A, "web") }) });
    await fake.answer("logs", { stdout: "boot\u001b[31m red\u001b[0m\u0007\n" });
    expect(await driver.logs({ id: machineId(A) })).toBe(String.raw`boot red\u{7}` + "\n");
    expect((await fake.calls()).at(-1)).toEqual(["logs", "web"]);
  });

  test("says how to reach a machine by SSH", async () => {
    const { fake, driver } = await setUp();
    await fake.answer("info", { stdout: JSON.stringify({ record: listRecord(A, "web") }) });
    await fake.answer("ssh", { stdout: "Use SSH:\n  Host: localhost\n  Port: 32223\n" });
    expect(await driver.connection({ name: name("web") })).toEqual({
      host: "127.0.0.1",
      port: 32_223,
      user: "me@web",
      identityFile: `${fake.folder}/.orbstack/ssh/id_ed25519`,
    });
  });
});
