/**
 * JSON Patch (RFC 6902) over one resource's state: the only module that knows which library does it.
 *
 * fast-json-patch 3.1.1 does nothing at all, silently, on a frozen document and loses operations of a frozen patch, so
 * both are cloned; its errors hold the whole document, so they are never passed on; only its default import works in Node.
 */
import fjp from "fast-json-patch";
import type { Operation } from "fast-json-patch";
import { InvariantError, OrbformError } from "../model/errors.ts";
import { isInsideType } from "../model/inside.ts";
import type { ResourceState } from "../model/snapshot.ts";
import { findHostile } from "../model/hostile.ts";
import type { PatchOperation } from "./records.ts";

/** What a patch is about: one resource, or none. Wrapped, because roots that are no objects are compared wrongly. */
interface Wrapped {
  readonly resource?: ResourceState;
}

/**
 * The operations that lead from one state of a resource to another; `undefined` = not in state. Empty where nothing
 * differs. Time and size grow with this one resource only. Throws an {@link InvariantError} for a key `__proto__`
 * or a depth over 64, which could be written but never read again.
 */
export function patchBetween(before: ResourceState | undefined, after: ResourceState | undefined): PatchOperation[] {
  if (before === after) return [];
  const trouble = findHostile(after);
  if (trouble) throw new InvariantError(`a resource cannot be recorded: ${trouble.why} at ${trouble.path}`);
  return fjp.compare(wrap(before), wrap(after)).map(fromLibrary);
}

/**
 * The state after a patch; `undefined` = not in state any more. Neither argument is changed, and both may be frozen.
 * Errors: `ORB_JOURNAL_CORRUPT` where the patch does not fit; the message holds no values.
 */
export function applyResourcePatch(
  before: ResourceState | undefined,
  patch: readonly PatchOperation[],
): ResourceState | undefined {
  if (patch.length === 0) return before;
  const outside = patch.find((each) => !/^\/resource(?:\/|$)/.test(each.path));
  if (outside) throw misfit(`${outside.op} at a path outside the resource`);
  const after = applied(wrap(before), patch).resource;
  if (after === undefined || isResourceState(after)) return after;
  throw misfit("the result is no resource");
}

function wrap(resource: ResourceState | undefined): Wrapped {
  return resource === undefined ? {} : { resource };
}

function fromLibrary(operation: Operation): PatchOperation {
  const { op, path } = operation;
  if (op === "remove") return { op, path };
  if (op === "add" || op === "replace") return { op, path, value: operation.value };
  throw new InvariantError(`unexpected patch operation ${op}`);
}

function applied(document: Wrapped, patch: readonly PatchOperation[]): { readonly resource?: unknown } {
  try {
    return fjp.applyPatch(structuredClone(document), structuredClone(patch.map(toLibrary)), true, false).newDocument;
  } catch (error) {
    // The library's error carries the whole document, secrets included: it is not even kept as the cause.
    throw misfit(whichOperation(error, patch));
  }
}

function toLibrary({ op, path, value }: PatchOperation): Operation {
  return op === "remove" ? { op, path } : { op, path, value };
}

function whichOperation(error: unknown, patch: readonly PatchOperation[]): string {
  const index = typeof error === "object" && error !== null && "index" in error ? Number(error.index) : Number.NaN;
  const operation = patch[index];
  const name = error instanceof Error ? error.name : "error";
  return operation ? `operation ${index + 1}, ${operation.op} ${operation.path}: ${name}` : name;
}

function isResourceState(value: unknown): value is ResourceState {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  return (
    typeof value.type === "string" &&
    (["machine", "setting", "archive"].includes(value.type) || isInsideType(value.type))
  );
}

function misfit(what: string): OrbformError {
  return new OrbformError("ORB_JOURNAL_CORRUPT", {
    summary: "A recorded change does not fit",
    detail: `A recorded change of a resource cannot be applied to its recorded state (${what}). No machine was touched.`,
    hint: "Put back a snapshot of the history folder beside the state file, then run `orb plan`.",
  });
}
