import { describe, expect, it } from "vitest";
import { address } from "../../../src/model/address.ts";
import { InvariantError } from "../../../src/model/errors.ts";
import {
  decodeClaim,
  decodeLock,
  decodeSnapshot,
  decodeTimings,
  encodeSnapshot,
  isJournalRecord,
} from "../../../src/state/codec.ts";
import {
  errorOf,
  headerRecord,
  intentRecord,
  machineAddress,
  machineState,
  settingState,
  snapshotOf,
} from "../../support/state-builders.ts";

const where = "/p/state/web.json";
const snapshot = snapshotOf([
  [machineAddress("web"), machineState("web")],
  [machineAddress("db"), machineState("db")],
]);
const text = encodeSnapshot(snapshot);
const why = async (damaged: string): Promise<string> => {
  const { code, detail } = await errorOf(() => decodeSnapshot(damaged, where));
  return `${code}: ${detail.split(". Without")[0] ?? ""}`;
};

describe("a snapshot's text", () => {
  it("reads back as the snapshot it was", async () => {
    expect(await decodeSnapshot(text, where)).toEqual(snapshot);
  });

  it("is the same in whatever order the snapshot was put together", () => {
    const { outputs, resources, ...rest } = snapshot;
    const reversed = { outputs, resources: Object.fromEntries(Object.entries(resources).toReversed()), ...rest };
    expect(encodeSnapshot(reversed)).toBe(text);
  });

  it("names the environment it is of, where it is of one, after the stack", async () => {
    const prod = snapshotOf([], { env: "prod" });
    expect(await decodeSnapshot(encodeSnapshot(prod), where)).toEqual(prod);
    expect(encodeSnapshot(prod)).toContain('"stack": "web",\n  "env": "prod",\n  "world": {');
    expect(text).not.toContain('"env"');
  });

  it("holds any number of machines that are still to be made, and of settings", async () => {
    const { id: _id, ...unmade } = machineState("web", { status: "unready" });
    const pending = snapshotOf([
      [machineAddress("a"), unmade],
      [machineAddress("b"), unmade],
      [address("setting", "memory_mib"), settingState("memory_mib", 1)],
      [address("setting", "cpu"), settingState("cpu", 1)],
    ]);
    expect(await decodeSnapshot(encodeSnapshot(pending), where)).toEqual(pending);
  });

  it("keeps keys that a later version added", async () => {
    const later = text.replace('"name": "db",', '"name": "db",\n      "nickname": "d",');
    expect(encodeSnapshot(await decodeSnapshot(later, where))).toContain('"nickname": "d"');
  });

  it("refuses to write a key that could not be read again", () => {
    const labels: Record<string, string> = JSON.parse('{"__proto__":"x"}');
    const web = machineState("web");
    const hostile = snapshotOf([[machineAddress("web"), { ...web, inputs: { ...web.inputs, labels } }]]);
    expect(() => encodeSnapshot(hostile)).toThrow(InvariantError);
  });
});

