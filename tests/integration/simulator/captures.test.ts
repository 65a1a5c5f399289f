import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryOrbctl } from "../../support/simulator-memory.ts";
import { type SimulatorFolder, simulatorFolder } from "../../support/simulator-process.ts";
import * as captured from "./captures.ts";

// What people have captured of the real thing, against what the simulator prints.

let sim: SimulatorFolder;

beforeAll(() => {
  sim = simulatorFolder();
});

afterAll(() => {
  sim.remove();
});

test.each([
  ["create --help", "1.9.2", captured.CREATE_HELP],
  ["config --help", "2.2.3", captured.CONFIG_HELP],
  ["version", "1.7.2", captured.VERSION_1_7_2],
  ["version", "1.9.2", captured.VERSION_1_9_2],
  ["list", "1.9.2", captured.EMPTY_TABLE],
  ["config set network.subnet4 192.168.140.0/23", "2.2.0", captured.RESTART_HINT],
])("orbctl %s of %s", async (line, version, expected) => {
  expect(await memoryOrbctl("", { version })(line)).toEqual({ stdout: expected, stderr: "", exitCode: 0 });
});

test("the hint where there is no machine", async () => {
  expect(await memoryOrbctl()("run disk reclaim")).toEqual({ stdout: "", stderr: captured.NO_MACHINES, exitCode: 1 });
});

test("orb's own help, under the name orb", async () => {
  const orb = join(sim.folder, "orb");
  symlinkSync(fileURLToPath(new URL("../../../bin/orbctl-sim.js", import.meta.url)), orb);

  expect(await sim.run(["--help"], { program: orb })).toEqual({ stdout: captured.ORB_HELP, stderr: "", exitCode: 0 });
});

test("the prompt before a delete, and before a reset", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");

  expect((await orbctl("delete k8s", { stdin: "n\n" })).stdout).toBe(captured.DELETE_PROMPT);
  expect((await orbctl("reset", { stdin: "n\n" })).stdout).toBe(captured.RESET_PROMPT);
  expect((await orbctl("list -q")).stdout).toBe("web\n");
});

test("the crash of a delete by id", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create ubuntu web");
  const { record } = JSON.parse((await orbctl("info web -f json")).stdout);

  expect(await orbctl(`delete -f ${record.id}`)).toEqual({ stdout: "", stderr: captured.PANIC, exitCode: 2 });
  expect((await orbctl("list -q")).stdout).toBe("web\n");
});

test("every observed line of config show", async () => {
  const orbctl = memoryOrbctl();
  await orbctl("create -u matttu debian nas-vm");
  await orbctl("create -u matttu void router-vm");
  await orbctl("create ubuntu test-invalid-user");
  await orbctl("config set machine.test-invalid-user.username invalid-user");

  const lines = (await orbctl("config show")).stdout.split("\n");

  expect(captured.CONFIG_LINES.filter((line) => !lines.includes(line))).toEqual([]);
  expect(lines.slice(0, -1)).toEqual(lines.slice(0, -1).toSorted());
});

test("the table of 2023, of 1.11.1 and of 2026", async () => {
  const table = async (version: string): Promise<string> => {
    const orbctl = memoryOrbctl("", { version });
    for (const line of ["create centos:9-stream centos", "create openeuler:22.03", "create ubuntu:22.04"])
      await orbctl(line);
    for (const name of ["centos", "ubuntu"]) await orbctl(`stop ${name}`);
    return (await orbctl("list")).stdout;
  };

  expect(await table("0.11.0")).toBe(captured.TABLE_2023);
  expect((await table("1.11.1")).split("\n")[0]).toBe("NAME       STATE    DISTRO     VERSION   ARCH   SIZE");
  expect((await table("2.2.3")).split("\n")[0]).toBe("NAME       STATE    DISTRO     VERSION   ARCH   SIZE      IP");
});

test.each([
  ["2.0.4", "list -f json", ["isolated", "default_username"]],
  ["2.1.0", "list -f json", captured.CONFIG_KEYS],
  ["2.2.3", "list -f json", captured.CONFIG_KEYS],
])("the keys of a record in %s, in their order", async (version, line, config) => {
  const orbctl = memoryOrbctl("", { version });
  await orbctl("create ubuntu web");
  const [record] = JSON.parse((await orbctl(line)).stdout);

  expect(Object.keys(record)).toEqual(["id", "name", "image", "config", "builtin", "state"]);
  expect(Object.keys(record.image)).toEqual(["distro", "version", "arch", "variant"]);
  expect(Object.keys(record.config)).toEqual(config);
});

test("the flat record of 2023", async () => {
  const orbctl = memoryOrbctl("", { version: "0.14.0" });
  await orbctl("create ubuntu:jammy new-ubuntu");
  const record = JSON.parse((await orbctl("info new-ubuntu --format json")).stdout);

  expect(record).toEqual({ ...captured.FLAT_RECORD, id: record.id });
  expect(Object.keys(record)).toEqual(Object.keys(captured.FLAT_RECORD));
});
