/** Which host and which process this is, as locks and journals record it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { unreadable, unwritable } from "./disk-errors.ts";
import type { Disk } from "./disk.ts";
import { processStart } from "../driver/process-start.ts";

/** Who is running: this process on this host. */
export interface HostIdentity {
  /** UUID of the host, the same for every stack and every run. */
  readonly hostId: string;
  /** Another one after every boot; empty where the operating system tells none. */
  readonly bootId: string;
  /** `user@host`, for people. */
  readonly who: string;
  readonly pid: number;
  readonly processStart: string;
}

/** Finds out who is running; `home` is Orbform's own folder (`~/.orbform`), made where it is missing. */
export async function hostIdentity(disk: Disk, home: string): Promise<HostIdentity> {
  return {
    hostId: await hostId(disk, home),
    bootId: await bootId(),
    who: `${userName()}@${hostname()}`,
    pid: process.pid,
    processStart: (await processStart(process.pid)) ?? "",
  };
}

/**
 * The host's UUID in `<home>/host-id`: given once, also where several processes ask at the same time. Errors:
 * `ORB_STATE_UNWRITABLE`, `ORB_STATE_CORRUPT` where the file holds something else.
 */
export async function hostId(disk: Disk, home: string): Promise<string> {
  const path = join(home, "host-id");
  const there = await read(disk, path);
  if (there !== undefined) return there;
  try {
    await disk.makeFolder(home);
    await disk.createExclusive(path, `${randomUUID()}\n`);
  } catch (error) {
    throw unwritable(error, path);
  }
  // Another process may have been first: what stands there now holds for both.
  const given = await read(disk, path);
  if (given === undefined) throw noHostId(path);
  return given;
}

/** What tells one boot of this host from the next: Linux' boot_id, macOS' boot session; empty where there is neither. */
async function bootId(): Promise<string> {
  const linux = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return linux.trim() || (await sysctl("kern.bootsessionuuid"));
}

async function read(disk: Disk, path: string): Promise<string | undefined> {
  const text = await disk.read(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  if (text === undefined) return undefined;
  if (!/^[0-9a-f-]{36}$/i.test(text.trim())) throw noHostId(path);
  return text.trim();
}

function sysctl(name: string): Promise<string> {
  return new Promise((resolve) => {
    execFile("sysctl", ["-n", name], (error, stdout) => {
      // Without a boot id a lock of before a reboot is told by its process start time alone.
      resolve(error ? "" : stdout.trim());
    });
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the user database, as containers have.
    return `uid-${process.getuid?.() ?? "unknown"}`;
  }
}

function noHostId(path: string): OrbformError {
  return new OrbformError("ORB_STATE_CORRUPT", {
    summary: "The host's id cannot be read",
    detail: `${path} does not hold a UUID. State files name the host they speak of by it. No machine was touched.`,
    hint: `Put it back from a backup, or remove it and move the states knowingly: \`rm ${path}\`, then \`orb state rehost\`.`,
  });
}
