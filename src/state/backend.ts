/**
 * The backend port: where snapshots are kept. The journal is not here: it is always local, beside the driver it speaks of.
 * Every adapter passes the same contract suite (tests/integration/state/backend-contract.ts).
 */
import type { Snapshot } from "../model/snapshot.ts";

/** Who holds a lock, for the message of whoever waits. */
export interface LockInfo {
  /** ULID of this lock. */
  readonly id: string;
  /** `user@host`. */
  readonly who: string;
  /** The command: `apply`. */
  readonly operation: string;
  /** ISO-8601. */
  readonly created: string;
  /** UUID of the host (`~/.orbform/host-id`). */
  readonly hostId: string;
  readonly bootId: string;
  readonly pid: number;
  /** As the operating system tells it: a later process with this pid is another. */
  readonly processStart: string;
}

/** What is written down beside a snapshot, for people. */
export interface WriteNote {
  /** Of the plan that was carried out. */
  readonly planDigest?: string;
  /** What it was, where that is another thing than the lock was taken for. */
  readonly operation?: string;
}

/** A lock that this process holds. */
export interface HeldLock {
  readonly info: LockInfo;
  /** Lets go. Safe to call twice. */
  release(): Promise<void>;
}

/** Keeps the snapshots of one stack, and who may write them. */
export interface Backend {
  /** What to call this place in messages: a path or URL without credentials. */
  readonly location: string;

  /** The snapshot, or `undefined` where none was ever written. Errors: `ORB_STATE_CORRUPT`, `ORB_STATE_NEWER`. */
  read(): Promise<Snapshot | undefined>;

  /**
   * Writes a snapshot with `serial` = expected + 1, atomically and durably. Errors: `ORB_STATE_CONFLICT` where the
   * stored serial or lineage is another, `ORB_STATE_UNWRITABLE`. `note` goes to the history, where there is one.
   */
  write(snapshot: Snapshot, expectedSerial: number, note?: WriteNote): Promise<void>;

  /** Takes the lock, or throws `ORB_STATE_LOCKED` naming the holder. A dead local holder is taken over. Never by age. */
  lock(operation: string): Promise<HeldLock>;

  /** The holder, without taking anything; `undefined` where nobody holds it, or somebody who is certainly dead. */
  holder(): Promise<LockInfo | undefined>;

  /** Breaks the lock with this id. `ORB_STATE_LOCKED` where another holds. */
  unlock(id: string): Promise<void>;
}
