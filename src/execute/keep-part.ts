import type { InsideAction } from "../model/action.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { isDriverError } from "../driver/errors.ts";
import { isNotBegun } from "../guest/carry.ts";
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
 * is somebody else's from now on. A file is written whole or not at all; of a command nothing tells. A package may have been
 * unpacked and not set up, which a look takes for absent: it is nobody's only where the failure says that it was not begun.
 */
export async function keepPart(step: Step<InsideAction>, failed: Failed): Promise<void> {
  const { machine, asked, before, begun, error } = failed;
  const isPartly = ["packages", "service", "user"].includes(begun.type);
  const outcome = isDriverError(error) ? error.outcome : "unknown";
  if (!step.wasBegun || !isPartly || outcome === "nothing") return;
  // It was somebody else's when its turn came, whatever an attempt before that did.
  if (isDriverError(error) && error.code === "ORB_PLAN_STALE") return step.keep(step.before);
  const found = await look(step, machine, asked).catch(() => undefined);
  const isUntouched = found !== undefined && sameJson(ofItself(found), ofItself(before));
  if (isUntouched && (begun.type !== "packages" || isNotBegun(error))) return;
  step.keep({ ...begun, ...(found?.type === "user" && { seen: found }) });
}

/** What an index knows is not of the machine's making. */
function ofItself(facts: InsideFacts): InsideFacts {
  return facts.type === "packages" ? { ...facts, newer: {} } : facts;
}
