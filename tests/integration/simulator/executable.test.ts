import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SimulatorFolder, simulatorFolder } from "../../support/simulator-process.ts";

let sim: SimulatorFolder;

beforeEach(() => {
  sim = simulatorFolder();
});

afterEach(() => {
  sim.remove();
});

async function names(): Promise<readonly string[]> {
  return (await sim.run(["list", "-q"])).stdout.split("\n").filter((line) => line !== "");
}

test("3.2: prints the table of the samples", async () => {
  await sim.run(["create", "ubuntu:22.04", "b1-lab", "-a", "amd64"]);
  await sim.run(["clone", "b1-lab", "two"]);

  const { stdout, exitCode } = await sim.run(["list"]);

  expect(stdout.replaceAll(/\d+\.\d MB/g, "687.2 MB").replace(/192\.168\.139\.\d+/, "192.168.139.64")).toBe(
    "NAME    STATE    DISTRO  VERSION  ARCH   SIZE      IP\n" +
      "----    -----    ------  -------  ----   ----      --\n" +
      "b1-lab  running  ubuntu  jammy    amd64  687.2 MB  192.168.139.64\n" +
      "two     stopped  ubuntu  jammy    amd64  687.2 MB\n",
  );
  expect(exitCode).toBe(0);
});

test("3.3: says on stderr which machine is missing, and nothing on stdout", async () => {
  expect(await sim.run(["info", "-f", "json", "nope"])).toEqual({
    stdout: "",
    stderr: "[-32098] machine not found: 'nope'\n",
    exitCode: 1,
  });
});

test("2: panics without HOME, and reads as stopped with a long one", async () => {
  const none = await sim.run(["list"], { env: { HOME: undefined } });
  const long = await sim.run(["status"], { env: { HOME: `/${"h".repeat(90)}` } });

  expect(none.exitCode).toBe(2);
  expect(none.stderr).toContain("$HOME is not defined");
  expect([long.stdout, long.exitCode]).toEqual(["Stopped\n", 1]);
});

test("4.2: stdin and stdout of run are binary safe, streams apart, exit code passed on", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
  await sim.run(["run", "-m", "web", "sh", "-c", "cat > /var/tmp/bytes"], { stdin: bytes });

  const back = await sim.run(["run", "-m", "web", "cat", "/var/tmp/bytes"]);
  const both = await sim.run(["run", "-m", "web", "sh", "-c", "echo out; echo err >&2; exit 7"]);

  expect(Buffer.from(back.stdout, "latin1")).toEqual(Buffer.from(bytes));
  expect(both).toEqual({ stdout: "out\n", stderr: "err\n", exitCode: 7 });
});

test("4.2: argv reaches the program as it is, and ORBENV copies variables by name", async () => {
  await sim.run(["create", "ubuntu", "web"]);

  const joined = await sim.run(["run", "-m", "web", "command -v vtysh || true"]);
  const words = await sim.run(["run", "-m", "web", "printf", "%s|", "a b", "$HOME", "*"]);
  const copied = await sim.run(["run", "-m", "web", "sh", "-c", "echo $ONE-$TWO"], {
    env: { ONE: "1", TWO: "2", ORBENV: "ONE" },
  });

  expect(joined).toEqual({ stdout: "", stderr: "command -v vtysh || true: command not found\n", exitCode: 127 });
  expect(words.stdout).toBe("a b|$HOME|*|");
  expect(copied.stdout).toBe("1-\n");
});

test("4.2: a command that reads nothing ends though its stdin stays open", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const child = sim.spawn(["run", "-m", "web", "sh", "-c", "cat /etc/hostname | wc -l; ls / >/dev/null"]);

  const [code] = await once(child, "close");

  expect(code).toBe(0);
});

test("3.12: what is pushed belongs to root, and /tmp stays without it", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const file = join(sim.folder, "note");
  writeFileSync(file, "text");
  await sim.run(["push", "-m", "web", file, "/var/tmp/note"]);
  await sim.run(["push", "-m", "web", file, "/tmp/note"]);
  await sim.run(["pull", "-m", "web", "/var/tmp/note", join(sim.folder, "back")]);

  const owner = await sim.run(["run", "-m", "web", "stat", "-c", "%U:%G", "/var/tmp/note"]);
  const tmp = await sim.run(["run", "-m", "web", "ls", "/tmp"]);

  expect([owner.stdout, tmp.stdout]).toEqual(["root:root\n", ""]);
  expect(readFileSync(join(sim.folder, "back"), "utf8")).toBe("text");
});

test("3.11: an archive brings a machine back under another name", async () => {
  await sim.run(["create", "ubuntu", "web", "--cpus", "2"]);
  const file = join(sim.folder, "web.tar.zst");
  await sim.run(["export", "web", file]);
  await sim.run(["import", "-n", "one", file]);
  await sim.run(["import", file, "-n", "two"]);

  expect(await names()).toEqual(["one", "two", "web"]);
  expect((await sim.run(["config", "get", "machine.two.cpu"])).stdout).toBe("2\n");
});

