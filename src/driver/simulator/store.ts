import {
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { existsSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import type { Fault } from "./faults.ts";
import type { GuestFiles } from "./guest-files.ts";
import type { Session } from "./host.ts";
import { withLock } from "./lock.ts";
import { freshWorld, type WorldData } from "./record.ts";
import { isGuestFiles, isStoredWorld, type StoredWorld } from "./sound-world.ts";
import { World } from "./world.ts";

/** Surroundings of a world in a folder. */
export interface StoreOptions {
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly faults: readonly Fault[];
  readonly version: string | undefined;
  readonly latency: number;
}

/**
 * A world in a folder, safe for many processes at once: changes are made under a lock and appear by renaming a whole
 * file, so a process killed at any moment leaves the world before or after its change. Files of machines lie apart.
 */
export function openStore(options: StoreOptions): Session {
  const { folder } = options;
  const seen = reader(folder);
  const locked = <T>(action: () => T): T => {
    mkdirSync(join(folder, "files"), { recursive: true });
    return withLock(join(folder, "lock"), action);
  };
  return {
    transact: (change) => locked(() => transact(options, change)),
    read: (look) => look(open(options, seen())),
    readFiles: (id) => readFiles(folder, id),
    changeFiles: (id, change) => {
      locked(() => {
        const changed = change(readFiles(folder, id));
        if (changed) writeWhole(filesPath(folder, id), JSON.stringify(changed));
      });
    },
    log: () => readLog(folder),
    reset: () => {
      locked(() => {
        rmSync(join(folder, "files"), { recursive: true, force: true });
        rmSync(join(folder, "log.jsonl"), { force: true });
        writeWhole(join(folder, "world.json"), JSON.stringify({ data: freshWorld(), logBytes: 0 }));
      });
    },
  };
}

/** Reads the world, and takes it apart only where it has changed: every change is a new file under the same name. */
function reader(folder: string): () => WorldData {
  let known = { mark: "", data: freshWorld() };
  return () => {
    const mark = markOf(join(folder, "world.json"));
    if (mark === "" || mark !== known.mark) known = { mark, data: load(folder).data };
    return known.data;
  };
}

/** Which file it is; a change between this and the reading only means that it is read again. */
function markOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
}

function transact<T>(options: StoreOptions, change: (world: World) => T): T {
  const { folder } = options;
  const { data, logBytes } = load(folder);
  const world = open(options, data);
  try {
    const result = change(world);
    save(folder, world, logBytes);
    return result;
  } catch (error) {
    // What fails changes no machine, but may have used up a counted fault.
    if (error instanceof Failure) save(folder, world, logBytes);
    throw error;
  }
}

function save(folder: string, world: World, logLength: number): void {
  world.data.machines = [...world.all()];
  for (const [from, to] of world.fileCopies) {
    if (existsSync(filesPath(folder, from))) copyFileSync(filesPath(folder, from), filesPath(folder, to));
  }
  for (const [to, files] of world.fileGifts) writeWhole(filesPath(folder, to), JSON.stringify(files));
  const logBytes = appendLog(folder, world, logLength);
  const written: StoredWorld = { data: world.data, logBytes };
  writeWhole(join(folder, "world.json"), JSON.stringify(written));
  for (const { what, id } of world.events) {
    if (what === "gone" && id !== undefined) rmSync(filesPath(folder, id), { force: true });
  }
}

function open({ now, faults, version, latency }: StoreOptions, data: WorldData): World {
  return new World(data, { now: now(), random: Math.random, who: String(process.pid), faults, version, latency });
}

function load(folder: string): StoredWorld {
  const text = readIfThere(join(folder, "world.json"));
  if (text === undefined) return { data: freshWorld(), logBytes: 0 };
  const stored = parsed(text);
  if (!isStoredWorld(stored)) throw new Error(`${folder} holds no simulator world that this version can read`);
  return stored;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: what reads it says what it should have been.
    return undefined;
  }
}

function readFiles(folder: string, id: string): GuestFiles | null {
  const path = filesPath(folder, id);
  const text = readIfThere(path);
  if (text === undefined) return null;
  const files = parsed(text);
  if (!isGuestFiles(files)) throw new Error(`${path} holds no files of a simulated machine`);
  return files;
}

function filesPath(folder: string, id: string): string {
  return join(folder, "files", `${id}.json`);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function appendLog(folder: string, world: World, length: number): number {
  if (world.events.length === 0) return length;
  const file = openSync(join(folder, "log.jsonl"), length === 0 ? "w" : "r+");
  try {
    // A log that somebody cut is gone on with where it ends.
    const start = Math.min(length, fstatSync(file).size);
    ftruncateSync(file, start);
    const lines = world.events.map((event) => `${JSON.stringify(event)}\n`).join("");
    return start + writeSync(file, Buffer.from(lines), 0, null, start);
  } finally {
    closeSync(file);
  }
}

function readLog(folder: string): readonly string[] {
  const { logBytes } = load(folder);
  if (logBytes === 0) return [];
  const bytes = readFileSync(join(folder, "log.jsonl")).subarray(0, logBytes);
  return bytes.toString("utf8").split("\n").slice(0, -1);
}

/** Only ever called under the lock, so one name for the unfinished file does. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
