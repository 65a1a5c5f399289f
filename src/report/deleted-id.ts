import type { Action } from "../model/action.ts";
import type { ExecuteEvent } from "../model/execute-event.ts";

/**
 * An event with the id of the machine that was deleted, where it tells of a deletion: its resource may stand for another
 * machine by then, the successor.
 */
export function withDeletedId(event: ExecuteEvent, actions: readonly Action[]): ExecuteEvent {
  if (event.event !== "succeeded" || event.does !== "delete") return event;
  const action = actions.find((each) => each.id === event.action);
  const id = action?.kind === "delete" ? action.target.id : null;
  return id === null ? event : { ...event, machineId: id };
}
