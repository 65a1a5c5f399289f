import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { WriteNote } from "../../../src/state/backend.ts";
import { readHistory } from "../../../src/state/history.ts";
import { localBackend } from "../../../src/state/local.ts";
import { nodeDisk } from "../../../src/state/node-disk.ts";
import { systemProcesses } from "../../../src/driver/processes.ts";
import { identityOf, machineAddress, machineState, snapshotOf, standingClock } from "../../support/state-builders.ts";

const first = snapshotOf([[machineAddress("web"), machineState("web")]]);
const disk = nodeDisk();

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "orbform-history-"));
  const backend = localBackend({
    disk,
    path: join(folder, "web.json"),
    clock: standingClock(),
    hostIdentity: () => Promise.resolve(identityOf({ who: "ada@mac" })),
    processes: systemProcesses,
  });
  const history = join(folder, "web.history");
  return {
    history,
    log: join(history, "log.jsonl"),
    snapshot: join(folder, "web.json"),
    read: (lineage: string | undefined = first.lineage) => readHistory(disk, history, lineage),
    write: async (serial: number, operation: string, note?: WriteNote, changes: Partial<Snapshot> = {}) => {
      const lock = await backend.lock(operation);
      await backend.write({ ...first, ...changes, serial }, serial - 1, note);
      await lock.release();
    },
  };
}

const serials = (entries: readonly { readonly serial: number }[]) => entries.map(({ serial }) => serial);

test("each snapshot is kept with when, who, what for and which plan, newest first", async () => {
  const { write, read } = await place();
  await write(1, "apply", { planDigest: "abc" });
  await write(2, "state mv");
  await write(3, "apply", { operation: "recovery", planDigest: "def" });
  const made = { at: new Date(standingClock().now()).toISOString(), who: "ada@mac" };
  expect(await read()).toEqual([
    {
      kind: "snapshot",
      serial: 3,
      snapshot: { ...first, serial: 3 },
      made: { ...made, operation: "recovery", planDigest: "def" },
    },
    { kind: "snapshot", serial: 2, snapshot: { ...first, serial: 2 }, made: { ...made, operation: "state mv" } },
    { kind: "snapshot", serial: 1, snapshot: first, made: { ...made, operation: "apply", planDigest: "abc" } },
  ]);
});

test("the log tells of the last 20, as the snapshots are", async () => {
  const { write, read, log } = await place();
  for (let serial = 1; serial <= 23; serial += 1) await write(serial, `apply ${serial}`);
  const entries = await read();
  expect(serials(entries)).toEqual(Array.from({ length: 20 }, (_, at) => 23 - at));
  expect(entries.map(({ made }) => made?.operation)).toEqual(serials(entries).map((serial) => `apply ${serial}`));
  expect((await readFile(log, "utf8")).trimEnd().split("\n")).toHaveLength(20);
});

test("a log that is torn, damaged or missing takes nothing from the snapshots", async () => {
  const { write, read, log } = await place();
  for (const serial of [1, 2, 3]) await write(serial, "apply");
  const whole = await readFile(log, "utf8");
  const [one = "", two = ""] = whole.split("\n");
  await writeFile(log, `${one}\n${two.slice(0, 40)}\n[]\nnull\n{"serial":3}\n{"serial":"3","lineage":1}\n`);
  const known = async () => (await read()).map(({ serial, made }) => [serial, made?.operation]);
  expect(await known()).toEqual([
    [3, undefined],
    [2, undefined],
    [1, "apply"],
  ]);
  await rm(log);
  expect(await known()).toEqual([
    [3, undefined],
    [2, undefined],
    [1, undefined],
  ]);
  await appendFile(log, '{"serial":');
  await write(4, "destroy");
  expect((await known())[0]).toEqual([4, "destroy"]);
});

test("a snapshot that can't be read is told with why, and the others all the same", async () => {
  const { write, read, history } = await place();
  for (const serial of [1, 2, 3]) await write(serial, "apply");
  await writeFile(join(history, "2.json"), "{");
  await writeFile(join(history, "3.json"), JSON.stringify({ ...first, serial: 3, format: 99 }));
  expect((await read()).map((each) => (each.kind === "unreadable" ? each.why.split(":")[0] : each.serial))).toEqual([
    "The state is of a newer Orbform",
    "The state file is damaged",
    1,
  ]);
});

test("a state that was begun anew in the same place is not mixed with the former", async () => {
  const { write, read, snapshot, history } = await place();
  for (let serial = 1; serial <= 22; serial += 1) await write(serial, "apply");
  await rm(snapshot);
  const lineage = "99999999-9999-4999-8999-999999999999";
  await write(1, "apply", { planDigest: "new" }, { lineage });
  await write(2, "apply", {}, { lineage });
  expect((await read(lineage)).map(({ serial, made }) => [serial, made?.planDigest])).toEqual([
    [2, undefined],
    [1, "new"],
  ]);
  expect(serials(await read())).not.toContain(1);
  expect(serials(await readHistory(disk, history, undefined))).toContain(2);
});
