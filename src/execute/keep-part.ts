import type { InsideAction } from "../model/action.ts";
import type { MachineId } from "../model/machine.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { look } from "./inside-step.ts";
import type { Step } from "./step.ts";

/**
 * What programs of the machine did of a change before they failed is ours. A file is written whole or not at all. A user
 * who is not there then was not made: one of that name is somebody else's from now on.
 */
export async function keepPart(step: Step<InsideAction>, machine: MachineId, begun: InsideResource): Promise<void> {
  if (!step.wasBegun || !["packages", "service", "user"].includes(begun.type)) return;
  const found = begun.type === "user" ? await look(step, machine, begun.inputs).catch(() => undefined) : undefined;
  if (found?.type !== "user") step.keep(begun);
  else if (found.exists) step.keep({ ...begun, seen: found });
}
