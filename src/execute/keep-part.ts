import type { InsideAction } from "../model/action.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { isDriverError } from "../driver/errors.ts";
import { look } from "./inside-step.ts";
import type { Step } from "./step.ts";

/** A change that failed. */
interface Failed {
  readonly machine: MachineId;
  readonly asked: InsideWish;
  /** What was found before it began. */
  readonly before: InsideFacts;
  readonly begun: InsideResource;
  readonly error: unknown;
}

/**
 * What programs of the machine did of a change before they failed is ours, and what they did not do is not: one of that name
 * is somebody else's from now on. A file is written whole or not at all; of a command nothing tells.
 */
export async function keepPart(step: Step<InsideAction>, failed: Failed): Promise<void> {
  const { machine, asked, before, begun, error } = failed;
  const isPartly = ["packages", "service", "user"].includes(begun.type);
  const isAnother = isDriverError(error) && error.code === "ORB_PLAN_STALE";
  if (!step.wasBegun || !isPartly || isAnother) return;
  const found = await look(step, machine, asked).catch(() => undefined);
  if (found === undefined) step.keep(begun);
  else if (!sameJson(ofItself(found), ofItself(before)))
    step.keep({ ...begun, ...(found.type === "user" && { seen: found }) });
}

/** What an index knows is not of the machine's making. */
function ofItself(facts: InsideFacts): InsideFacts {
  return facts.type === "packages" ? { ...facts, newer: {} } : facts;
}
