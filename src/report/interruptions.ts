import type { Action } from "../model/action.ts";
import type { Change, Plan } from "../model/plan.ts";

/** Machines that stay, and are stopped meanwhile or for good. */
export interface Interruptions {
  /** They are restarted, or stopped and started again on the way. */
  readonly restarts: readonly Change[];
  /** They run, and end stopped. */
  readonly stops: readonly Change[];
}

/** Which machines a plan interrupts, in its order. What is replaced or deleted is not among them. */
export function interruptions({ changes, actions }: Plan): Interruptions {
  const byId = new Map<string, Action>(actions.map((action) => [action.id, action]));
  const staying = changes.filter(({ action }) => action === "update" || action === "adopt" || action === "no-op");
  const of = (how: "restart" | "stop"): readonly Change[] =>
    staying.filter((change) => interruption(change, byId) === how);
  return { restarts: of("restart"), stops: of("stop") };
}

/** By the first thing done to its power: one that is started first did not run before. */
function interruption(change: Change, byId: ReadonlyMap<string, Action>): "restart" | "stop" | undefined {
  const power = change.actions
    .flatMap((id) => byId.get(id)?.kind ?? [])
    .filter((kind) => kind === "restart" || kind === "stop" || kind === "start");
  const [first, ...then] = power;
  if (first !== "stop") return first === "restart" ? "restart" : undefined;
  return then.includes("start") ? "restart" : "stop";
}
