import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InvariantError } from "../../../src/model/errors.ts";
import type { Disk } from "../../../src/state/disk.ts";
import { createJournal, decodeJournal, encodeJournal, readJournal } from "../../../src/state/journal.ts";
import { memoryDisk } from "../../../src/state/memory-disk.ts";
import type { JournalRecord } from "../../../src/state/records.ts";
import { errorOf, headerRecord, intentRecord, outcomeRecord } from "../../support/state-builders.ts";

const PATH = "/p/state/web.journal";
const records = [headerRecord(), intentRecord("web"), outcomeRecord("web")];
const [header = "", intent = "", outcome = ""] = encodeJournal(records).split("\n");

/** A record as a later version may write it. */
const later = (changes: object): JournalRecord => ({ ...outcomeRecord("web"), ...changes });

describe("a journal's text", () => {
  it("may end in a line that was never wholly on disk, though its line feed is", () => {
    const read = decodeJournal([header, intent, `${outcome.slice(0, 9)}#${outcome.slice(10)}`, ""].join("\n"), PATH);
    expect(read).toEqual({ records: records.slice(0, 2), torn: true });
  });

  it("is nothing where even its header is such a line", () => {
    expect(decodeJournal(`${header.slice(0, 9)}\n`, PATH)).toBeUndefined();
  });

  it.each([
    ["a damaged line before one that was cut off", `${header}\n${intent.slice(0, 9)}\n${outcome.slice(0, 9)}`, 2],
    ["a damaged line before a whole one", `${header}\n${intent.slice(0, 9)}\n${outcome}\n`, 2],
    ["no header", encodeJournal([intentRecord("web")]), 1],
    ["a second header", encodeJournal([headerRecord(), intentRecord("web"), headerRecord()]), 3],
  ])("is damaged where it holds %s, and the line is named", async (_, text, line) => {
    const { code, detail } = await errorOf(() => decodeJournal(text, PATH));
    expect(code).toBe("ORB_JOURNAL_CORRUPT");
    expect(detail).toMatch(`Line ${line} of ${PATH} `);
  });

  it("is damaged where a line is no JSON though its sum fits", async () => {
    const body = '{"kind":"outcome"';
    const sum = crc32(`${body},`, crc32(header.slice(0, header.lastIndexOf(',"crc"'))));
    const text = `${header}\n${body},,"crc":"${sum.toString(16).padStart(8, "0")}"}\n`;
    const { code, detail } = await errorOf(() => decodeJournal(text, PATH));
    expect(code).toBe("ORB_JOURNAL_CORRUPT");
    expect(detail).toMatch(`Line 2 of ${PATH} `);
  });

  it("is said to be unreadable where the disk does not give it", async () => {
    const read = () => Promise.reject(Object.assign(new Error("EACCES"), { code: "EACCES" }));
    const { code, detail } = await errorOf(() => readJournal({ ...memoryDisk(), read }, PATH));
    expect([code, detail.includes(PATH)]).toEqual(["ORB_STATE_UNREADABLE", true]);
  });

  it.each([
    ["a kind of record", { kind: "paused" }],
    ["a result", { result: "postponed" }],
  ])("is a later version's where it holds %s that this one does not know", async (_, changes) => {
    const text = encodeJournal([headerRecord(), later(changes)]);
    const { code, detail } = await errorOf(() => decodeJournal(text, PATH));
    expect([code, detail.includes(PATH)]).toEqual(["ORB_STATE_NEWER", true]);
  });

  it("is not taken where a record holds what could be written but not be read safely", async () => {
    const labels: object = JSON.parse('{"__proto__":"x"}');
    const patch = [{ op: "add", path: "/resource/inputs/labels", value: labels }];
    const text = encodeJournal([headerRecord(), later({ patch })]);
    expect((await errorOf(() => decodeJournal(text, PATH))).code).toBe("ORB_STATE_NEWER");
  });
});

describe("a journal being written", () => {
  /** A disk that counts how often the journal's file is closed. */
  function countingDisk(): { readonly disk: Disk; readonly closed: () => number } {
    const disk = memoryDisk();
    let closed = 0;
    const openAppend: Disk["openAppend"] = async (path) => {
      const file = await disk.openAppend(path);
      return {
        append: (text) => file.append(text),
        close: async () => {
          closed += 1;
          await file.close();
        },
      };
    };
    return { disk: { ...disk, openAppend }, closed: () => closed };
  }

  it("closes its file once, however often it is told to, and before it removes it", async () => {
    const { disk, closed } = countingDisk();
    const journal = await createJournal(disk, PATH, headerRecord());
    expect(closed()).toBe(0);
    await journal.close();
    await journal.close();
    expect(closed()).toBe(1);
    await journal.discard();
    expect([closed(), await disk.read(PATH)]).toEqual([1, undefined]);
  });

  it("takes nothing after it was closed", async () => {
    const { disk } = countingDisk();
    const journal = await createJournal(disk, PATH, headerRecord());
    await journal.close();
    await expect(journal.write(intentRecord("web"))).rejects.toThrow(InvariantError);
    expect(await disk.read(PATH)).toBe(`${header}\n`);
  });

  it("is not begun where another run's is, and says where that lies", async () => {
    const disk = memoryDisk();
    await (await createJournal(disk, PATH, headerRecord())).close();
    const { code, detail } = await errorOf(() => createJournal(disk, PATH, headerRecord()));
    expect([code, detail.startsWith(PATH)]).toEqual(["ORB_STATE_CONFLICT", true]);
  });

  it("is not begun where another run's comes in between, once the rest of one was cleared away", async () => {
    const disk = memoryDisk();
    await disk.replace(PATH, header.slice(0, 9), 0o600);
    const remove: Disk["remove"] = async (path) => {
      await disk.replace(path, encodeJournal(records), 0o600);
    };
    expect((await errorOf(() => createJournal({ ...disk, remove }, PATH, headerRecord()))).code).toBe(
      "ORB_STATE_CONFLICT",
    );
    expect(await disk.read(PATH)).toBe(encodeJournal(records));
  });
});
