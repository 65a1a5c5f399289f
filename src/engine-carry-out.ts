/** Carrying out what was approved: journal, execute, snapshot. */
import type { Applied, CarryOut, EnginePorts, Planned } from "./engine-types.ts";
import { claimsFor } from "./execute/reconcile-claims.ts";
import { sourcesOf } from "./execute/source-file.ts";
import { userDataIn } from "./execute/user-data.ts";
import { remainingMs } from "./graph/critical-path.ts";
import { folds, isEmpty } from "./plan/is-empty.ts";
import { keptInJournal } from "./state/disk-errors.ts";
import { createJournal } from "./state/journal.ts";
import type { JournalHeader } from "./state/records.ts";
import { learnDurations } from "./state/timings.ts";

/** Does what a plan says, and writes the snapshot. The caller holds the lock. Errors: the backend's, and those of the disk. */
export async function carryOut(ports: EnginePorts, planned: Planned, request: CarryOut): Promise<Applied> {
  const { plan: approved, prior } = planned;
  if (isEmpty(approved) && !folds(approved)) return { planned, results: new Map(), snapshot: prior, journalBytes: 0 };
  const knownIds = planned.live.machines.map((machine) => machine.id);
  const journal = await createJournal(ports.disk, ports.paths.journal, await journalHeader(ports, planned, knownIds));
  const userData = userDataIn(ports.disk, ports.paths.scratch);
  // Loaded by those who apply only: a plan needs no scheduler, no queue and no reducer.
  const { execute } = await import("./execute/execute.ts");
  const done = await execute({
    plan: approved,
    prior,
    ports: {
      ...ports,
      journal,
      claims: claimsFor(ports.claims, prior),
      writeUserData: (text) => userData.write(text),
      ...sourcesOf(planned.stack.value),
    },
    options: { ...request, knownIds, remainingMs: remainingMs(approved.actions) },
  });
  const journalBytes = journal.bytesWritten();
  if (request.stopWaiting?.aborted === true) {
    await journal.close();
    return { planned, results: done.results, snapshot: done.snapshot, journalBytes };
  }
  const snapshot = { ...done.snapshot, serial: prior.serial + 1 };
  try {
    if (done.journalFailure !== undefined) throw done.journalFailure;
    await ports.backend.write(snapshot, prior.serial, { planDigest: planned.digest });
  } catch (error) {
    await journal.close().catch(() => undefined);
    throw keptInJournal(error, ports.paths.journal);
  }
  // All is written: what is left lying about is swept by the next run, as long as there is a journal to tell it of.
  await userData.sweep().catch(() => undefined);
  await journal.discard().catch(() => undefined);
  await learnDurations(ports.disk, ports.paths.timings, done.durations);
  return { planned, results: done.results, snapshot, journalBytes };
}

async function journalHeader(
  ports: EnginePorts,
  planned: Planned,
  knownIds: readonly string[],
): Promise<JournalHeader> {
  const { prior, digest } = planned;
  const { hostId, bootId } = await ports.host();
  const env = prior.env === undefined ? {} : { env: prior.env };
  const base = { stack: prior.stack, ...env, lineage: prior.lineage, baseSerial: prior.serial, world: prior.world };
  return { kind: "header", format: 1, ...base, planDigest: digest, knownIds, at: ports.clock.now(), hostId, bootId };
}
