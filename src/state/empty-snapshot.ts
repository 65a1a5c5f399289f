import type { Snapshot } from "../model/snapshot.ts";
import type { JournalHeader } from "./records.ts";

/** The snapshot before the first one: nothing made yet, serial 0. */
export function emptySnapshot(
  of: Pick<JournalHeader, "stack" | "world" | "lineage"> & { readonly env?: string | undefined },
): Snapshot {
  return {
    format: 1,
    stack: of.stack,
    ...(of.env === undefined ? {} : { env: of.env }),
    world: of.world,
    lineage: of.lineage,
    serial: 0,
    resources: {},
    outputs: {},
  };
}
