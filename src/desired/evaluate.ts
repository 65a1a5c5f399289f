import { isPlainObject } from "../stack/copy-input.ts";
import { brandOf } from "../stack/handle.ts";
import { applyEdits } from "./apply-edits.ts";
import type { Recipe } from "./apply-edits.ts";

/** A stack of any copy of the package. */
export interface LoadedStack {
  readonly "~input": { readonly [key: string]: unknown };
  readonly "~edits": readonly unknown[];
  readonly "~site": { readonly stack?: unknown };
}

/** What evaluating a stack gave. */
export interface Tree {
  /** As the stack gave them, before overrides. */
  readonly original: unknown;
  readonly resources: unknown;
  readonly outputs: unknown;
}

/** Whether a value is what `defineStack` or `extend` gives. */
export function isStack(value: unknown): value is LoadedStack {
  return (
    brandOf(value) === "stack" &&
    typeof value === "object" &&
    value !== null &&
    "~input" in value &&
    isPlainObject(value["~input"]) &&
    "~edits" in value &&
    Array.isArray(value["~edits"]) &&
    "~site" in value &&
    typeof value["~site"] === "object" &&
    value["~site"] !== null
  );
}

/** Evaluates a stack: its resources, its outputs, then its overrides. Throws whatever the author's functions throw. */
export async function evaluate(
  stack: LoadedStack,
  context: { readonly inputs: unknown; readonly env: string | undefined },
): Promise<Tree> {
  const { resources: given, outputs: shown } = stack["~input"];
  const original = isFunction(given) ? await given(Object.freeze({ ...context })) : given;
  const outputs = isFunction(shown) ? shown(original) : shown;
  const recipes = stack["~edits"].filter(isRecipe);
  if (recipes.length === 0 || !isPlainObject(original)) return { original, resources: original, outputs };
  const edited = await applyEdits({ resources: original, outputs: isPlainObject(outputs) ? outputs : {} }, recipes);
  return { original, ...edited };
}

function isFunction(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === "function";
}

function isRecipe(value: unknown): value is Recipe {
  return typeof value === "function";
}
