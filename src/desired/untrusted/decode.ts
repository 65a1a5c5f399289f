/**
 * Reads what a child wrote of an untrusted stack. It may have been written by the stack itself, so nothing in it is
 * believed: it becomes what an author could have written, and every rule is then applied to that.
 */
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ErrorCode } from "../../model/error-codes.ts";
import { OrbformError } from "../../model/errors.ts";
import type { Place } from "../../model/place.ts";
import { printable } from "../../model/printable.ts";
import { isObject } from "../../plan/shape.ts";
import { NO_TEXT } from "../../stack/ref.ts";
import type { Tree } from "../evaluate.ts";
import { expansion } from "./expansion.ts";
import { isFailure, isTree, resourcesIn, TREE } from "./shapes.ts";
import type { Wire, WireFailure, WireHandle, WireTree } from "./wire.ts";

/** How many resources an untrusted stack may have. */
const MOST_RESOURCES = 5000;

/** How much text there may be where references to settings are written out. Characters. */
const MOST_EXPANDED = 16_000_000;

/** What a child's answer is read with. */
export interface Decoding {
  /** A place that may be shown; `undefined`: it is none. */
  readonly placeOf: (place: Place) => Place | undefined;
  /** The stack's file: the place of what has none. */
  readonly file: string;
}

/** A stack that was evaluated elsewhere, as if it had been here. */
export interface DecodedTree extends Tree {
  readonly input: { readonly [key: string]: unknown };
  readonly place: Place | undefined;
  readonly made: readonly unknown[];
}

/** Reads an answer. Errors: `ORB_UNTRUSTED_REFUSED`, and what the child says that went wrong. */
export function decodeAnswer(text: string, decoding: Decoding): DecodedTree {
  const answer = parsed(text);
  const count = resourcesIn(answer);
  if (count > MOST_RESOURCES) throw tooLarge(`it may have ${MOST_RESOURCES} resources, and has ${count}`);
  if (isObject(answer) && answer["kind"] === "failure" && isFailure(answer)) throw failure(answer, decoding);
  if (isTree(answer)) {
    if (expansion(answer.handles, MOST_EXPANDED) > MOST_EXPANDED) {
      throw refused("its settings refer to each other too often");
    }
    return treeOf(answer, decoding);
  }
  const trouble = TREE(answer, undefined);
  throw refused(trouble === undefined ? "it is not understood" : `${trouble.why} at ${cut(trouble.path, 200)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("it is not JSON, or it ends in the middle");
  }
}

/** The answer of a child is refused. */
function refused(why: string): OrbformError {
  return new OrbformError("ORB_UNTRUSTED_REFUSED", {
    summary: "What an untrusted stack yields is refused",
    detail:
      `The process that evaluated the stack wrote something that no stack is: ${oneLine(why, 300)}. ` +
      "A stack that writes to its standard output, or tampers with what is written, does that. No machine was looked at.",
    hint: "Read what the stack does. If it is to be trusted after all, plan it without --untrusted.",
  });
}

/** A stack is held to a size, so that nobody keeps this computer busy with theirs. */
export function tooLarge(why: string): OrbformError {
  return new OrbformError("ORB_UNTRUSTED_REFUSED", {
    summary: "The stack is too large for --untrusted",
    detail: `A stack that is not trusted is held to a size: ${why}. No machine was looked at.`,
    hint: "Split the stack, or plan it without --untrusted where it is to be trusted after all.",
  });
}

/** What else may be wrong with a stack; other codes would end the command as something that it isn't. */
const CODES: readonly ErrorCode[] = [
  "ORB_STACK_SYNTAX",
  "ORB_STACK_NO_EXPORT",
  "ORB_STACK_INVALID",
  "ORB_STACK_NAME",
  "ORB_INPUT_INVALID",
  "ORB_PROPERTY_INVALID",
  "ORB_VALUE_UNKNOWN",
];

function failure({ diagnostics }: WireFailure, { placeOf, file }: Decoding): OrbformError {
  const told = diagnostics.slice(0, 50).map((each): Diagnostic => {
    const place = each.place && placeOf(each.place);
    return {
      severity: each.severity,
      code: CODES.find((code) => code === each.code) ?? "ORB_STACK_FAILED",
      summary: oneLine(each.summary, 80),
      detail: cut(printable(each.detail), 2000),
      ...(each.hint !== undefined && { hint: cut(printable(each.hint), 500) }),
      place: place ?? { file, line: 1, column: 1 },
    };
  });
  const last = told.findLast((each) => each.severity === "error");
  if (last === undefined) return refused("it tells a failure without saying of what");
  return new OrbformError(last.code, { ...last, others: told.filter((each) => each !== last) });
}

function oneLine(text: string, longest: number): string {
  return cut(printable(text).replaceAll(/\s+/g, " "), longest);
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}

function treeOf(tree: WireTree, decoding: Decoding): DecodedTree {
  const made = new Made(tree.handles, decoding);
  const place = tree.place && decoding.placeOf(tree.place);
  return {
    original: made.value(tree.original),
    resources: made.value(tree.resources),
    outputs: made.value(tree.outputs),
    input: Object.fromEntries(tree.keys.map((key) => [key, null])),
    place: place ?? { file: decoding.file, line: 1, column: 1 },
    made: tree.made.map(({ stack, value }) =>
      stack ? { "~orbform": "stack", "~input": { resources: made.value(value) } } : made.value(value),
    ),
  };
}

/** Resources by number, each made once. A forged one may hold itself: it is made before what it holds is. */
class Made {
  readonly #handles: readonly { "~input": unknown }[];

  constructor(handles: readonly WireHandle[], { placeOf }: Decoding) {
    this.#handles = handles.map(({ kind, rid, place }) => {
      const site = place && placeOf(place);
      const stack = site && `Error\n    at orbform (${site.file}:${site.line}:${site.column})`;
      const marks = { "~orbform": kind, "~rid": rid, "~site": stack === undefined ? {} : { stack } };
      return { __proto__: NO_TEXT, ...marks, "~input": undefined };
    });
    for (const [index, handle] of this.#handles.entries()) handle["~input"] = this.value(handles[index]?.input ?? null);
  }

  value(wire: Wire): unknown {
    if (typeof wire !== "object" || wire === null) return wire;
    if ("a" in wire) return wire.a.map((each) => this.value(each));
    if ("o" in wire) return Object.fromEntries(wire.o.map(([key, each]) => [key, this.value(each)]));
    if ("h" in wire) return this.#handles[wire.h];
    if ("r" in wire) return { __proto__: NO_TEXT, "~orbform": "ref", "~rid": wire.r[0], property: wire.r[1] };
    if ("c" in wire) {
      return { __proto__: NO_TEXT, "~orbform": "concat", parts: wire.c.map((each) => this.value(each)) };
    }
    return noData(wire.x);
  }
}

/** What the rules refuse, as they would have refused what stood there. */
function noData(word: string): unknown {
  if (word === "undefined") return undefined;
  if (word === "function") return () => undefined;
  return word === "other" ? new Map() : Number(word);
}
