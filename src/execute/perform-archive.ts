import type { ArchiveAction, ExportAction } from "../model/action.ts";
import { archiveInputs } from "../model/archive-inputs.ts";
import { InvariantError, isOrbformError, type ErrorCode, type ErrorFacts, type OrbformError } from "../model/errors.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { DesiredArchive } from "../model/resource.ts";
import type { ArchiveResource } from "../model/snapshot.ts";
import { unsettledText } from "../model/archive.ts";
import type { ExportedMember, Removal } from "../archive/archives.ts";
import type { PerformOptions } from "../driver/driver.ts";
import { DriverError, isDriverError } from "../driver/errors.ts";
import type { Done } from "./done.ts";
import { refused } from "./failure.ts";
import type { Step } from "./step.ts";

/** Exports a machine; once the new archive is in place, those of the same resource go that are not to be kept. */
export async function performExport(step: Step<ExportAction>): Promise<Done> {
  const settled = settledOf(step);
  const triggers = settled.triggers === undefined ? undefined : await step.resolve(settled.triggers);
  const machine = await step.target(step.targetId());
  const prior = archiveOf(step);
  const state: ArchiveResource = {
    type: "archive",
    revision: prior?.revision ?? 0,
    lifecycle: settled.lifecycle,
    dependencies: settled.dependencies,
    inputs: archiveInputs(settled, triggers, prior?.inputs),
    series: prior?.series ?? newSeries(step),
    ...(prior?.made !== undefined && { made: prior.made }),
  };
  step.intend({ ...state, unfinished: true });
  const { made, reading, unsettled } = await exported(step, { settled, machine, series: state.series });
  if (unsettled !== undefined) {
    say(step, "ORB_ARCHIVE_UNWRITABLE", {
      summary: "An archive may not be on the medium",
      detail: unsettledText(made.file, unsettled),
    });
  }
  if (reading.status === "unreadable") {
    say(step, "ORB_ARCHIVE_UNREADABLE", {
      summary: "An archive can't be read here",
      detail: `${made.file} is in place and its digest is known, but what is inside could not be read: ${reading.why}.`,
    });
  }
  const done = { ...state, revision: state.revision + 1, made };
  step.keep(done);
  await rotate(step, done, made.file);
  return { state: done };
}

/** Removes what a resource exported, as far as it still is what was exported. */
export async function performRemoveArchives(step: Step<ArchiveAction>): Promise<Done> {
  const { dir, series } = step.action;
  const gone = await step.run.ports.archives.remove({ dir, series }).catch((error: unknown) => {
    throw asCertain(error);
  });
  tellLeft(step, gone);
  return { state: undefined };
}

interface Exporting {
  readonly settled: DesiredArchive;
  readonly machine: MachineFacts;
  readonly series: string;
}

/** What an interrupted attempt left is swept by the next one, so nothing is to be looked for: it was done, or it was not. */
async function exported(step: Step<ExportAction>, { settled, machine, series }: Exporting): Promise<ExportedMember> {
  const { ports, stopWaiting = NEVER } = step.run;
  const { archives, driver } = ports;
  const { of: address, dir } = settled;
  const made: ExportedMember[] = [];
  const tell = (notice: string): void => say(step, "ORB_ARCHIVE_BUSY", { summary: "Waiting", detail: notice });
  const work = async (options: Required<PerformOptions>): Promise<void> => {
    const call = { dir, series, machine, address, driver, options, stopWaiting, tell };
    const member = await archives.export(call).catch(async (error: unknown) => {
      throw options.signal.aborted ? await overTime(step, machine, error) : asCertain(error);
    });
    made.push(member);
  };
  await step.carry("export", work, { look: () => Promise.resolve("not done") });
  const [member] = made;
  if (member === undefined) throw new InvariantError(`${step.action.id} has ended without an archive`);
  return member;
}

const NEVER = new AbortController().signal;

/** The archive is there whatever becomes of older ones: what can't be removed now goes with the next export. */
async function rotate(step: Step<ExportAction>, { inputs, series }: ArchiveResource, newest: string): Promise<void> {
  const { dir, keep } = inputs;
  if (keep === undefined) return;
  try {
    tellLeft(step, await step.run.ports.archives.remove({ dir, series, keep, newest }));
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    say(step, error.code, { summary: "Older archives were not removed", detail: error.detail });
  }
}

function tellLeft(step: Step, { left }: Removal): void {
  for (const { file, why } of left) {
    say(step, "ORB_ARCHIVE_DAMAGED", {
      summary: "An archive was left",
      detail: `${file} is not what was exported: ${why}. It was not removed.`,
    });
  }
}

function say(step: Step, code: ErrorCode, words: { readonly summary: string; readonly detail: string }): void {
  step.notice({ severity: "warning", code, ...words, address: step.action.address });
}

/** Where the driver says nothing of what was done, nothing is in place and another attempt would find the same. */
function asCertain(error: unknown): unknown {
  return isDriverError(error) || !isOrbformError(error) ? error : refused(error.code, certainOf(error));
}

function certainOf({ summary, detail, hint, cause }: OrbformError): ErrorFacts {
  return { summary, detail, ...(hint !== undefined && { hint }), cause };
}

/**
 * It would take as long again: nobody asked for that. What an export does whose orbctl is stopped is not known, and it may
 * have paused the machine (contract 3.11).
 */
async function overTime({ action, run }: Step, machine: MachineFacts, cause: unknown): Promise<DriverError> {
  const now = await run.ports.driver.inspect({ id: machine.id }, { settings: false }).then(
    (found) => (found === undefined ? "gone" : found.state),
    () => "not to be seen",
  );
  const seen = now === machine.state ? "" : ` The machine was ${machine.state} before; now it is ${now}.`;
  return new DriverError("ORB_ORBCTL_TIMEOUT", {
    kind: "untold",
    outcome: "unknown",
    summary: "The export took too long",
    detail: `It was not exported and read to its end within ${Math.round(action.timeoutMs / 1000)} s. orbctl was stopped, and no archive was put in place; whether OrbStack has ended its part is not known.${seen}`,
    hint: 'Give it longer: lifecycle: { timeouts: { export: "4h" } }',
    cause,
  });
}

/** Tells what this resource makes from what any other makes, of this state or another; it stays where the address changes. */
function newSeries({ run, action }: Step): string {
  const { lineage, serial } = run.plan;
  return run.ports.digest([lineage, serial, action.address]).slice(0, 32);
}

function archiveOf({ state }: Step): ArchiveResource | undefined {
  return state?.type === "archive" ? state : undefined;
}

function settledOf({ run, action }: Step): DesiredArchive {
  const settled = run.plan.settled[action.address];
  if (settled?.type === "archive") return settled;
  throw new InvariantError(`${action.id} has no settled archive in the plan`);
}
