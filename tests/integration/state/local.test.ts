import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, test } from "vitest";
import type { Backend } from "../../../src/state/backend.ts";
import { hostId, hostIdentity } from "../../../src/state/host.ts";
import { localBackend } from "../../../src/state/local.ts";
import { breakLock, lockHolder, takeLock, type LockPlace } from "../../../src/state/lock.ts";
import { nodeDisk } from "../../../src/state/node-disk.ts";
import { type Processes, systemProcesses } from "../../../src/driver/processes.ts";
import { processStart } from "../../../src/driver/process-start.ts";
import { type StateChild, stateChild } from "../../support/state-child.ts";
import {
  errorOf,
  identityOf,
  machineAddress,
  machineState,
  snapshotOf,
  standingClock,
} from "../../support/state-builders.ts";
import { virtualClock } from "../../support/execute-clock.ts";
import { memoryDisk } from "../../support/memory-disk.ts";
import { backendContract } from "./backend-contract.ts";

const children: StateChild[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
});

const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), "orbform-state-")), "web.json");
const ALIVE: Processes = { ...systemProcesses, isRunning: () => Promise.resolve(true) };

function open(path: string, identity = identityOf()): Backend {
  return localBackend({
    disk: nodeDisk(),
    path,
    clock: standingClock(),
    hostIdentity: () => Promise.resolve(identity),
    processes: ALIVE,
  });
}

/** With this process' true identity, so that it is told from others by the operating system. */
function openReally(path: string): Backend {
  const disk = nodeDisk();
  const home = join(path, "..", "home");
  const host = () => hostIdentity(disk, home);
  return localBackend({ disk, path, clock: standingClock(), hostIdentity: host, processes: systemProcesses });
}

async function hold(path: string): Promise<StateChild> {
  const child = await stateChild("hold", path);
  children.push(child);
  return child;
}

/** The first word each of them said, sorted. */
function wordsOf(racers: readonly StateChild[]): readonly string[] {
  return racers.map((each) => each.said.split(" ")[0] ?? "").toSorted((a, b) => (a < b ? -1 : 1));
}

backendContract("local files", async () => {
  const path = await newPath();
  return { open: (identity) => open(path, identity) };
});

const first = snapshotOf([[machineAddress("web"), machineState("web")]]);

