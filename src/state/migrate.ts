import { InvariantError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { SNAPSHOT_FORMAT } from "../model/snapshot.ts";

/** Leads a snapshot of one format to the next one. */
export type Migration = (older: JsonObject) => JsonObject;

/** By the format they start from. Format 1 is the first: there is nothing older yet. */
const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/**
 * A snapshot of an older format, led step by step to the present one. Nothing is written: the backend keeps the older
 * file beside the new one when it next writes.
 */
export function migrate(
  snapshot: JsonObject,
  from: number,
  chain: { readonly steps: ReadonlyMap<number, Migration>; readonly to: number } = {
    steps: MIGRATIONS,
    to: SNAPSHOT_FORMAT,
  },
): JsonObject {
  let migrated = snapshot;
  for (let format = from; format < chain.to; format++) {
    const step = chain.steps.get(format);
    if (!step) throw new InvariantError(`no way from snapshot format ${format} to ${format + 1}`);
    migrated = { ...step(migrated), format: format + 1 };
  }
  return migrated;
}
