/** Snapshots, journal records and locks as text, and back. */
import { parseAddress } from "../model/address.ts";
import { InvariantError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { SNAPSHOT_FORMAT, type Snapshot } from "../model/snapshot.ts";
import type { LockInfo } from "./backend.ts";
import { findHostile, pathText } from "../model/hostile.ts";
import { migrate } from "./migrate.ts";
import type { Claim, JournalRecord, TimingsFile } from "./records.ts";
import { corrupt, foreign, newer, type Trouble } from "./snapshot-errors.ts";
import { lineOfPath, repeatedAddress, syntaxTrouble } from "./snapshot-lines.ts";
import { isSoundClaim, isSoundLock, isSoundRecord, isSoundSnapshot, isSoundTimings } from "./sound.ts";

/**
 * A snapshot's text: two-space indent, resources and keys sorted, a line feed at the end, so that two of them are
 * compared line by line. The same snapshot gives the same bytes, in whatever order it was put together.
 */
export function encodeSnapshot(snapshot: Snapshot): string {
  const trouble = findHostile(snapshot);
  if (trouble) throw new InvariantError(`a snapshot cannot be written: ${trouble.why} at ${trouble.path}`);
  const { format, stack, env, world, lineage, serial, resources, outputs, ...rest } = snapshot;
  const ordered = {
    format,
    stack,
    ...(env === undefined ? {} : { env }),
    world: sorted(world),
    lineage,
    serial,
    ...rest,
    resources: sorted(resources),
    outputs: sorted(outputs),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/**
 * Reads a snapshot's text; `where` is the file's path, for messages. An older format is led to the present one. Errors:
 * `ORB_STATE_CORRUPT`, `ORB_STATE_NEWER`, `ORB_STATE_FOREIGN`.
 */
export async function decodeSnapshot(text: string, where: string): Promise<Snapshot> {
  const document = parseDocument(text, where);
  const present = migrate(document, formatOf(document, where));
  const report = (trouble: Trouble): never => {
    throw corrupt(where, trouble);
  };
  if (!isSoundSnapshot(present)) return await judged(present, { text, report });
  checkResources(present.resources, { text, report });
  return present;
}

/** The format of a document that claims to be a snapshot. Errors as {@link decodeSnapshot}'s. */
export function formatOf(document: JsonObject, where: string): number {
  const { format } = document;
  if (typeof format !== "number" || typeof document.lineage !== "string") throw foreign(where, document);
  if (!Number.isSafeInteger(format) || format < 1) throw corrupt(where, { path: "format", why: "no format number" });
  if (format > SNAPSHOT_FORMAT) throw newer(where, format);
  return format;
}

/** The JSON object a snapshot's text is, with nothing hostile in it. Errors as {@link decodeSnapshot}'s. */
export function parseDocument(text: string, where: string): JsonObject {
  const document = parseJson(text, where);
  if (!isJsonObject(document)) throw foreign(where, undefined);
  const trouble = findHostile(document);
  if (trouble) throw corrupt(where, trouble);
  return document;
}

/** Whether a value read from a journal is a record that this version knows. */
export function isJournalRecord(value: unknown): value is JournalRecord {
  return isSoundRecord(value) && findHostile(value) === undefined;
}

/** Reads a lock file's text; `undefined` where it is none. */
export function decodeLock(text: string): LockInfo | undefined {
  const value = jsonOrUndefined(text);
  return isSoundLock(value) ? value : undefined;
}

/** Reads a claim's text; `undefined` where it is none. */
export function decodeClaim(text: string): Claim | undefined {
  const value = jsonOrUndefined(text);
  return isSoundClaim(value) ? value : undefined;
}

/** Reads learned durations; `undefined` where the text is something else: they are only a help. */
export function decodeTimings(text: string): TimingsFile | undefined {
  const value = jsonOrUndefined(text);
  return isSoundTimings(value) && findHostile(value) === undefined ? value : undefined;
}

interface Reading {
  readonly text: string;
  readonly report: (trouble: Trouble) => never;
}

/** What the quick check refused, by the published schema: mostly refused there too, and then with what is wrong. */
async function judged(value: JsonObject, { text, report }: Reading): Promise<Snapshot> {
  const { isSnapshot, snapshotIssue } = await import("./schema.ts");
  const issue = snapshotIssue(value);
  if (issue) return report({ path: pathText(issue.path), why: issue.message, line: lineOfPath(text, issue.path) });
  if (!isSnapshot(value)) return report({ path: "", why: "it is no snapshot" });
  checkResources(value.resources, { text, report });
  return value;
}

/** What a merge by hand gets wrong: addresses that are none or stand there twice, one machine at two addresses. */
function checkResources(resources: Snapshot["resources"], { text, report }: Reading): void {
  const double = repeatedAddress(text);
  if (double)
    report({ path: pathText(["resources", double.address]), why: "an address that is there twice", line: double.line });
  const byId = new Map<string, string>();
  // Where something stands is looked for only once it is known to be wrong: that reads the whole text.
  const refuse = (address: string, why: string): never => {
    const keys = ["resources", address];
    return report({ path: pathText(keys), why, line: lineOfPath(text, keys) });
  };
  for (const [address, resource] of Object.entries(resources)) {
    if (parseAddress(address) === undefined) refuse(address, "a key that is no address");
    if (resource.type !== "machine" || resource.id === undefined) continue;
    if (byId.has(resource.id)) refuse(address, `the same machine as at ${byId.get(resource.id)}`);
    byId.set(resource.id, address);
  }
}

function parseJson(text: string, where: string): unknown {
  if (text.trim() === "") throw corrupt(where, { path: "", why: "the file is empty" });
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the document: only where it stopped is told.
    throw corrupt(where, { path: "", ...syntaxTrouble(text, String(error)) });
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller says what that means for its file.
    return undefined;
  }
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same value with the keys of every object in it sorted by code unit. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
