import type { Address } from "../model/address.ts";
import { partedBy } from "../model/inside-kept.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Decision } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { priorInside } from "./scene.ts";

/** What is in state of something inside a machine. Where the machine that this one replaced is current again: what was in that. */
export function insideBefore(desk: Desk, address: Address): InsideResource | undefined {
  const state = priorInside(desk.scene, address);
  if (state?.was === undefined) return state;
  return desk.outlooks.get(state.on)?.state?.id === state.was.machine
    ? partedBy(state, state.was.machine).prior
    : state;
}

/** Tells state that it is what it was before. */
export function returned(
  { scene }: Desk,
  address: Address,
  here: InsideResource | undefined,
): Pick<Decision, "refreshed"> {
  const isAnother = here !== undefined && priorInside(scene, address)?.machine !== here.machine;
  return isAnother ? { refreshed: here } : {};
}
