import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SimulatorFolder, simulatorFolder } from "../../support/simulator-process.ts";

// Lifecycles as projects that drive OrbStack's orbctl go through them, as strict as they are.

let sim: SimulatorFolder;

beforeEach(() => {
  sim = simulatorFolder();
});

afterEach(() => {
  sim.remove();
});

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

async function ok(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await sim.run(argv);
  expect([argv, exitCode, stderr]).toEqual([argv, 0, ""]);
  return stdout;
}

async function silent(...argv: readonly string[]): Promise<void> {
  expect([argv, await ok(...argv)]).toEqual([argv, ""]);
}

interface Found {
  readonly id: string;
  readonly state: string;
  readonly keys: readonly string[];
  readonly ip4: string | undefined;
}

async function info(selector: string): Promise<Found> {
  const { record, ...wrapper } = JSON.parse(await ok("info", selector, "--format", "json"));
  return {
    id: record.id,
    state: record.state,
    keys: [...Object.keys(record), ...Object.keys(wrapper)],
    ip4: wrapper.ip4,
  };
}

test("a provider that clones a golden image, limits the copy, boots it and deletes it by a fresh name", async () => {
  await silent("create", "-u", "runner", "ubuntu:noble", "golden");
  await silent("stop", "golden");
  await silent("clone", "golden", "runner-1");
  const copy = await info("runner-1");
  for (const [key, value] of [
    ["cpu", "2"],
    ["memory_mib", "2048"],
    ["disk_bytes", "42949672960"],
    ["isolated", "true"],
    ["mounts", ""],
  ]) {
    await silent("config", "set", `machine.runner-1.${key}`, value ?? "");
  }
  await silent("start", copy.id);
  const running = await info(copy.id);
  const script = await sim.run(["run", "-m", copy.id, "-u", "root", "sh", "-c", "umask 077; cat > /etc/job"], {
    stdin: "x\0y",
  });
  const back = await ok("run", "-m", "runner-1", "-u", "root", "cat", "/etc/job");
  const crash = await sim.run(["delete", "-f", copy.id]);
  await silent("rename", copy.id, "reap-1");
  expect((await info("reap-1")).id).toBe(copy.id);
  await silent("config", "set", "machine.reap-1.disk_bytes", "0");
  await silent("delete", "--force", "reap-1");

  expect(copy).toEqual({ ...copy, state: "stopped", ip4: undefined });
  expect(copy.id).toMatch(ULID);
  expect(running.state).toBe("running");
  expect(running.ip4).toMatch(/^192\.168\.139\.\d+$/);
  expect([script.exitCode, back]).toEqual([0, "x\0y"]);
  expect([crash.exitCode, crash.stdout, crash.stderr.startsWith("panic: runtime error")]).toEqual([2, "", true]);
  expect(await ok("list", "-q")).toBe("golden\n");
});

test("a Terraform provider: create, read, rename, limit, restart, default, destroy", async () => {
  await silent("create", "--cpus", "2", "--memory", "4G", "--disk", "64G", "-a", "arm64", "debian:bookworm", "tf");
  const before = await info("tf");
  await silent("rename", "tf", "tf2");
  await silent("config", "set", "machine.tf2.cpu", "4");
  await silent("restart", "tf2");
  await silent("default", "tf2");
  const after = await info("tf2");
  const list = JSON.parse(await ok("list", "--format", "json"));

  expect(after).toEqual(before);
  expect(before.keys).toEqual(["id", "name", "image", "config", "builtin", "state", "disk_size", "ip4", "ip6"]);
  expect(list[0].config).toEqual({
    isolated: false,
    forward_ssh_agent: true,
    isolate_network: false,
    default_username: "ada",
    http_port: 0,
    https_port: 0,
    memory_limit_mib: 4096,
    cpu_limit: 4,
    disk_limit_bytes: 68_719_476_736,
  });
  expect(await ok("default")).toBe("tf2\n");
  await silent("delete", "tf2", "--force");
  expect(await ok("list", "-f", "json")).toBe("[]\n");
});

test("a test rig that compares streams byte for byte and proves a clone by its state", async () => {
  await silent("create", "alpine:3.20", "rig");
  const uptime = Number.parseFloat(await ok("run", "-m", "rig", "cat", "/proc/uptime"));
  const boot = await ok("run", "-m", "rig", "cat", "/proc/sys/kernel/random/boot_id");
  await silent("clone", "rig", "copy");
  await silent("restart", "rig");

  expect(await sim.run(["info", "-f", "json", "gone"])).toEqual({
    stdout: "",
    stderr: "[-32098] machine not found: 'gone'\n",
    exitCode: 1,
  });
  expect([(await info("rig")).state, (await info("copy")).state]).toEqual(["running", "stopped"]);
  expect((await info("copy")).id).not.toBe((await info("rig")).id);
  expect(await ok("run", "-m", "rig", "cat", "/proc/sys/kernel/random/boot_id")).not.toBe(boot);
  expect(Number.parseFloat(await ok("run", "-m", "rig", "cat", "/proc/uptime"))).toBeGreaterThanOrEqual(uptime);
});

