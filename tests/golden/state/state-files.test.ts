import { describe, expect, it } from "vitest";
import { encodeSnapshot } from "../../../src/state/codec.ts";
import { encodeJournal } from "../../../src/state/journal.ts";
import { patchBetween } from "../../../src/state/patch.ts";
import { address } from "../../../src/model/address.ts";
import {
  headerRecord,
  intentRecord,
  machineAddress,
  machineState,
  outcomeRecord,
  archiveResource,
  settingState,
  snapshotOf,
} from "../../support/state-builders.ts";

describe("the files of a state", () => {
  it("have a snapshot made to be read in a diff", async () => {
    const snapshot = snapshotOf(
      [
        [machineAddress("web"), machineState("web", { restartPending: true, addresses: { ip4: "192.168.139.2" } })],
        [address("setting", "memory"), settingState("memory_mib", 8192)],
        [address("archive", "backup"), archiveResource()],
        [address("machine", "app", ["team"]), machineState("app")],
      ],
      { serial: 7, env: "prod", outputs: { url: { value: "http://web.orb.local", sensitive: false } } },
    );
    await expect(encodeSnapshot(snapshot)).toMatchFileSnapshot("snapshot.json");
  });

  it("have a journal of lines of JSON, each with its checksum", async () => {
    const web = machineState("web");
    const journal = encodeJournal([
      headerRecord(),
      intentRecord("web", { child: { pid: 4242, startedAt: "31415" } }),
      outcomeRecord("web", { patch: patchBetween(web, { ...web, revision: 2 }) }),
    ]);
    await expect(journal).toMatchFileSnapshot("journal.jsonl");
  });
});
