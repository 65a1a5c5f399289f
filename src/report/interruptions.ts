import type { Action } from "../model/action.ts";
import type { Change, Plan } from "../model/plan.ts";

/** Machines that stay, and are stopped meanwhile or for good. */
export interface Interruptions {
  /** They are restarted, or stopped and started again on the way. */
  readonly restarts: readonly Change[];
  /** They run, and end stopped. */
  readonly stops: readonly Change[];
}

const STAYS: ReadonlySet<Change["action"]> = new Set(["update", "adopt", "no-op"]);

/** Which machines a plan interrupts, in its order. What is replaced or deleted is not among them. */
export function interruptions({ changes, actions }: Plan): Interruptions {
  const byId = new Map<string, Action>(actions.map((action) => [action.id, action]));
  const staying = changes.filter(({ action }) => STAYS.has(action));
  const kindsOf = (change: Change) => change.actions.flatMap((id) => byId.get(id)?.kind ?? []);
  const of = (how: "restart" | "stop"): readonly Change[] =>
    staying.filter((change) => interruption(kindsOf(change)) === how);
  return { restarts: of("restart"), stops: of("stop") };
}

/** Whether what is done to a machine restarts it, by the first thing done to its power: one that is started first did not run. */
export function isRestart({ action }: Pick<Change, "action">, kinds: readonly Action["kind"][]): boolean {
  return STAYS.has(action) && interruption(kinds) === "restart";
}

function interruption(kinds: readonly Action["kind"][]): "restart" | "stop" | undefined {
  const [first, ...then] = kinds.filter((kind) => kind === "restart" || kind === "stop" || kind === "start");
  if (first !== "stop") return first === "restart" ? "restart" : undefined;
  return then.includes("start") ? "restart" : "stop";
}