describe("a damaged snapshot", () => {
  it("says where it was cut off, where the history is and what to type", async () => {
    const cut = text.slice(0, 900);
    const { detail } = await errorOf(() => decodeSnapshot(cut, where));
    expect(detail).toMatch(/^\/p\/state\/web\.json, line \d+: it ends in the middle\./);
    expect(detail).toContain("/p/state/web.history");
  });

  it("names the line of a merge conflict", async () => {
    const conflict = text.replace('  "serial": 1', '<<<<<<< HEAD\n  "serial": 1\n=======\n  "serial": 2\n>>>>>>> b');
    expect(await why(conflict)).toBe(`ORB_STATE_CORRUPT: ${where}, line 9: an unresolved merge conflict`);
  });

  it("names the line and path of a wrong value, without the value", async () => {
    const line = text.split("\n").findIndex((each) => each.includes('"status"')) + 1;
    const reason = await why(text.replace('"status": "ready"', '"status": "s3cret"'));
    expect(reason).toContain(`line ${line}: `);
    expect(reason).toContain('resources["machine.db"].status');
    expect(reason).not.toContain("s3cret");
  });

  it("refuses one address twice, of which JSON would drop the first", async () => {
    expect(await why(text.replace('"machine.db": {', '"machine.web": {'))).toMatch(
      /, line \d+: an address that is there twice at resources\["machine\.web"\]$/,
    );
  });

  it("refuses one machine at two addresses", async () => {
    const line = text.split("\n").findIndex((each) => each.includes('"machine.web": {')) + 1;
    expect(await why(text.replace("01JDB", "01JWEB"))).toBe(
      `ORB_STATE_CORRUPT: ${where}, line ${line}: the same machine as at machine.db at resources["machine.web"]`,
    );
  });

  it("refuses a key that is no address", async () => {
    expect(await why(text.replace('"machine.db": {', '"-x": {'))).toContain("no address");
  });

  it("refuses a key __proto__", async () => {
    expect(await why(text.replace('"team": "web"', '"__proto__": "web"'))).toContain("a key __proto__");
  });

  it("refuses nesting that would overflow the stack", async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    expect(await why(text.replace('"outputs": {}', `"outputs": ${deep}`))).toContain("nesting deeper than 64");
  });

  it.each([
    ["an empty file", "", "ORB_STATE_CORRUPT"],
    ["rubbish", "\u0000\u0001", "ORB_STATE_CORRUPT"],
    ["nothing but blanks", " \n\t\n", "ORB_STATE_CORRUPT"],
    ["a format without a lineage", '{"format":1}', "ORB_STATE_FOREIGN"],
    ["a lineage without a format", '{"lineage":"x"}', "ORB_STATE_FOREIGN"],
    ["a later format", text.replace('"format": 1', '"format": 2'), "ORB_STATE_NEWER"],
    ["a format that is none", text.replace('"format": 1', '"format": 0.5'), "ORB_STATE_CORRUPT"],
    ["a format before the first", text.replace('"format": 1', '"format": 0'), "ORB_STATE_CORRUPT"],
    ["null", "null", "ORB_STATE_FOREIGN"],
    ["a word", '"snapshot"', "ORB_STATE_FOREIGN"],
    ["a list", "[]", "ORB_STATE_FOREIGN"],
    ["another program's JSON", '{"name":"x"}', "ORB_STATE_FOREIGN"],
  ])("refuses %s", async (_what, damaged, code) => {
    expect((await errorOf(() => decodeSnapshot(damaged, where))).code).toBe(code);
  });

  it.each([
    ["an empty file", "", "the file is empty"],
    ["nothing but blanks", " \n\t\n", "the file is empty"],
    ["a format that is none", text.replace('"format": 1', '"format": 0.5'), "no format number at format"],
    ["a format before the first", text.replace('"format": 1', '"format": -1'), "no format number at format"],
  ])("says what is wrong with %s", async (_what, damaged, reason) => {
    expect(await why(damaged)).toBe(`ORB_STATE_CORRUPT: ${where}: ${reason}`);
  });

  it("names Terraform's state as such", async () => {
    const terraform = '{"version":4,"terraform_version":"1.9.0","serial":3,"lineage":"x","resources":[]}';
    expect((await errorOf(() => decodeSnapshot(terraform, where))).detail).toContain("a state of Terraform");
  });
});

describe("the small files", () => {
  const lock = {
    id: "01JLOCK",
    who: "ada@mac",
    operation: "apply",
    created: "2026-01-01T00:00:00.000Z",
    hostId: "h",
    bootId: "b",
    pid: 1,
    processStart: "1",
  };
  const claim = { lineage: "l", stack: "web", address: "machine.web", statePath: "/p/state/web.json" };
  const timings = { format: 1, learned: { create: { count: 1, meanMs: 5 } } };

  it.each([
    ["a lock", decodeLock, lock],
    ["a claim", decodeClaim, claim],
    ["learned durations", decodeTimings, timings],
  ])("hold %s, or what is as good as nothing", (_, decode, value) => {
    expect(decode(JSON.stringify(value))).toEqual(value);
    for (const rubbish of ["", "{", "null", "{}", "[]", "3"]) expect(decode(rubbish)).toBeUndefined();
  });

  it("hold no durations where a key could change what every object inherits", () => {
    expect(decodeTimings('{"format":1,"learned":{"__proto__":{"count":1,"meanMs":5}}}')).toBeUndefined();
  });
});

describe("a record of a journal", () => {
  it("is one that this version knows, without anything that is not safe to read", () => {
    expect(isJournalRecord(headerRecord())).toBe(true);
    for (const other of [{ ...headerRecord(), kind: "footer" }, {}, null, "header"]) {
      expect(isJournalRecord(other)).toBe(false);
    }
    const hostile: unknown = JSON.parse(JSON.stringify(headerRecord()).replace('"driver"', '"__proto__":{},"driver"'));
    expect(isJournalRecord(hostile)).toBe(false);
  });

  it("tells by what a script inside can be asked for, or nothing of that", () => {
    expect(isJournalRecord(intentRecord("web"))).toBe(true);
    expect(isJournalRecord(intentRecord("web", { script: { token: "orb-11111111-1111", boot: "b" } }))).toBe(true);
    expect(isJournalRecord({ ...intentRecord("web"), script: { token: 1 } })).toBe(false);
  });
});