test("a driver that polls states sees each on its way, and in no other order", async () => {
  const seen: string[] = [];
  const env = { ORBCTL_SIM_LATENCY: "0.05" };
  const child = sim.spawn(["create", "ubuntu", "poll"], env);
  while (child.exitCode === null) {
    const [machine] = JSON.parse((await sim.run(["list", "-f", "json"], { env })).stdout);
    if (machine && seen.at(-1) !== machine.state) seen.push(machine.state);
  }

  expect(child.exitCode).toBe(0);
  expect(["creating", "provisioning", "running"].filter((state) => seen.includes(state))).toEqual(seen);
  expect(seen.length).toBeGreaterThan(0);
  expect((await info("poll")).state).toBe("running");
});

test("a desktop application that copies files in and out of an isolated machine", async () => {
  await silent("create", "--isolated", "--isolate-network", "--mount", "/Users/ada/work:/work", "ubuntu:noble", "pod");
  const folder = join(sim.folder, "src");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "one"), "1");
  writeFileSync(join(folder, "sub", "two"), Uint8Array.from([0, 255, 10]));
  await silent("push", "-m", "pod", join(folder, "one"), join(folder, "sub"), "/var/tmp/in/");
  await silent("push", "-m", "pod", `${folder}/.`, "/srv/all");
  await silent("stop", "pod");
  await silent("pull", "-m", "pod", "/var/tmp/in/sub/two", join(sim.folder, "two"));

  const found = (await ok("run", "-m", "pod", "find", "/var/tmp/in", "/srv/all", "-type", "f")).split("\n").toSorted();
  const refused = await sim.run(["run", "-m", "pod", "mac", "uname", "-s"]);

  expect(found).toEqual(["", "/srv/all/one", "/srv/all/sub/two", "/var/tmp/in/one", "/var/tmp/in/sub/two"]);
  expect([...readFileSync(join(sim.folder, "two"))]).toEqual([0, 255, 10]);
  expect(refused).toEqual({ stdout: "", stderr: "dial: no such file or directory\n", exitCode: 1 });
  expect((await sim.run(["run", "-m", "pod", "test", "-d", "/work"])).exitCode).toBe(0);
});

test("a service that sets lists of mounts on a stopped clone and reads them back", async () => {
  await silent("create", "ubuntu:noble", "base");
  await silent("clone", "base", "box");
  await silent("config", "set", "machine.box.isolated", "true");
  await silent("config", "add", "machine.box.mounts", "/Users/ada/a:/a");
  await silent("config", "add", "machine.box.mounts", "/Users/ada/b");

  expect(await ok("config", "get", "machine.box.mounts")).toBe("/Users/ada/a:/a,/Users/ada/b\n");
  await silent("config", "set", "machine.box.mounts", "");
  expect(await ok("config", "get", "machine.box.mounts")).toBe("\n");
  expect((await ok("config", "show")).split("\n")).toContain("machine.box.isolated: true");
  expect((await sim.run(["config", "set", `machine.${(await info("box")).id}.cpu`, "1"])).exitCode).not.toBe(0);
});

test("twenty clients at once: no name twice, no address twice, no setting lost", async () => {
  await silent("create", "ubuntu", "src");
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const ended = await Promise.all(
    numbers.map((number) =>
      sim.run(
        [
          ["create", "ubuntu", `m${number}`],
          ["clone", "src", `c${number}`],
          ["config", "add", "machine.src.mounts", `/m${number}`],
          ["create", "ubuntu", "same"],
        ][number % 4] ?? [],
      ),
    ),
  );
  const table = (await ok("list")).split("\n").slice(2, -1);
  const addresses = table.flatMap((line) => /192\.168\.139\.\d+$/.exec(line)?.[0] ?? []);

  expect(ended.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual(
    Array.from({ length: 4 }, () => "[-32098] create 'same': machine already exists: 'same'\n"),
  );
  expect(table.length).toBe(12);
  expect(new Set(addresses).size).toBe(7);
  expect((await ok("config", "get", "machine.src.mounts")).trim().split(",").length).toBe(5);
});
