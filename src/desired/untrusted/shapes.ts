/** The shapes of what a child may write. */
import { ERROR_CODES } from "../../model/error-codes.ts";
import { INSIDE_TYPES } from "../../model/inside.ts";
import { check, count, fitting, flag, isObject, list, object, oneOf, text, type Check } from "../../plan/shape.ts";
import { NO_DATA, type WireFailure, type WireTree } from "./wire.ts";

/** How deep a value may be nested: deeper than any that a child of ours writes. */
const MAX_DEPTH = 100;

const place = object({
  file: fitting((each) => each.length <= 4096 && !/[\n\r\0<>]/.test(each), "a path", ""),
  line: count,
  column: count,
});

const KINDS = ["machine", "setting", "archive", "existing", "component", ...INSIDE_TYPES];
const rid = fitting((each) => /^r\d{1,9}$/.test(each), "a number of a resource", "");

// Nobody publishes what a child writes: these checks say no schema.
/** A key of an author's object; those with our mark would make a resource of it. */
const key = fitting((each) => !each.startsWith("~") && each !== "__proto__", "a key that data may have", "");

/** One of the two an item has. */
function pair(first: Check, second: Check): Check {
  return check((value, spot) => {
    const [left, right, ...more] = Array.isArray(value) && value.length === 2 ? value : [undefined, undefined, 0];
    if (more.length > 0) return list(first)(null, spot);
    return first(left, { above: spot, key: 0 }) ?? second(right, { above: spot, key: 1 });
  }, {});
}

/** A value; resources by number are fewer than `handles`. */
function wire(handles: number, depth = 0): Check {
  return check((value, spot) => {
    if (typeof value !== "object" || value === null) return atom(value, spot);
    if (depth > MAX_DEPTH || !isObject(value)) return atom(value, spot);
    const inner = check((each, at) => wire(handles, depth + 1)(each, at), {});
    const cases: { readonly [mark: string]: Check } = {
      a: list(inner),
      o: list(pair(key, inner)),
      h: handle(handles),
      r: pair(rid, text),
      c: list(inner),
      x: oneOf(...NO_DATA),
    };
    const [mark = ""] = Object.keys(value);
    return object({ [mark]: (Object.hasOwn(cases, mark) && cases[mark]) || oneOf() })(value, spot);
  }, {});
}

/** The number of one of so many resources. */
function handle(most: number): Check {
  return check((value, spot) => count(value, spot) ?? (Number(value) < most ? undefined : oneOf()(value, spot)), {});
}

/** What JSON has that is no object; a list is none here. */
const atom: Check = check(
  (value, spot) =>
    value === null || ["boolean", "number", "string"].includes(typeof value) ? undefined : oneOf()(value, spot),
  {},
);

/** A tree. */
export const TREE: Check = check((value, spot) => {
  const each = wire(resourcesIn(value));
  const declared = object({ kind: oneOf(...KINDS), rid, input: each }, { place });
  const made = object({ stack: flag, value: each });
  const trees = { original: each, resources: each, outputs: each };
  const required = { kind: oneOf("tree"), keys: list(key), ...trees, handles: list(declared), made: list(made) };
  return object(required, { place })(value, spot);
}, {});

/** How many resources what may be a tree has. */
export function resourcesIn(value: unknown): number {
  return isObject(value) && Array.isArray(value["handles"]) ? value["handles"].length : 0;
}

const FAILURE: Check = object({
  kind: oneOf("failure"),
  diagnostics: list(
    object(
      { severity: oneOf("error", "warning"), code: oneOf(...ERROR_CODES), summary: text, detail: text },
      { hint: text, address: text, place },
    ),
  ),
});

/** Whether it is a failure, as it is told. */
export function isFailure(value: unknown): value is WireFailure {
  return FAILURE(value, undefined) === undefined;
}

/** Whether it is a tree. */
export function isTree(value: unknown): value is WireTree {
  return TREE(value, undefined) === undefined;
}
