import { OrbformError } from "../model/errors.ts";
import { copyInput, isPlainObject } from "../stack/copy-input.ts";
import type { Edit } from "../stack/draft.ts";
import { brandOf } from "../stack/handle.ts";
import type { ResourceTree } from "../stack/resource-tree.ts";

/** What a recipe works on, as it looks at run time. */
interface EvaluatedTree {
  /** Handles, or whatever else the author listed, by key. */
  readonly resources: { readonly [key: string]: unknown };
  readonly outputs: { readonly [name: string]: unknown };
}

/** The recipe of one override. */
export type Recipe = (draft: unknown, edit: unknown) => unknown;

/**
 * Carries out overrides on what a stack gave. immer is loaded only here, so that a stack file without overrides does
 * not pay for it. Errors: `ORB_STACK_INVALID` for a key that is or isn't there; whatever a recipe throws.
 */
export async function applyEdits(tree: EvaluatedTree, edits: readonly Recipe[]): Promise<EvaluatedTree> {
  if (edits.length === 0) return tree;
  const { Immer } = await import("immer");
  // Freezing is left to the copy: immer would freeze the author's own objects that a recipe passes on.
  const immer = new Immer({ autoFreeze: false });
  let edited = tree;
  for (const recipe of edits) {
    const before = { resources: inputsOf(edited.resources), outputs: edited.outputs };
    const after = copyInput(immer.produce(before, (draft) => run(recipe, draft)));
    edited = { resources: rebuild(after.resources, edited.resources), outputs: after.outputs };
  }
  return edited;
}

type Level = { [key: string]: unknown };

function run(recipe: Recipe, draft: { resources: Level }): void {
  const answer = recipe(draft, editOf(draft.resources));
  if (answer instanceof Promise) throw invalid("The function given to extend is asynchronous", "Make it synchronous.");
}

function editOf(root: Level): Edit<ResourceTree> {
  return {
    add(key, resource) {
      const [level, last] = levelOf(root, key);
      if (Object.hasOwn(level, last)) {
        throw invalid(`edit.add: there is already a resource "${key}"`, "Remove that one first, or take another key.");
      }
      level[last] = resource;
    },
    remove(key) {
      const [level, last] = levelOf(root, key);
      if (!Object.hasOwn(level, last)) {
        throw invalid(`edit.remove: there is no resource "${key}"`, `There are: ${Object.keys(level).join(", ")}.`);
      }
      delete level[last];
    },
  };
}

function levelOf(root: Level, key: string): readonly [Level, string] {
  const steps = key.split("/");
  const last = steps.pop() ?? "";
  let level = root;
  for (const step of steps) {
    const next = Object.hasOwn(level, step) ? level[step] : undefined;
    if (!isComponentDraft(next)) {
      throw invalid(`"${key}": "${step}" is no component of the stack`, "Write component/key.");
    }
    level = next.resources;
  }
  return [level, last];
}

function isComponentDraft(value: unknown): value is { resources: Level } {
  return typeof value === "object" && value !== null && "resources" in value && isLevel(value.resources);
}

function isLevel(value: unknown): value is Level {
  return typeof value === "object" && value !== null;
}

/** A handle, or what is left of one in `unknown` data. */
interface AnyHandle {
  readonly "~orbform": string;
  readonly "~input": unknown;
}

function isHandle(value: unknown): value is AnyHandle {
  return brandOf(value) !== undefined && typeof value === "object" && value !== null && "~input" in value;
}

function inputsOf(resources: { readonly [key: string]: unknown }): Level {
  return Object.fromEntries(Object.entries(resources).map(([key, each]) => [key, inputOf(each)]));
}

function inputOf(value: unknown): unknown {
  if (!isHandle(value)) return value;
  const input = value["~input"];
  if (value["~orbform"] !== "component") return input;
  return isPlainObject(input) && isPlainObject(input["resources"])
    ? { ...input, resources: inputsOf(input["resources"]) }
    : input;
}

function rebuild(drafts: Level, originals: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  const entries = Object.entries(drafts).map(([key, draft]) => [
    key,
    rebuildOne(key, draft, Object.hasOwn(originals, key) ? originals[key] : undefined),
  ]);
  return Object.fromEntries(entries);
}

function rebuildOne(key: string, draft: unknown, original: unknown): unknown {
  if (isHandle(draft)) return draft;
  if (!isHandle(original)) {
    throw invalid(
      `draft.resources.${key} was set to plain data`,
      `Add a resource with edit.add("${key}", machine({ … })).`,
    );
  }
  const prototype: unknown = Object.getPrototypeOf(original);
  const input = original["~orbform"] === "component" ? rebuildComponent(draft, original["~input"]) : draft;
  return Object.freeze({ __proto__: prototype, ...original, "~input": input });
}

function rebuildComponent(draft: unknown, original: unknown): unknown {
  if (!isComponentDraft(draft) || !isPlainObject(original) || !isPlainObject(original["resources"])) return draft;
  return { ...draft, resources: rebuild(draft.resources, original["resources"]) };
}

function invalid(detail: string, hint: string): OrbformError {
  return new OrbformError("ORB_STACK_INVALID", {
    summary: "Override can't be carried out",
    detail: `${detail}.`,
    hint,
  });
}
