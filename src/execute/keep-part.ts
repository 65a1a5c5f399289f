import type { InsideAction } from "../model/action.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource, ResourceState } from "../model/snapshot.ts";
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
  const failure = isDriverError(error) ? error : undefined;
  if (!step.wasBegun || !isPartly || failure?.outcome === "nothing") return;
  if (failure?.code === "ORB_PLAN_STALE") return step.keep(notClaimed(step.before, before));
  const found = await look(step, machine, asked).catch(() => undefined);
  const isUntouched = found !== undefined && sameJson(ofItself(found), ofItself(before));
  const isRefused = failure?.outcome === "refused" && (failure.code !== "ORB_COMMAND_FAILED" || isNotBegun(failure));
  if (isUntouched && (begun.type !== "packages" || isRefused)) return;
  step.keep({ ...begun, ...(found?.type === "user" && { seen: found }) });
}

/** It was somebody else's when its turn came, whatever an attempt before did: by what was found before that is told apart. */
function notClaimed(state: ResourceState | undefined, before: InsideFacts): ResourceState | undefined {
  if (state?.type !== "user" || state.seen.type !== "user" || before.type !== "user") return state;
  if (before.exists) return { ...state, seen: before };
  return state.unfinished === true && !state.seen.exists && state.was === undefined ? undefined : state;
}

/** What an index knows is not of the machine's making. */
function ofItself(facts: InsideFacts): InsideFacts {
  return facts.type === "packages" ? { ...facts, newer: {} } : facts;
}
