/** What was found inside a machine, and what it is asked by: as it is kept, and what it says. */
import type { InsideFacts, InsideWish } from "./inside.ts";

/** Whether there is nothing of it. Packages, services and commands are nothing that could be gone. */
export function isGone(facts: InsideFacts): boolean {
  return ("kind" in facts && facts.kind === "absent") || (facts.type === "user" && !facts.exists);
}

/** No content has this digest: asked for it, a machine tells what stands there. */
export const NO_DIGEST = "0".repeat(64);

/** A wish as a machine is asked about it where its digest is nobody's to see: the machine tells its own, and learns none. */
export function withoutDigest(wish: InsideWish): InsideWish {
  return wish.type === "file" ? { ...wish, digest: NO_DIGEST } : wish;
}

/**
 * Facts as a snapshot keeps them: the text of a file is shown, not kept, what others put into a directory is theirs, and how
 * an attempt ended is told once.
 */
export function withoutText(facts: InsideFacts): InsideFacts {
  if (facts.type === "directory") {
    const { isEmpty: _isEmpty, ...kept } = facts;
    return kept;
  }
  if (facts.type === "command") {
    const { done: _done, ...kept } = facts;
    return kept;
  }
  if (facts.type !== "file") return facts;
  const { text: _text, ...kept } = facts;
  return kept;
}