describe("a local snapshot", () => {
  it("is readable by its owner only, and so is its history", async () => {
    const path = await newPath();
    await open(path).write(first, 0);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(path.replace(".json", ".history/1.json"))).mode & 0o777).toBe(0o600);
  });

  it("keeps the last 20 in its history", async () => {
    const path = await newPath();
    for (let serial = 1; serial <= 23; serial++) await open(path).write({ ...first, serial }, serial - 1);
    const kept = (await readdir(path.replace(".json", ".history"))).map((name) => Number.parseInt(name, 10));
    expect(kept.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
  });

  it("leaves no temporary file behind", async () => {
    const path = await newPath();
    await open(path).write(first, 0);
    expect((await readdir(join(path, ".."))).toSorted()).toEqual(["web.history", "web.json"]);
  });

  it("follows a link that the user put in its place", async () => {
    const path = await newPath();
    await mkdir(join(path, "../elsewhere"));
    await symlink("elsewhere/web.json", path);
    await writeFile(join(path, "../elsewhere/web.json"), "");
    await nodeDisk().replace(path, "new", 0o600);
    expect(await readFile(join(path, "../elsewhere/web.json"), "utf8")).toBe("new");
  });

  it("marked read-only is refused before anything is done, and stays as it is", async () => {
    const path = await newPath();
    await open(path).write(first, 0);
    await chmod(path, 0o444);
    const before = await readFile(path, "utf8");
    expect((await errorOf(() => open(path).lock("apply"))).code).toBe("ORB_STATE_UNWRITABLE");
    expect((await errorOf(() => open(path).write({ ...first, serial: 2 }, 1))).code).toBe("ORB_STATE_UNWRITABLE");
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("on a full disk stays as it is, with a clear error and no temporary file", async () => {
    const path = await newPath();
    await open(path).write(first, 0);
    const disk = nodeDisk();
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const backend = localBackend({
      disk: { ...disk, replace: () => Promise.reject(full) },
      path,
      clock: standingClock(),
      hostIdentity: () => Promise.resolve(identityOf()),
      processes: systemProcesses,
    });
    const error = await errorOf(() => backend.write({ ...first, serial: 2 }, 1));
    expect(error).toEqual({
      code: "ORB_STATE_UNWRITABLE",
      detail: `${path} could not be written: the disk is full. What was written before is intact.`,
    });
    expect(await open(path).read()).toEqual(first);
  });

  it("that is damaged is not overwritten", async () => {
    const path = await newPath();
    await writeFile(path, "{");
    expect((await errorOf(() => open(path).write(first, 0))).code).toBe("ORB_STATE_CORRUPT");
    expect(await readFile(path, "utf8")).toBe("{");
  });

  it("that is a folder is a clear error", async () => {
    const path = await newPath();
    await mkdir(path);
    expect((await errorOf(() => open(path).read())).code).toBe("ORB_STATE_UNREADABLE");
  });

  it("is whole, old or new, wherever the writer is killed", async () => {
    const path = await newPath();
    for (let round = 0; round < 8; round++) {
      const child = await stateChild("replace", path);
      children.push(child);
      for (let turn = 0; turn < round * 40; turn++) await new Promise((resolve) => void setImmediate(resolve));
      await child.kill();
      const text = await readFile(path, "utf8").catch(() => "");
      expect(text === "" || text === text.charAt(0).repeat(200_000)).toBe(true);
    }
    const held = await openReally(path).lock("apply");
    await held.release();
    expect((await readdir(join(path, ".."))).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("the lock among processes", () => {
  it("goes to exactly one of several that race for it", async () => {
    const path = await newPath();
    const racers = await Promise.all([hold(path), hold(path), hold(path)]);
    const said = wordsOf(racers);
    expect(said).toEqual(["ORB_STATE_LOCKED", "ORB_STATE_LOCKED", "held"]);
  });

  it("is taken over from a killed holder, by exactly one", async () => {
    const path = await newPath();
    await (await hold(path)).kill();
    const racers = await Promise.all([hold(path), hold(path)]);
    expect(wordsOf(racers)).toEqual(["ORB_STATE_LOCKED", "held"]);
  });

  it("leaves no lock file after a takeover and release", async () => {
    const path = await newPath();
    await (await hold(path)).kill();
    const held = await openReally(path).lock("apply");
    await held.release();
    expect((await readdir(join(path, ".."))).filter((name) => name.includes(".lock."))).toEqual([]);
  });

  it("is not taken from a suspended holder", async () => {
    const path = await newPath();
    const holder = await hold(path);
    holder.signal("SIGSTOP");
    expect((await errorOf(() => openReally(path).lock("apply"))).code).toBe("ORB_STATE_LOCKED");
  });

  it("is not said to be held by a process that is gone", async () => {
    const path = await newPath();
    await open(path, identityOf({ bootId: "boot-0" })).lock("apply");
    expect(await open(path).holder()).toBeUndefined();
  });

  it("is taken from a process of an earlier boot, and from a later process with its pid", async () => {
    const path = await newPath();
    await open(path, identityOf({ bootId: "boot-0" })).lock("apply");
    await (await open(path).lock("apply")).release();
    const disk = nodeDisk();
    await openReally(path).lock("apply");
    const identity = await hostIdentity(disk, join(path, "..", "home"));
    const later = { ...identity, processStart: "0" };
    const next = await newPath();
    const parts = { disk, path: next, clock: standingClock(), processes: systemProcesses };
    const backend = (who: typeof identity): Backend =>
      localBackend({ ...parts, hostIdentity: () => Promise.resolve(who) });
    await backend(later).lock("apply");
    await (await backend(identity).lock("apply")).release();
  });

  it("whose file cannot be read counts as held, and is broken by the file's name", async () => {
    const path = await newPath();
    await writeFile(path.replace(".json", ".lock.1"), "{");
    expect((await errorOf(() => open(path).lock("apply"))).detail).toContain("web.lock.1");
    await open(path).unlock("web.lock.1");
    await (await open(path).lock("apply")).release();
  });
});

describe("process and host", () => {
  it("tells a running process from one that is gone", async () => {
    const path = await newPath();
    const child = await hold(path);
    const start = (await processStart(child.pid)) ?? "";
    expect(start).not.toBe("");
    expect(await systemProcesses.isRunning({ pid: child.pid, startedAt: start })).toBe(true);
    expect(await systemProcesses.isRunning({ pid: child.pid, startedAt: `${start}0` })).toBe(false);
    await child.kill();
    expect(await processStart(child.pid)).toBeUndefined();
    expect(await systemProcesses.isRunning({ pid: child.pid, startedAt: start })).toBe(false);
  });

  it("gives one host id to all that ask at the same time", async () => {
    const home = join(await newPath(), "../home");
    const ids = await Promise.all(Array.from({ length: 8 }, () => hostId(nodeDisk(), home)));
    expect(new Set(ids).size).toBe(1);
  });

  it("refuses a host id that is none", async () => {
    const home = join(await newPath(), "..");
    await writeFile(join(home, "host-id"), "rubbish");
    expect((await errorOf(() => hostId(nodeDisk(), home))).code).toBe("ORB_STATE_CORRUPT");
  });
});

test("a run whose lock was broken takes nobody's lock away when it ends", async () => {
  const disk = memoryDisk();
  const dead = new Set([1]);
  const place = (pid: number): LockPlace => ({
    disk,
    prefix: "/state/web.lock.",
    clock: virtualClock(1),
    identity: identityOf({ pid, processStart: String(pid) }),
    processes: { isRunning: async (process) => !dead.has(process.pid) },
  });
  await takeLock(place(1), "apply");
  const first = await takeLock(place(2), "apply");
  await breakLock(place(3), first.info.id);
  await (await takeLock(place(3), "apply")).release();
  const third = await takeLock(place(4), "apply");
  await first.release();
  expect((await lockHolder(place(5)))?.id).toBe(third.info.id);
});
