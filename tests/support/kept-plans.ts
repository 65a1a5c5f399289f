import { applySaved, savePlan, type ApplySavedRequest } from "../../src/engine-plan-file.ts";
import { PLAIN_REQUEST } from "../../src/engine-types.ts";
import { DEFAULT_LIMITS } from "../../src/model/limits.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import { decodeSavedPlan, encodeSavedPlan, type SavedPlan } from "../../src/plan/saved-plan.ts";
import { hashText } from "../../src/state/digest.ts";
import { digest } from "./engine-ports.ts";
import { stackOf, type Ended, type EngineWorld, type Fate } from "./engine-world.ts";

const QUIET: Omit<ApplySavedRequest, "loadStack"> = {
  operation: "apply",
  lockTimeoutMs: 0,
  limits: DEFAULT_LIMITS,
  failFast: false,
  recreateAll: false,
  onPlan: () => undefined,
  onEvent: () => undefined,
  onNotice: () => undefined,
};

/** What a plan file says after it was written and read again. */
export function readBack(saved: SavedPlan): SavedPlan {
  const text = encodeSavedPlan(saved, { format_version: "1.0" }, hashText);
  return decodeSavedPlan(text, "/plan.json", { hashText, digest });
}

/** Plans, and keeps the plan as a file does. */
export async function keep(
  world: EngineWorld,
  resources: readonly DesiredResource[],
  more: Partial<typeof PLAIN_REQUEST> = {},
): Promise<SavedPlan> {
  const planned = await world.plan(resources, more);
  const request = { ...PLAIN_REQUEST, ...more };
  const { ports } = world.live();
  return readBack(await savePlan(ports, planned, { request, file: "stacks/dev.ts", version: "1.2.3" }));
}

interface ApplyingKept extends Partial<Pick<ApplySavedRequest, "stopStarting" | "onEvent" | "onNotice">> {
  readonly resources: readonly DesiredResource[];
  readonly fate?: Fate;
}

/** Applies a kept plan in a process of its own; `resources` is what the stack says by then. */
export async function applyKept(
  world: EngineWorld,
  saved: SavedPlan,
  { resources, fate = {}, ...more }: ApplyingKept,
): Promise<Ended> {
  const { life, ports } = world.live(fate);
  const loadStack = () => Promise.resolve(stackOf(resources));
  const applied = applySaved(ports, saved, { ...QUIET, ...more, loadStack });
  return await Promise.race([applied.then((done) => ({ dead: false as const, applied: done })), life.death]);
}
