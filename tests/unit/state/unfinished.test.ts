import { expect, test } from "vitest";
import type { Processes } from "../../../src/driver/processes.ts";
import { encodeJournal } from "../../../src/state/journal.ts";
import { memoryDisk } from "../../../src/state/memory-disk.ts";
import { statePaths } from "../../../src/state/paths.ts";
import { keepUnfinished } from "../../../src/state/unfinished.ts";
import { headerRecord, identityOf, intentRecord, outcomeRecord } from "../../support/state-builders.ts";

const GONE: Processes = { exists: () => false, isRunning: async () => false, stop: async () => false };

test("what was announced by a process that never ran was not begun: nobody else's doing there is taken for the plan's", async () => {
  const [disk, paths] = [memoryDisk(), statePaths("/state", "web")];
  const child = (held: string) => ({ pid: 7, startedAt: "42", held });
  await disk.replace("/held", "held\n", 0o600);
  await disk.replace("/let-go", "", 0o600);
  const header = headerRecord();
  const records = [
    header,
    intentRecord("done"),
    outcomeRecord("done"),
    intentRecord("begun", { child: child("/let-go") }),
    intentRecord("never", { child: child("/held") }),
  ];
  await disk.replace(paths.journal, encodeJournal(records), 0o600);
  const from = { disk, paths, processes: GONE, host: async () => identityOf() };
  const { lineage, planDigest: plan } = header;
  const left = await keepUnfinished(from, { plan, lineage, serial: 1 });
  expect(left).toMatchObject({ done: ["machine.done:create"], begun: ["machine.done", "machine.begun"] });
});
