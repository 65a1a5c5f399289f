import type { InsideFacts } from "./inside.ts";
import type { HashText } from "./inside-wish.ts";
import { isAnotherUser } from "./inside-kept.ts";
import { sameJson } from "./same-json.ts";
import { factsLike } from "./sealed.ts";
import type { InsideResource } from "./snapshot.ts";

/**
 * Whether what was found still is what was made: the file as it was written, perhaps by a run that nobody heard of again; a
 * directory that is empty; the user with its number. What is gone is nobody's.
 */
export function isStillOurs(state: InsideResource, facts: InsideFacts, hash: HashText): boolean {
  const { inputs, seen, unfinished, former } = state;
  if ("kind" in facts && facts.kind === "absent") return true;
  if (facts.type === "directory") return facts.isEmpty === true;
  if (facts.type === "user") return !isAnotherUser(state, facts);
  const found = factsLike(facts, state, hash);
  if (found.type !== "file" || inputs.type !== "file") return true;
  const isWritten = found.digest === inputs.digest;
  if (unfinished === true) return isWritten || (former !== undefined && found.digest === former);
  return isWritten && sameJson(found, seen);
}
