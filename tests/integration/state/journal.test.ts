import { appendFile, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { claimsIn } from "../../../src/state/claims.ts";
import type { Disk } from "../../../src/state/disk.ts";
import { createJournal, readJournal } from "../../../src/state/journal.ts";
import { nodeDisk } from "../../../src/state/node-disk.ts";
import { learnDurations, readDurations } from "../../../src/state/timings.ts";
import { errorOf, headerRecord, intentRecord, outcomeRecord } from "../../support/state-builders.ts";

const disk = nodeDisk();
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), "orbform-journal-"));
const newPath = async (): Promise<string> => join(await folder(), "web.journal");

describe("a journal", () => {
  it("has its header on disk from the beginning, for its owner only", async () => {
    const path = await newPath();
    const journal = await createJournal(disk, path, headerRecord());
    expect((await readJournal(disk, path))?.records).toHaveLength(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await journal.close();
  });

  it("holds every record in the order of the calls, counts its bytes, and is gone when discarded", async () => {
    const path = await newPath();
    const journal = await createJournal(disk, path, headerRecord());
    const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
    await Promise.all(names.map((name) => journal.write(intentRecord(name))));
    await journal.write(outcomeRecord("m0"));
    const read = await readJournal(disk, path);
    expect(read?.torn).toBe(false);
    expect(read?.records.slice(1, 51).map((each) => "address" in each && each.address)).toEqual(
      names.map((name) => `machine.${name}`),
    );
    expect(journal.bytesWritten()).toBe((await stat(path)).size);
    await journal.discard();
    expect(await readJournal(disk, path)).toBeUndefined();
  });

  it("never overwrites one that has records", async () => {
    const path = await newPath();
    await (await createJournal(disk, path, headerRecord())).close();
    const before = await readFile(path, "utf8");
    expect((await errorOf(() => createJournal(disk, path, headerRecord()))).code).toBe("ORB_STATE_CONFLICT");
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("takes the place of one that has not even a whole header", async () => {
    const path = await newPath();
    await writeFile(path, '{"kind":"hea');
    expect(await readJournal(disk, path)).toBeUndefined();
    await (await createJournal(disk, path, headerRecord())).close();
    expect((await readJournal(disk, path))?.torn).toBe(false);
  });

  it("leaves out a last line that was cut off, and says so", async () => {
    const path = await newPath();
    await (await createJournal(disk, path, headerRecord())).close();
    await appendFile(path, '{"kind":"intent","act');
    expect(await readJournal(disk, path)).toMatchObject({ records: [{ kind: "header" }], torn: true });
  });

  it("writes nothing more once a record failed: later ones build on it", async () => {
    const path = await newPath();
    const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    let isFull = false;
    const openAppend: Disk["openAppend"] = async (at) => {
      const file = await disk.openAppend(at);
      return { close: () => file.close(), append: (text) => (isFull ? Promise.reject(full) : file.append(text)) };
    };
    const journal = await createJournal({ ...disk, openAppend }, path, headerRecord());
    await journal.write(intentRecord("a"));
    isFull = true;
    expect((await errorOf(() => journal.write(intentRecord("b")))).code).toBe("ORB_STATE_UNWRITABLE");
    isFull = false;
    expect((await errorOf(() => journal.write(intentRecord("c")))).code).toBe("ORB_STATE_UNWRITABLE");
    await journal.close();
    expect((await readJournal(disk, path))?.records).toHaveLength(2);
  });
});

describe("claims", () => {
  it("tell which other state file still lists a machine", async () => {
    const home = await folder();
    const own = join(home, "own.json");
    const other = join(home, "other.json");
    const claim = { lineage: "l", stack: "other", address: "machine.web" };
    await claimsIn({ disk, folder: join(home, "claims"), statePath: other }).write("01JWEB", claim);
    const claims = claimsIn({ disk, folder: join(home, "claims"), statePath: own });
    expect(await claims.readMany(["01JWEB"])).toEqual({});
    await writeFile(other, '{"id": "01JWEB"}');
    expect(await claims.readMany(["01JWEB", "01JDB"])).toEqual({
      "01JWEB": `It is machine.web of the stack other, in the state ${other}.`,
    });
  });

  it("of this very state are no other's", async () => {
    const home = await folder();
    const statePath = join(home, "own.json");
    const claims = claimsIn({ disk, folder: join(home, "claims"), statePath });
    await claims.write("01JWEB", { lineage: "l", stack: "own", address: "machine.web" });
    await writeFile(statePath, '{"id": "01JWEB"}');
    expect(await claims.readMany(["01JWEB"])).toEqual({});
  });

  it("are removed by their own lineage only", async () => {
    const home = await folder();
    const claims = claimsIn({ disk, folder: home, statePath: join(home, "own.json") });
    await claims.write("../x", { lineage: "l", stack: "own", address: "machine.web" });
    await claims.remove("../x", "another");
    expect(await disk.list(home)).toEqual(["%2E%2E%2Fx"]);
    await claims.remove("../x", "l");
    expect(await disk.list(home)).toEqual([]);
  });
});

describe("learned durations", () => {
  it("are means by kind and by kind and address", async () => {
    const path = join(await folder(), "web.timings.json");
    await learnDurations(disk, path, [{ kind: "create", address: "machine.a", ms: 100 }]);
    await learnDurations(disk, path, [{ kind: "create", address: "machine.b", ms: 300 }]);
    expect(await readDurations(disk, path)).toEqual(
      new Map([
        ["create machine.a", 100],
        ["create", 200],
        ["create machine.b", 300],
      ]),
    );
  });

  it("are none where the file is rubbish", async () => {
    const path = join(await folder(), "web.timings.json");
    await writeFile(path, "rubbish");
    expect(await readDurations(disk, path)).toEqual(new Map());
  });
});
