import type { InsideResource } from "../model/snapshot.ts";
import type { Asked } from "./asked-inside.ts";

/** What a note may be about beside what is asked. */
export interface Noted {
  /** What is in state at the address, perhaps of another machine. */
  readonly prior: InsideResource | undefined;
  readonly restarts: boolean;
  /** Something is to be done. */
  readonly differs: boolean;
  readonly isReplaced: boolean;
  /** Its machine is stopped, and is to end so. */
  readonly isStoppedAgain: boolean;
}

/** What a reader of a change inside a machine can't see by its attributes. */
export function notesOf(
  asked: Asked,
  { prior, restarts, differs, isReplaced, isStoppedAgain }: Noted,
): readonly string[] {
  const { desired, site, here } = asked;
  const notes = [`in ${desired.on}`];
  if (prior !== undefined && prior.on !== desired.on) notes.push(`it was in ${prior.on} before`);
  else if (prior !== undefined && prior.machine !== site.machine)
    notes.push("is applied again: its machine is another one");
  if (here === undefined && !differs && !restarts)
    notes.push("it is there already, as it is asked for: nothing is written");
  if (isReplaced && here !== undefined)
    notes.push(desired.type === "command" ? "is run again, as requested" : "is made again, as requested");
  if (restarts) notes.push(...restartNotes(asked));
  if (here?.unfinished === true && !isDone(asked)) notes.push("an earlier attempt at it may have done it in part");
  if (isStoppedAgain) notes.push(`${desired.on} is started for it, and stopped again`);
  return notes;
}

function isDone({ site }: Asked): boolean {
  return site.kind === "seen" && site.facts.type === "command" && site.facts.done === true;
}

/** Of one that does not run there is nothing to say: it is started. */
function restartNotes({ site, here }: Asked): readonly string[] {
  if (here !== undefined) return ["restarts: what it is restarted for has changed"];
  const runs = "facts" in site && site.facts?.type === "service" && site.facts.running;
  return runs ? ["restarts: it ran before, and nothing tells with what"] : [];
}