test("many processes at once lose nothing", async () => {
  const wanted = Array.from({ length: 12 }, (_, index) => `m${String(index).padStart(2, "0")}`);

  const ended = await Promise.all(wanted.map((name) => sim.run(["create", "ubuntu", name])));

  expect(ended.every(({ exitCode }) => exitCode === 0)).toBe(true);
  expect(await names()).toEqual(wanted);
});

test("3.9: a killed client's clone still completes", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const child = sim.spawn(["clone", "web", "two"], { ORBCTL_SIM_LATENCY: "3600" });
  const world = join(sim.folder, "world", "world.json");
  while (!readFileSync(world, "utf8").includes('"two"')) await sim.run(["status"]);
  child.kill("SIGKILL");
  await once(child, "close");
  const before = await names();
  await sim.run(["sim", "advance", "3600"]);

  expect(before).toEqual(["web"]);
  expect(await names()).toEqual(["two", "web"]);
});

describe("4.2: a command whose client is killed", () => {
  const waits = "touch /run/up; while ! [ -e /run/go ]; do sleep 0.1; done; touch /srv/done";
  const inside = (script: string) => sim.run(["run", "-m", "web", "-u", "root", "sh", "-c", script]);

  async function killed(faults: string): Promise<void> {
    await sim.run(["create", "ubuntu", "web"]);
    const child = sim.spawn(["run", "-m", "web", "-u", "root", "sh", "-c", waits], { ORBCTL_SIM_FAULTS: faults });
    child.stdin?.end();
    // Commands at work see each other's /run.
    while ((await inside("[ -e /run/up ]")).exitCode !== 0);
    child.kill("SIGKILL");
    await once(child, "exit");
    await inside("touch /run/go");
  }

  test("ends with it", async () => {
    await killed("");
    expect((await inside("[ -e /srv/done ]")).exitCode).toBe(1);
  });

  test("goes on where that is switched on", async () => {
    await killed("guest-outlives-client");
    while ((await inside("[ -e /srv/done ]")).exitCode !== 0);
    expect((await inside("ls /srv")).stdout).toBe("done\n");
  });
});

test("of two commands that make one link in /run, one gets it", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const script = "echo $$ >/run/$$; ln /run/$$ /run/lock 2>/dev/null && echo mine; exit 0";
  const ran = await Promise.all(
    Array.from({ length: 6 }, () => sim.run(["run", "-m", "web", "-u", "root", "sh", "-c", script])),
  );
  expect(ran.map(({ stdout }) => stdout).toSorted()).toEqual(["", "", "", "", "", "mine\n"]);
});

test("processes killed at any moment leave a world that can be read, and no lock", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const ended: Promise<unknown>[] = [];
  for (let round = 0; round < 24; round += 1) {
    const child = sim.spawn(["clone", "web", `c${round}`]);
    ended.push(once(child, "close"));
    if (round % 3 === 2) {
      child.stdin?.end();
      await sim.run(["info", "web"]);
    }
    child.kill("SIGKILL");
  }
  await Promise.all(ended);

  const last = await sim.run(["create", "ubuntu", "last"]);
  const log = (await sim.run(["sim", "log"])).stdout.split("\n").filter((line) => line !== "");

  expect(last).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(log.map((line) => JSON.parse(line).seq)).toEqual(log.map((_, index) => index + 1));
  expect(readdirSync(join(sim.folder, "world", "lock"))).toEqual([]);
  expect((await names()).length).toBe(log.filter((line) => /"what":"(?:create|clone)"/.test(line)).length);
});

test("8: create hangs after success, and the machine is there", async () => {
  const child = sim.spawn(["create", "ubuntu", "web"], { ORBCTL_SIM_FAULTS: "create-hang:web" });
  while (!existsSync(join(sim.folder, "world", "world.json"))) await sim.run(["status"]);

  expect(await names()).toEqual(["web"]);
  expect(child.exitCode).toBe(null);
  child.kill("SIGKILL");
});

test("says in one line that a folder holds no world", async () => {
  await sim.run(["create", "ubuntu", "web"]);
  const folder = join(sim.folder, "world");
  writeFileSync(join(folder, "world.json"), "{");

  expect(await sim.run(["list"])).toEqual({
    stdout: "",
    stderr: `orbctl-sim: ${folder} holds no simulator world that this version can read\n`,
    exitCode: 70,
  });
});

test("says on standard error when a fault is misspelt", async () => {
  const got = await sim.run(["sim", "fault", "set", "no-such"]);

  expect(got).toEqual({ stdout: "", stderr: "unknown fault: no-such\n", exitCode: 1 });
});
