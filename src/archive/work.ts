/**
 * Folders of unfinished work: `.web.unfinished/`, one for each machine. Whoever has made one has the machine for
 * themselves; everything that is not complete lies inside. See docs/adr/0007-archives.md.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { isNodeError } from "../state/disk-errors.ts";
import { archiveFile, machineOfWork, sidecarFile, workFolder } from "./archive-name.ts";
import { fileSize, syncFolder } from "./big-files.ts";
import { interrupted, unwritable } from "./errors.ts";
import type { Watching, WorkPorts } from "./ports.ts";
import { encodeRecord, judgeRecord, RECORD, type WorkRecord, type WorkStatus } from "./work-record.ts";

/** A folder that is ours until we end it, or die. */
export interface Work {
  readonly folder: string;
  /** For what orbctl prints; not made yet. */
  readonly scratch: string;
  /** Adds to the record; on the medium when this resolves. */
  note(more: Pick<WorkRecord, "child" | "stem">): Promise<void>;
  /** Removes the folder with all that is in it, and metadata that has no archive. */
  end(): Promise<void>;
}

/** What is to be worked at, and where. */
export interface Claim {
  /** An existing folder. */
  readonly parent: string;
  readonly machine: WorkRecord["machine"];
}

const LOOK_AGAIN_MS = 200;

/**
 * Takes a machine's folder. Sweeps what a dead run left there; while that run's orbctl is at work it waits. Errors:
 * `ORB_ARCHIVE_BUSY` where somebody else may be at work, `ORB_ARCHIVE_UNWRITABLE`, `ORB_INTERRUPTED`.
 */
export async function claimWork(ports: WorkPorts, claim: Claim, watching: Watching): Promise<Work> {
  const folder = join(claim.parent, workFolder(claim.machine.name));
  const { hostId, bootId, pid, processStart } = await ports.host();
  const run = randomBytes(6).toString("hex");
  const record: WorkRecord = { format: 1, run, machine: claim.machine, hostId, bootId, pid, processStart };
  let told = false;
  while (!(await take(ports, folder, { parent: claim.parent, record }))) {
    const found = await workStatus(ports, folder);
    if (found?.status === "running" || found?.status === "not known") throw busy(folder, found);
    if (found?.status === "left") await sweepDead(ports, claim.parent, { folder, record: found.record });
    if (found?.status !== "exporting") continue;
    if (!told)
      watching.tell(`An earlier run for ${claim.machine.name} was ended; its orbctl is still at work. Waiting for it.`);
    told = true;
    await ports.clock.sleep(LOOK_AGAIN_MS, watching.stopStarting).catch((error: unknown) => {
      throw interrupted("It was waited for orbctl of an earlier run. Nothing was begun.", "Run it again later.", error);
    });
  }
  return workIn(ports, claim.parent, { folder, record });
}

/** What is known of the work in a folder; `undefined` where there is none (any more). */
export async function workStatus(ports: WorkPorts, folder: string): Promise<WorkStatus | undefined> {
  const text = await ports.disk.read(join(folder, RECORD));
  const isThere = text !== undefined || (await entriesOf(folder)).length > 0;
  return isThere ? await judgeRecord(ports, text) : undefined;
}

/** Removes what dead runs left in a folder, whatever machine it was for. What can't be removed is in nobody's way. */
export async function sweepLeft(ports: WorkPorts, parent: string): Promise<void> {
  const { hostId } = await ports.host();
  for (const name of await entriesOf(parent)) {
    const folder = join(parent, name);
    if (isDeadClaim(name, hostId, ports)) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    if (machineOfWork(name) === undefined) continue;
    const found = await workStatus(ports, folder).catch(() => undefined);
    if (found?.status !== "left") continue;
    await sweepDead(ports, parent, { folder, record: found.record }).catch(() => undefined);
  }
}

interface Held {
  readonly folder: string;
  readonly record: WorkRecord;
}

function workIn(ports: WorkPorts, parent: string, held: Held): Work {
  let { record } = held;
  return {
    folder: held.folder,
    scratch: ports.scratchOf(record.run),
    note: async (more) => {
      record = { ...record, ...more };
      await ports.disk.replace(join(held.folder, RECORD), encodeRecord(record), 0o600);
    },
    end: () => sweepWork(ports, parent, { folder: held.folder, record }),
  };
}

/** Made beside with its record and renamed, which fails where one with a record stands: it is never there without. */
async function take(
  ports: WorkPorts,
  folder: string,
  wanted: { parent: string; record: WorkRecord },
): Promise<boolean> {
  const { parent, record } = wanted;
  const fresh = join(parent, claimName(record));
  try {
    await mkdir(fresh, { mode: 0o700 });
    await ports.disk.replace(join(fresh, RECORD), encodeRecord(record), 0o600);
    await rename(fresh, folder);
    await syncFolder(parent);
    return true;
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    if (isNodeError(error) && ["ENOTEMPTY", "EEXIST"].includes(error.code)) return false;
    throw unwritable(error, parent);
  }
}

/** Another run may have swept it since it was judged, and somebody may have the machine by now. */
async function sweepDead(ports: WorkPorts, parent: string, held: Held): Promise<void> {
  const now = await workStatus(ports, held.folder);
  if (now?.status === "left" && now.record.run === held.record.run) await sweepWork(ports, parent, held);
}

/** The record goes last: without it nobody would know that the rest may go. */
async function sweepWork({ disk, scratchOf }: WorkPorts, parent: string, { folder, record }: Held): Promise<void> {
  for (const name of await entriesOf(folder)) {
    if (name !== RECORD) await rm(join(folder, name), { recursive: true, force: true });
  }
  await rm(scratchOf(record.run), { recursive: true, force: true });
  const { stem } = record;
  const isPlaced = stem === undefined || (await fileSize(join(parent, archiveFile(stem)))) !== undefined;
  if (!isPlaced) await disk.remove(join(parent, sidecarFile(stem)));
  await rm(join(folder, RECORD), { force: true });
  await rmdir(folder).catch(() => undefined);
}

const CLAIM = /^\.orbform-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;

function claimName({ hostId, pid, run }: WorkRecord): string {
  return `.orbform-${hostId.slice(0, 8)}-${pid}-${run}.tmp`;
}

function isDeadClaim(name: string, hostId: string, { processes }: WorkPorts): boolean {
  const [, host, pid] = CLAIM.exec(name) ?? [];
  return host !== undefined && hostId.startsWith(host) && !processes.exists(Number(pid));
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNodeError(error) && ["ENOENT", "ENOTDIR"].includes(error.code)) return [];
    throw error;
  }
}

function busy(folder: string, found: WorkStatus): OrbformError {
  const who =
    found.status === "not known"
      ? `It can't be told whether anybody is at work in ${folder}: ${found.why}.`
      : `Another run is at work in ${folder} (process ${found.record.pid}).`;
  return new OrbformError("ORB_ARCHIVE_BUSY", {
    summary: "Another run works on this machine",
    detail: `${who} Nothing was begun.`,
    hint:
      found.status === "not known"
        ? `Make sure that nobody is, and remove it: \`rm -r ${folder}\`.`
        : "Wait until it has ended, then run it again.",
  });
}
