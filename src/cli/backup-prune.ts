import { OrbformError } from "../model/errors.ts";
import { pruneText } from "../report/archives-text.ts";
import type { Voice } from "./base-command.ts";
import { asJson, type BackupWork } from "./backup-flow.ts";

/** How many of what a user keeps. */
export interface KeepFlags {
  readonly keep?: number | undefined;
  readonly "keep-daily"?: number | undefined;
  readonly "keep-weekly"?: number | undefined;
  readonly "keep-monthly"?: number | undefined;
}

/** One rotation as a command asks for it. */
export interface PruneCall {
  readonly machine: string | undefined;
  readonly flags: KeepFlags;
  /** Remove; else it is only shown what would be. */
  readonly yes: boolean;
}

/** Shows what rotation would do, and does it where that was asked for. Errors: `ORB_USAGE` where nothing is to be kept, `ORB_ARCHIVE_NOT_FOUND` for a machine of which there is nothing. */
export async function pruneFlow(
  { backups, folder, watching }: BackupWork,
  voice: Voice,
  call: PruneCall,
): Promise<number> {
  const { console, json, tell } = voice;
  const policy = policyOf(call.flags);
  const machine = call.machine === undefined ? {} : { machine: call.machine };
  const plan = await backups.planPrune({ folder, policy, signal: watching.stopStarting, ...machine });
  for (const each of plan.unsound) tell.notice(`No archive of ${each} is sound: all of them are kept.`);
  for (const { file, why } of plan.foreign) tell.notice(`${file} is left alone: ${why}.`);
  if (call.machine !== undefined && plan.judged.length + plan.orphans.length === 0) throw noneOf(call.machine, folder);
  if (!json) console.out(pruneText(plan.judged, console.outTheme));
  const removed = call.yes ? await backups.prune(folder, plan) : [];
  if (json) console.out(`${JSON.stringify({ format_version: "1.0", ...asJson({ ...plan, removed }) })}\n`);
  else console.out(call.yes ? `Removed: ${removed.length}.\n` : "Nothing was removed: add --yes to remove them.\n");
  return 0;
}

/** A name written wrong in a job of every night: it would prune nothing for ever, and say that all is well. */
function noneOf(machine: string, folder: string): OrbformError {
  return new OrbformError("ORB_ARCHIVE_NOT_FOUND", {
    summary: "There is no such backup",
    detail: `${folder} has no archive of a machine ${JSON.stringify(machine)} that Orbform made. Nothing was removed.`,
    hint: "Run `orb backup list --dir DIR` to see what is there.",
  });
}

function policyOf(flags: KeepFlags): { last?: number; daily?: number; weekly?: number; monthly?: number } {
  const { keep: last, "keep-daily": daily, "keep-weekly": weekly, "keep-monthly": monthly } = flags;
  const given = Object.entries({ last, daily, weekly, monthly }).filter(([, count]) => count !== undefined);
  if (given.length > 0) return Object.fromEntries(given);
  throw new OrbformError("ORB_USAGE", {
    summary: "Nothing says what to keep",
    detail: "Rotation keeps what it is told to keep, and it was told nothing. Nothing was removed.",
    hint: "Add --keep, --keep-daily, --keep-weekly or --keep-monthly with a number.",
  });
}
