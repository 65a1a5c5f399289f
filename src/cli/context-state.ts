/** What commands do with a stack's state that need no machine. */
import { dirname } from "node:path";
import type { RestoreAsked } from "../engine-restore.ts";
import { editState } from "../engine.ts";
import type { EditPorts } from "../engine-types.ts";
import { isOrbformError } from "../model/errors.ts";
import type { HistoryEntry } from "../model/history.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { readPrior } from "../state/read-prior.ts";

/** The state of a stack, as commands look at it and edit it. */
export interface StateSide {
  /** The folder of states that it lies in, absolute. */
  readonly stateFolder: string;
  /** The snapshot with an interrupted run's journal folded in; reads only. */
  snapshot(): Promise<Snapshot | undefined>;
  /** The snapshots that are kept, newest first. */
  history(): Promise<readonly HistoryEntry[]>;
  /** Puts a kept snapshot back in the place of the one that is there now. */
  restore(asked: RestoreAsked): Promise<Snapshot>;
  stateEdit(operation: string, edit: (snapshot: Snapshot) => Snapshot): Promise<Snapshot>;
  unlock(id: string): Promise<void>;
}

/** The state behind these ports. */
export function stateSide(ports: EditPorts): StateSide {
  return {
    stateFolder: dirname(ports.paths.snapshot),
    snapshot: async () => (await readPrior(ports)).snapshot,
    history: async () => {
      const { readHistory } = await import("../state/history.ts");
      return readHistory(ports.disk, ports.paths.history, await lineageOf(ports));
    },
    restore: async (asked) => (await import("../engine-restore.ts")).restoreState(ports, asked),
    stateEdit: async (operation, edit) => editState(ports, operation, edit),
    unlock: (id) => ports.backend.unlock(id),
  };
}

/** A state that can't be read may be the very reason to look at the history: then it is all shown. */
async function lineageOf(ports: EditPorts): Promise<string | undefined> {
  try {
    return (await readPrior(ports)).snapshot?.lineage;
  } catch (error) {
    if (isOrbformError(error) && error.code === "ORB_STATE_CORRUPT") return undefined;
    throw error;
  }
}
