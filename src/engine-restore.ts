/** Putting a kept snapshot back. Touches no machine. */
import type { EditPorts } from "./engine-types.ts";
import { editState } from "./engine.ts";
import { claimedBy } from "./execute/change-claims.ts";
import { OrbformError } from "./model/errors.ts";
import { lettingGo } from "./model/letting-go.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { atRest } from "./model/at-rest.ts";
import type { Claims } from "./state/claims.ts";

/** A snapshot to be put back, and the one that it was compared with. */
export interface RestoreAsked {
  readonly kept: Snapshot;
  /** What stands in its place now, as it was shown to who asked. */
  readonly instead: Snapshot;
}

/**
 * Puts a snapshot back as a new one, without what was on its way then: the serial goes on, and the world stays the present
 * one. The same way as every edit
 * by hand: lock, recover, write. Errors: `ORB_STATE_CONFLICT` where the state has changed since it was compared, or is of
 * another lineage, `ORB_CLAIMED` where another state has something of it by now, and those of {@link editState}.
 */
export function restoreState(ports: EditPorts, { kept, instead }: RestoreAsked): Promise<Snapshot> {
  return editState(ports, "state restore", async (present) => {
    if (present.serial !== instead.serial) throw changedMeanwhile(instead.serial, present.serial);
    if (present.lineage !== kept.lineage) throw otherLineage(kept.serial);
    await refuseClaimed(ports.claims, kept, present);
    return { ...atRest(kept, present), world: present.world, serial: present.serial };
  });
}

/** What left this state since may have been taken into another one. */
async function refuseClaimed(claims: Claims, kept: Snapshot, present: Snapshot): Promise<void> {
  const had = new Set(keysIn(present));
  const claimed = await claims.readMany(keysIn(kept).filter((key) => !had.has(key)));
  const [first] = Object.values(claimed);
  if (first === undefined) return;
  const there = lettingGo(first);
  throw new OrbformError("ORB_CLAIMED", {
    summary: "Another state claims this",
    detail: `Something of snapshot ${kept.serial} is another state's by now. ${first} The state was not changed.`,
    hint:
      there === undefined
        ? "Take it out of that one first, with `orb state rm` there."
        : `Take it out of that one first: ${there}`,
  });
}

function keysIn({ resources }: Snapshot): readonly string[] {
  return Object.values(resources).flatMap((each) => claimedBy(each));
}

function changedMeanwhile(before: number, now: number): OrbformError {
  return new OrbformError("ORB_STATE_CONFLICT", {
    summary: "The state was changed by another run",
    detail: `It had serial ${before} when it was compared, and has ${now} now. Nothing was put back.`,
    hint: "Run `orb history` and look again.",
  });
}

function otherLineage(serial: number): OrbformError {
  return new OrbformError("ORB_STATE_CONFLICT", {
    summary: "The snapshot is of another state",
    detail: `Snapshot ${serial} is of another lineage: it speaks of a state that stood here before. Nothing was put back.`,
    hint: "Run `orb history` to see the snapshots of this one.",
  });
}
