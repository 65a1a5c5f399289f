import { OrbformError } from "../model/errors.ts";
import { makeStack } from "./define-stack.ts";
import type { Stack } from "./define-stack.ts";
import type { Edit, StackDraft } from "./draft.ts";
import { brandOf, siteOf } from "./handle.ts";
import type { OutputTree, ResourceTree } from "./resource-tree.ts";

/**
 * A stack like another one, with changes. The original is untouched, and references to its resources stay good: an
 * override of `base` is seen by what clones it. The result is named by its own file.
 *
 * @example
 * export default extend(dev, (draft, edit) => {
 *   draft.resources.web.cpus = 4;
 *   edit.remove("page");
 *   edit.add("db", machine({ image: "debian:bookworm" }));
 * });
 */
export function extend<R extends ResourceTree, O extends OutputTree>(
  stack: Stack<R, O>,
  recipe: (draft: StackDraft<R>, edit: Edit<R>) => void,
): Stack<R, O> {
  // The types rule both out; a stack in JavaScript has none.
  if (brandOf(stack) !== "stack") throw invalid("its first argument is no stack", "Pass what defineStack gives.");
  if (typeof recipe !== "function") {
    throw invalid("its second argument is no function", "Write: extend(stack, (draft) => { … })");
  }
  return makeStack(stack["~input"], [...stack["~edits"], recipe], siteOf(extend));
}

function invalid(problem: string, hint: string): OrbformError {
  return new OrbformError("ORB_STACK_INVALID", {
    summary: "Override is put together wrongly",
    detail: `extend takes what defineStack gives and a function, but ${problem}.`,
    hint,
  });
}
