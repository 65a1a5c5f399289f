/** What a child that has evaluated an untrusted stack writes: data in which each kind of value has a mark of its own. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Place } from "../../model/place.ts";

/** A value an author wrote: `a` array, `o` object, `h` a resource by its number, `r` reference, `c` built string, `x` no data. */
export type Wire =
  | null
  | boolean
  | number
  | string
  | { readonly a: readonly Wire[] }
  | { readonly o: readonly (readonly [key: string, value: Wire])[] }
  | { readonly h: number }
  | { readonly r: readonly [rid: string, property: string] }
  | { readonly c: readonly Wire[] }
  | { readonly x: string };

/** A resource, as its constructor made it. */
export interface WireHandle {
  readonly kind: string;
  readonly rid: string;
  readonly input: Wire;
  readonly place?: Place;
}

/** What evaluating a stack gave. */
export interface WireTree {
  readonly kind: "tree";
  /** The keys that `defineStack` was given. */
  readonly keys: readonly string[];
  readonly place?: Place;
  readonly original: Wire;
  readonly resources: Wire;
  readonly outputs: Wire;
  /** By their numbers. */
  readonly handles: readonly WireHandle[];
  /** Everything that was made on the way: resources, and what other stacks list. */
  readonly made: readonly { readonly stack: boolean; readonly value: Wire }[];
}

/** Why it could not be evaluated, what was found first at the end. */
export interface WireFailure {
  readonly kind: "failure";
  readonly diagnostics: readonly Diagnostic[];
}

/** What the child is told, on its standard input. */
export interface Job {
  readonly root: string;
  readonly name: string;
  readonly file: string;
  readonly env?: string;
  readonly vars: { readonly [name: string]: string };
  readonly files: { readonly [name: string]: unknown };
  /** Where the child tries whether it reaches anything. */
  readonly port: number;
}

/** What it writes first of all, before anything of the stack is loaded; then comes how its try of the network ended. */
export const GREETING = "orbform-untrusted 1 ";

/** What is no data, as it is named under `x`. */
export const NO_DATA = ["undefined", "NaN", "Infinity", "-Infinity", "function", "other"] as const;
