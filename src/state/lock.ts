/**
 * The lock of a local state: files `<state>.lock.N`. A lock is taken by linking a complete file to the next number; it
 * is held where every other lock file is of a dead process. Nothing is ever unlinked to take over, and nothing is
 * judged by its age: a suspended laptop's apply still holds its lock.
 */
import { basename, dirname } from "node:path";
import type { Processes } from "../driver/processes.ts";
import type { Clock } from "../model/clock.ts";
import type { HeldLock, LockInfo } from "./backend.ts";
import { decodeLock } from "./codec.ts";
import { unreadable, unwritable } from "./disk-errors.ts";
import type { Disk } from "./disk.ts";
import type { HostIdentity } from "./host.ts";
import { locked, notLocked } from "./lock-errors.ts";

/** Where a lock lies and who wants it. */
export interface LockPlace {
  readonly disk: Disk;
  /** Path of the lock files up to their number: `…/web.lock.`. */
  readonly prefix: string;
  readonly identity: HostIdentity;
  readonly clock: Clock;
  readonly processes: Pick<Processes, "isRunning">;
}

/** How often two that are in each other's way try again before one of them is named as the holder. */
const ROUNDS = 20;

/**
 * Takes the lock, over dead holders of this host where there are some. Errors: `ORB_STATE_LOCKED` naming the holder,
 * `ORB_STATE_UNWRITABLE`.
 */
export async function takeLock(place: LockPlace, operation: string): Promise<HeldLock> {
  const info = await lockInfo(place, operation);
  for (let round = 1; ; round++) {
    const others = await readLocks(place);
    const alive = await firstAlive(place, others);
    if (alive) throw locked(place.prefix, alive.info, alive.id);
    const number = (others.at(-1)?.number ?? 0) + 1;
    if (!(await link(place, number, info))) continue;
    const rival = await findRival(place, { id: info.id, number });
    if (rival === undefined) return heldLock(place, { info, number, dead: others });
    // Both were linked before either looked: both let go and try again, at different times.
    await place.disk.remove(`${place.prefix}${number}`);
    if (round === ROUNDS) throw locked(place.prefix, rival.info, rival.id);
    await place.clock.sleep(5 + place.clock.random() * 20 * round);
  }
}

/** Whether there is any lock file, of whoever. */
export async function hasLocks({ disk, prefix }: Pick<LockPlace, "disk" | "prefix">): Promise<boolean> {
  const names = await disk.list(dirname(prefix)).catch((error: unknown) => {
    throw unreadable(error, prefix);
  });
  return names.some((name) => lockNumber(name, basename(prefix)) !== undefined);
}

/** Who holds the lock and may be alive; `undefined` where there is no lock file, or only those of dead processes. */
export async function lockHolder(place: LockPlace): Promise<LockInfo | undefined> {
  const holder = await firstAlive(place, await readLocks(place));
  return holder && (holder.info ?? unknownHolder(holder.id));
}

/** Removes the lock with this id, alive or dead. Errors: `ORB_STATE_LOCKED` where there are only others, `ORB_USAGE` where there is none. */
export async function breakLock(place: LockPlace, id: string): Promise<void> {
  const locks = await readLocks(place);
  const wanted = locks.find((each) => each.id === id);
  const last = locks.at(-1);
  if (wanted === undefined && last === undefined) throw notLocked(id);
  if (wanted === undefined) throw locked(place.prefix, last?.info, last?.id ?? "");
  await place.disk.remove(`${place.prefix}${wanted.number}`).catch((error: unknown) => {
    throw unwritable(error, place.prefix);
  });
}

/** Whether a holder is certainly dead: of this host, and of an earlier boot or a process that is gone. */
async function isDead(place: Omit<LockPlace, "disk" | "prefix">, info: LockInfo): Promise<boolean> {
  const me = place.identity;
  if (info.hostId !== me.hostId) return false;
  const otherBoot = info.bootId !== "" && me.bootId !== "" && info.bootId !== me.bootId;
  return otherBoot || !(await place.processes.isRunning({ pid: info.pid, startedAt: info.processStart }));
}

