import { describe, expect, it } from "vitest";
import type { Processes } from "../../../src/driver/processes.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Backend } from "../../../src/state/backend.ts";
import { encodeJournal } from "../../../src/state/journal.ts";
import { memoryDisk } from "../../../src/state/memory-disk.ts";
import { patchBetween } from "../../../src/state/patch.ts";
import { statePaths } from "../../../src/state/paths.ts";
import { readPrior, type RecordPorts } from "../../../src/state/read-prior.ts";
import type { JournalRecord } from "../../../src/state/records.ts";
import {
  headerRecord,
  identityOf,
  intentRecord,
  machineAddress,
  machineState,
  outcomeRecord,
  snapshotOf,
} from "../../support/state-builders.ts";

const paths = statePaths("/p/state", "web");
const db = machineState("db");
const base = snapshotOf([[machineAddress("web"), machineState("web")]]);
const HELD = "/p/state/web.scratch/1.held";
const child = { pid: 7, startedAt: "42", held: HELD };

const nowhere = async (): Promise<never> => {
  throw new Error("only reads are expected");
};

interface Left {
  readonly snapshot?: Snapshot;
  readonly journal?: readonly JournalRecord[];
  readonly running?: boolean;
}

/** What is on disk, and a count of how often the host was asked for. */
async function left({ snapshot, journal, running = false }: Left) {
  const disk = memoryDisk();
  if (journal) await disk.replace(paths.journal, encodeJournal(journal), 0o600);
  await disk.replace(HELD, "held\n", 0o600);
  let asked = 0;
  const host = async () => {
    asked += 1;
    return identityOf();
  };
  const read = async () => snapshot;
  const backend: Backend = {
    location: paths.snapshot,
    read,
    write: nowhere,
    lock: nowhere,
    holder: nowhere,
    unlock: nowhere,
  };
  const processes: Processes = {
    exists: () => running,
    isRunning: async ({ pid, startedAt }) => running && pid === child.pid && startedAt === child.startedAt,
    stop: nowhere,
  };
  const ports: RecordPorts = { backend, disk, paths, host, processes };
  return { ports, asked: () => asked };
}

describe("what is on record", () => {
  it("is nothing where nothing was ever applied", async () => {
    const { ports } = await left({});
    expect(await readPrior(ports)).toStrictEqual({ snapshot: undefined, replayed: undefined });
  });

  it("is the snapshot where no journal is left, and the host is not asked for", async () => {
    const { ports, asked } = await left({ snapshot: base });
    expect(await readPrior(ports)).toStrictEqual({ snapshot: base, replayed: undefined });
    expect(asked()).toBe(0);
  });

  it("is the snapshot with an interrupted run's journal in it", async () => {
    const made = outcomeRecord("db", { patch: patchBetween(undefined, db) });
    const { ports } = await left({ snapshot: base, journal: [headerRecord(), intentRecord("db"), made] });
    const { snapshot, replayed } = await readPrior(ports);
    expect(snapshot).toEqual({ ...base, resources: { ...base.resources, [machineAddress("db")]: db } });
    expect(replayed?.snapshot).toBe(snapshot);
  });

  it("leaves out what was announced and certainly never begun", async () => {
    const { ports } = await left({ snapshot: base, journal: [headerRecord(), intentRecord("db", { child })] });
    expect((await readPrior(ports)).replayed?.open).toEqual([]);
  });

  it("keeps what was announced where its process still runs", async () => {
    const journal = [headerRecord(), intentRecord("db", { child })];
    const { ports } = await left({ snapshot: base, journal, running: true });
    expect((await readPrior(ports)).replayed?.open).toEqual([intentRecord("db", { child })]);
  });
});
