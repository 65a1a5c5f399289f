import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { address } from "../../../src/model/address.ts";
import type { ResourceState } from "../../../src/model/snapshot.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../src/state/codec.ts";
import { isSnapshot } from "../../../src/state/schema.ts";
import { isSoundSnapshot } from "../../../src/state/sound.ts";
import { machineId } from "../../../src/model/machine.ts";
import { decodeJournal, encodeJournal } from "../../../src/state/journal.ts";
import { applyResourcePatch, patchBetween } from "../../../src/state/patch.ts";
import { pathsOf, withPart } from "../../support/json-parts.ts";
import {
  archiveResource,
  commandState,
  errorOf,
  headerRecord,
  intentRecord,
  machineAddress,
  machineState,
  outcomeRecord,
  settingState,
  snapshotOf,
} from "../../support/state-builders.ts";

const key = fc.oneof(fc.constantFrom("a/b", "~0", "constructor", "01", "-", "toString"), fc.string({ maxLength: 6 }));
const safeKey = key.filter((each) => each !== "__proto__");
const labels = fc.dictionary(safeKey, fc.string({ maxLength: 5 }), { maxKeys: 5, noNullPrototype: true });
const mounts = fc.array(fc.constantFrom("/a", "/b:/c", "/d"), { maxLength: 5 });
const resource: fc.Arbitrary<ResourceState | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.nat(9).map((value) => settingState("memory_mib", value)),
  fc
    .record(
      { revision: fc.nat(5), triggers: labels, unfinished: fc.constant(true as const) },
      { requiredKeys: ["revision", "triggers"] },
    )
    .map(({ triggers, ...each }) =>
      archiveResource({ ...each, inputs: { ...archiveResource().inputs, triggers: { ...triggers } } }),
    ),
  fc.record({ labels, mounts, revision: fc.nat(5), name: fc.string({ maxLength: 4 }) }).map((each) =>
    machineState("web", {
      revision: each.revision,
      name: each.name,
      made: { mounts: each.mounts },
      inputs: { ...machineState("web").inputs, labels: each.labels },
    }),
  ),
);

const BEGUN = commandState({
  inputs: { type: "command", run: ["make", "all"], creates: "/srv/made" },
  seen: { type: "command", created: false },
  unfinished: true,
  script: { token: "orb-11111111-1111", boot: "b" },
});

describe("patches", () => {
  it("lead from any state of a resource to any other", () => {
    fc.assert(
      fc.property(resource, resource, (before, after) => {
        expect(applyResourcePatch(before, patchBetween(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });
});

describe("snapshots", () => {
  it("read back as they were written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(resource, { maxLength: 4 }), async (all) => {
        const resources = all.flatMap((each, index) =>
          each === undefined
            ? []
            : [[machineAddress(`m${index}`), each.type === "machine" ? withId(each, index) : each] as const],
        );
        const snapshot = snapshotOf(resources);
        expect(await decodeSnapshot(encodeSnapshot(snapshot), "/s/web.json")).toEqual(snapshot);
      }),
      { numRuns: 200 },
    );
  });

  it("cut off at any byte are a clear error", async () => {
    const text = encodeSnapshot(snapshotOf([[machineAddress("web"), machineState("web")]]));
    for (let length = 0; length < text.length - 1; length++) {
      expect((await errorOf(() => decodeSnapshot(text.slice(0, length), "/s/web.json"))).code).toBe(
        "ORB_STATE_CORRUPT",
      );
    }
  });

  it.each([{ token: "short" }, { token: "orb-1111 1111" }, { boot: "" }, { boot: "a b" }, { boot: "a\0" }])(
    "with a script that no machine can be asked for are a clear error: %j",
    async (wrong) => {
      const script = { token: "orb-11111111-1111", boot: "b", ...wrong };
      const text = encodeSnapshot(snapshotOf([[address("command", "setup"), { ...BEGUN, script }]]));
      expect((await errorOf(() => decodeSnapshot(text, "/s/web.json"))).code).toBe("ORB_STATE_CORRUPT");
    },
  );

  it("with any one part changed or missing are judged alike by the quick check and the published schema", () => {
    const web = machineState("web", {
      deposed: [{ id: machineId("01JOLD"), name: "old" }],
      addresses: { ip4: "198.19.249.2" },
      unready: { reason: "timed out", detail: "" },
      restartPending: true,
    });
    const sound = snapshotOf([
      [machineAddress("web"), web],
      [machineAddress("set"), settingState("memory_mib", 1)],
      [address("command", "setup"), BEGUN],
    ]);
    expect([isSoundSnapshot(sound), isSnapshot(sound)]).toEqual([true, true]);
    const parts = pathsOf(sound);
    const other = fc.constantFrom<unknown>(
      undefined,
      null,
      -1,
      0,
      1,
      1.5,
      2,
      "",
      "x",
      "machine",
      true,
      [],
      [1],
      {},
      { a: 1 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...parts), other, (path, value) => {
        const changed: unknown = JSON.parse(JSON.stringify(withPart(sound, path, value)));
        expect(isSoundSnapshot(changed)).toBe(isSnapshot(changed));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("journals", () => {
  const records = [headerRecord(), intentRecord("web"), outcomeRecord("web"), intentRecord("däb")];
  const text = encodeJournal(records);

  it("read back as they were written", () => {
    expect(decodeJournal(text, "/s/web.journal")).toEqual({ records: withSums(text), torn: false });
  });

  it("cut off at any character hold every record before the cut", () => {
    for (let length = 0; length < text.length; length++) {
      const cut = text.slice(0, length);
      // A line is whole as soon as its checksum is: a cut may take its line feed.
      const atEnd = cut.endsWith("\n") || text[length] === "\n";
      const whole = `${cut}${text[length] === "\n" ? "\n" : ""}`.split("\n").length - 1;
      const read = decodeJournal(cut, "/s/web.journal");
      expect(read?.records.length ?? 0).toBe(whole);
      if (read) expect(read.torn).toBe(!atEnd);
    }
  });

  it("with any character changed are an error, or lose only the last record", () => {
    for (let at = 0; at < text.length; at++) {
      const damaged = `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`;
      const found = codeOf(() => decodeJournal(damaged, "/s/web.journal"));
      const inLast = at >= text.trimEnd().lastIndexOf("\n");
      expect(inLast || found === "ORB_JOURNAL_CORRUPT", `character ${at} gives ${found}`).toBe(true);
    }
  });

  it("with a line left out or moved are an error", () => {
    const [header = "", intent = "", outcome = "", last = ""] = text.split("\n");
    for (const lines of [
      [header, outcome, last, ""],
      [header, outcome, intent, last, ""],
      [intent, outcome, last, ""],
    ]) {
      expect(codeOf(() => decodeJournal(lines.join("\n"), "/s/web.journal"))).toBe("ORB_JOURNAL_CORRUPT");
    }
  });
});

function withId(state: ResourceState, index: number): ResourceState {
  return state.type === "machine"
    ? machineState(`m${index}`, { name: state.name, made: state.made, inputs: state.inputs })
    : state;
}

function withSums(text: string): unknown[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { crc: _crc, ...record }: Record<string, unknown> = JSON.parse(line);
      return record;
    });
}

function codeOf(call: () => unknown): string {
  try {
    call();
    return "none";
  } catch (error) {
    if (isOrbformError(error)) return error.code;
    throw error;
  }
}
