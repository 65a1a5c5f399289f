import type { Policy } from "./define-policy.ts";
import { siteOf } from "./handle.ts";
import type { Site } from "./handle.ts";
import { record } from "./registry.ts";
import type { OutputTree, ResourceTree } from "./resource-tree.ts";
import type { Checked, StandardSchema } from "./schema.ts";

/** What `resources` gets when it is a function. */
export interface StackContext<S = undefined> {
  /** The inputs, as their schema gave them. */
  readonly inputs: Checked<S>;
  /** The `--env`, or `undefined`. */
  readonly env: string | undefined;
}

/** What a stack is made of. */
export interface StackInput<R, O, S> {
  /** The file's name; another one is an error. */
  readonly name?: string | undefined;
  /** Any Standard Schema (zod, valibot, …) of an object. */
  readonly inputs?: S | undefined;
  /** The resources by key; the key is the resource's place in its address: `machine.web`. */
  readonly resources: R | ((context: StackContext<S>) => R | Promise<R>);
  /** What the stack shows after an apply: an object, or a function of the resources. */
  readonly outputs?: O | ((resources: R) => O) | undefined;
  /** Rules that its plans are held to, beside those of the project. @default none */
  readonly policies?: readonly Policy[] | undefined;
}

/** A stack: what a stack file exports as its default. */
export interface Stack<R extends ResourceTree = ResourceTree, O extends OutputTree = OutputTree> {
  readonly "~orbform": "stack";
  /** What the author wrote; not checked yet. */
  readonly "~input": unknown;
  /** Overrides, in the order they were made. */
  readonly "~edits": readonly unknown[];
  readonly "~site": Site;
  /** Types only; never there at run time. */
  readonly "~types"?: { readonly resources: R; readonly outputs: O };
}

/**
 * Declares a stack. Nothing is done to any machine when it is loaded.
 *
 * @example
 * export default defineStack({ resources: { web: machine({ image: "debian:bookworm" }) } });
 */
export function defineStack<
  const R extends ResourceTree,
  const O extends OutputTree = Record<string, never>,
  const S extends StandardSchema | undefined = undefined,
>(input: StackInput<R, O, S>): Stack<R, O> {
  return makeStack(input, [], siteOf(defineStack));
}

/** Puts a stack together and notes that it was made. */
export function makeStack(input: unknown, edits: readonly unknown[], site: Site): Stack<never, never> {
  const made = Object.freeze({
    "~orbform": "stack",
    "~input": input,
    "~edits": Object.freeze([...edits]),
    "~site": site,
  } as const);
  record(made);
  return made;
}
