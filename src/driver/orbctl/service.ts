import type { Clock } from "../../model/clock.ts";
import { DriverError, isDriverError, type FailureKind } from "../errors.ts";
import type { OrbctlClient } from "./client.ts";

/** How often a starting service is looked at again, and how long apart. */
const STARTING_TRIES = 10;
const STARTING_PAUSE_MS = 1000;

/** How often a reading call that failed is made again, and how long apart (contract 9: failures pass). */
const READ_RETRIES = 3;
const READ_PAUSE_MS = 500;

/** Longer socket paths can't be opened, and OrbStack then reads as stopped (contract 2). Bytes. */
const LONGEST_SOCKET_PATH = 104;

/** Failures of a reading call that another try won't mend. */
const LASTING: ReadonlySet<FailureKind> = new Set(["timed out", "no program", "refused", "not found"]);

/** What the service is looked at with. */
export interface ServiceView {
  readonly client: OrbctlClient;
  readonly clock: Clock;
  /** The value of HOME, for a hint only. */
  readonly home?: string;
}

/**
 * Makes sure that OrbStack runs, without ever starting it; waits a few seconds for one that is starting. Must come
 * before any other call: those may start the service. Errors: `ORB_SERVICE_STOPPED`.
 */
export async function expectRunning({ client, clock, home }: ServiceView): Promise<void> {
  for (let attempt = 1; attempt <= STARTING_TRIES; attempt += 1) {
    const status = await client.status();
    if (status === "running") return;
    if (status === "stopped") throw stopped(home);
    if (attempt < STARTING_TRIES) await clock.sleep(STARTING_PAUSE_MS);
  }
  throw new DriverError("ORB_SERVICE_STOPPED", {
    kind: "service starting",
    outcome: "nothing",
    summary: "OrbStack is still starting",
    detail: "OrbStack has not finished starting. What exists is unknown, so nothing was planned or changed.",
    hint: 'Wait until "orbctl status" says Running, then try again.',
  });
}

/** Makes a reading call again where it failed in a way that may pass. */
export async function retrying<T>(clock: Clock, read: () => Promise<T>): Promise<T> {
  for (let left = READ_RETRIES; ; left -= 1) {
    try {
      return await read();
    } catch (error) {
      if (left === 0 || !mayPass(error)) throw error;
      await clock.sleep(READ_PAUSE_MS);
    }
  }
}

function mayPass(error: unknown): boolean {
  return isDriverError(error) && !LASTING.has(error.kind);
}

function stopped(home: string | undefined): DriverError {
  const socket = `${home ?? ""}/.orbstack/run/sconrpc.sock`;
  const tooLong = Buffer.byteLength(socket) > LONGEST_SOCKET_PATH;
  return new DriverError("ORB_SERVICE_STOPPED", {
    kind: "service starting",
    outcome: "nothing",
    summary: "OrbStack is not running",
    detail: "OrbStack is stopped and is not started behind your back. No machine was touched.",
    hint: tooLong
      ? `Use a shorter HOME: the path ${JSON.stringify(socket)} is too long, and OrbStack reads as stopped by it.`
      : 'Start it with "orbctl start", then try again.',
  });
}
