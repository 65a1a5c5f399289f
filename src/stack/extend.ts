import { makeStack } from "./define-stack.ts";
import type { Stack } from "./define-stack.ts";
import type { Edit, StackDraft } from "./draft.ts";
import { siteOf } from "./handle.ts";
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
  return makeStack(stack["~input"], [...stack["~edits"], recipe], siteOf(extend));
}