interface FoundLock {
  readonly number: number;
  /** The lock's id; of a file that cannot be read, its name. */
  readonly id: string;
  readonly info: LockInfo | undefined;
}

async function readLocks(place: LockPlace): Promise<readonly FoundLock[]> {
  const { disk, prefix } = place;
  const found: FoundLock[] = [];
  try {
    for (const name of await disk.list(dirname(prefix))) {
      const number = lockNumber(name, basename(prefix));
      const text = number === undefined ? undefined : await disk.read(`${prefix}${number}`);
      if (number === undefined || text === undefined) continue;
      const info = decodeLock(text);
      found.push({ number, info, id: info?.id ?? name });
    }
  } catch (error) {
    throw unreadable(error, prefix);
  }
  return found.toSorted((a, b) => a.number - b.number);
}

function lockNumber(name: string, prefix: string): number | undefined {
  const number = name.startsWith(prefix) ? name.slice(prefix.length) : "";
  return /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
}

/** A lock file that cannot be read counts as held: whose it is cannot be told. */
async function firstAlive(place: LockPlace, locks: readonly FoundLock[]): Promise<FoundLock | undefined> {
  for (const each of locks.toReversed()) {
    if (each.info === undefined || !(await isDead(place, each.info))) return each;
  }
  return undefined;
}

async function link(place: LockPlace, number: number, info: LockInfo): Promise<boolean> {
  const path = `${place.prefix}${number}`;
  try {
    return await place.disk.createExclusive(path, `${JSON.stringify(info, null, 2)}\n`);
  } catch (error) {
    throw unwritable(error, path);
  }
}

/**
 * After linking, looks who else is there. Whoever links first and looks then sees at least those who did so before; of
 * two at the same time each sees the other. A lock of ours that is gone was swept with a dead one of its number.
 */
async function findRival(
  place: LockPlace,
  own: { readonly id: string; readonly number: number },
): Promise<FoundLock | undefined> {
  const locks = await readLocks(place);
  const others = locks.filter((each) => each.id !== own.id);
  const alive = await firstAlive(place, others);
  if (alive !== undefined || others.length < locks.length) return alive;
  return { number: own.number, id: own.id, info: undefined };
}

interface Held {
  readonly info: LockInfo;
  readonly number: number;
  readonly dead: readonly FoundLock[];
}

function heldLock(place: LockPlace, held: Held): HeldLock {
  let released: Promise<void> | undefined;
  return { info: held.info, release: () => (released ??= release(place, held)) };
}

/**
 * Dead ones first, ours last: while ours is there nobody else can take the lock. Where it was broken by `orb state unlock`,
 * another may have taken its number since, or those of the dead: then nothing of it is ours to remove.
 */
async function release(place: LockPlace, { info, number, dead }: Held): Promise<void> {
  const path = `${place.prefix}${number}`;
  const isStill = async (each: { readonly number: number; readonly id: string }): Promise<boolean> => {
    const text = await place.disk.read(`${place.prefix}${each.number}`);
    return text !== undefined && (decodeLock(text)?.id ?? each.id) === each.id;
  };
  try {
    if (!(await isStill({ number, id: info.id }))) return;
    for (const each of dead) if (await isStill(each)) await place.disk.remove(`${place.prefix}${each.number}`);
    await place.disk.remove(path);
  } catch (error) {
    throw unwritable(error, path);
  }
}

async function lockInfo({ identity, clock }: LockPlace, operation: string): Promise<LockInfo> {
  // Late: who only reads takes no lock, and it brings all of node:crypto.
  const { ulid } = await import("ulid");
  const now = clock.now();
  return {
    // Not from the clock's random numbers: two processes given the same seed must not share an id.
    id: ulid(now),
    who: identity.who,
    operation,
    created: new Date(now).toISOString(),
    hostId: identity.hostId,
    bootId: identity.bootId,
    pid: identity.pid,
    processStart: identity.processStart,
  };
}

function unknownHolder(id: string): LockInfo {
  return {
    id,
    who: "unknown",
    operation: "unknown",
    created: "unknown",
    hostId: "",
    bootId: "",
    pid: 0,
    processStart: "",
  };
}
