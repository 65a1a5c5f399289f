import { expect, test } from "vitest";
import type { HistoryEntry } from "../../../src/model/history.ts";
import { machineId } from "../../../src/model/machine.ts";
import type { MachineResource } from "../../../src/model/snapshot.ts";
import { historyRows } from "../../../src/report/history-changes.ts";
import { historyText, snapshotDiffText } from "../../../src/report/history-text.ts";
import { restoreEffects, restoreText } from "../../../src/report/restore-text.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { machineAddress, machineState, snapshotOf } from "../../support/state-builders.ts";

const EVIL = "\u001b[2Jada\n\u202eserial 9";

function entry(serial: number, machines: Readonly<Record<string, Partial<MachineResource>>>): HistoryEntry {
  const resources = Object.entries(machines).map(
    ([key, changes]) => [machineAddress(key), machineState(key, changes)] as const,
  );
  return { kind: "snapshot", serial, snapshot: snapshotOf(resources, { serial }) };
}

const snapshotIn = (from: HistoryEntry) => {
  if (from.kind !== "snapshot") throw new Error("it is readable");
  return from.snapshot;
};

test("a history has a line for each snapshot, with what it changed, and no line, colour or order of somebody else's", () => {
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`m${at}`, {}]));
  const entries: readonly HistoryEntry[] = [
    {
      ...entry(7, { a: { addresses: { ip4: "198.19.249.3" } }, b: { name: EVIL } }),
      made: { at: EVIL, who: EVIL, operation: EVIL },
    },
    { ...entry(6, { a: {}, b: {} }), made: { at: "2026-11-27T07:44:00.123Z", who: "ada@mac", operation: "apply" } },
    { kind: "unreadable", serial: 5, why: `It is damaged: ${EVIL}` },
    entry(3, { ...many, b: {} }),
    entry(2, { b: {} }),
  ];
  expect(historyText(historyRows(entries))).toMatchInlineSnapshot(`
    "serial  when                     who                    operation              resources  changes
    7       ada\\n\\u{202e}serial 9    ada\\n\\u{202e}serial 9  ada\\n\\u{202e}serial 9  2          ~machine.b
    6       2026-11-27 07:44:00 UTC  ada@mac                apply                  2          (the one before is not kept)
    5       -                        -                      -                      -          unreadable: It is damaged: ada\\n\\u{202e}serial 9
    3       -                        -                      -                      9          +machine.m0 +machine.m1 +machine.m2 +machine.m3 +machine.m4 and 3 more
    2       -                        -                      -                      1          (the one before is not kept)
    "
  `);
});

test("the first snapshot there ever was added all that is in it", () => {
  expect(historyRows([entry(1, { b: {}, a: {} })])[0]?.changes).toEqual({
    added: ["machine.a", "machine.b"],
    changed: [],
    removed: [],
  });
});

test("putting back names what goes, comes back, is another one, and is known as it was", () => {
  const other = machineId("01JELSE");
  const kept = snapshotIn(entry(1, { back: {}, other: { id: other }, older: { revision: 1 }, same: {} }));
  const present = snapshotIn(entry(4, { gone: { name: EVIL }, other: {}, older: { revision: 2 }, same: {} }));
  const effects = restoreEffects(present, kept);
  expect(effects).toEqual({
    moved: [],
    unmanaged: ["machine.gone"],
    back: ["machine.back"],
    other: ["machine.other"],
    older: ["machine.older"],
  });
  const text = restoreText(effects, present, kept);
  expect(text).toMatchInlineSnapshot(`
    "
    No longer managed; nothing is done to it:
      machine.gone (ada\\n\\u{202e}serial 9)

    Managed again; the next apply makes what is gone by now, and deletes what the stack does not have:
      machine.back (back)

    Another machine than the one there now; that one is no longer managed, and stays:
      machine.other (other)

    Known as it was then; the next plan looks at it anew:
      machine.older (older)
    "
  `);
  expect(restoreText(restoreEffects(kept, kept), kept, kept)).toBe("");
});

test("a machine that had another address then is not said to be let go, nor to be made again", () => {
  const [present, kept] = [
    snapshotIn(entry(2, { front: { id: machineId("01JWEB") } })),
    snapshotIn(entry(1, { web: {} })),
  ];
  const effects = restoreEffects(present, kept);
  expect(effects).toMatchObject({ moved: [{ from: "machine.front", to: "machine.web" }], unmanaged: [], back: [] });
  expect(restoreText(effects, present, kept)).toBe(
    "\nAt the address that it had then; nothing is done to it:\n  machine.front -> machine.web (web)\n",
  );
});

test("a difference shows the lines that differ, and none that steers a terminal", () => {
  const before = snapshotIn(entry(1, { web: {} }));
  const text = snapshotDiffText(before, snapshotIn(entry(2, { web: { name: EVIL } })), PLAIN);
  expect(text).toMatch(/^# machine\.web\n/);
  expect(text).toContain('-   "name": "web"');
  expect(text).toMatch(/^[\n\u0020-\u007e…]*$/);
  expect(snapshotDiffText(before, before, PLAIN)).toBe("They hold the same.\n");
});
