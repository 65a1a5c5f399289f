import { InvariantError } from "../model/errors.ts";
import { machineInputs } from "../model/machine-inputs.ts";
import { machineName, type MachineName } from "../model/machine.ts";
import type { DesiredMachine, DesiredResource } from "../model/resource.ts";
import type { Lookup, Value } from "../model/value.ts";
import { refused } from "./failure.ts";
import type { Run } from "./run.ts";
import type { Step } from "./step.ts";
import type { Asked } from "./transition.ts";

/** What the stack asks of the machine that an action is for, as state keeps it. */
export async function askedOf(step: Step): Promise<Asked> {
  const settled = step.run.plan.settled[step.action.address];
  if (settled?.type !== "machine") throw new InvariantError(`${step.action.id} has no settled machine in the plan`);
  return askedWith(step.run, settled, await step.lookup(valuesOf(settled)));
}

/** The same with references looked up already. What is not known is `null` until everything about it is settled. */
export function askedWith(run: Run, settled: DesiredMachine, lookup: Lookup): Asked {
  const inputs = machineInputs(settled, (ref) => lookup(ref) ?? null, run.ports.digest);
  if (inputs === undefined) throw new InvariantError(`the inputs of ${settled.address} can't be resolved`);
  return { settled, inputs };
}

/** Every value of a resource that may hold references. */
export function valuesOf(resource: DesiredResource): readonly (Value | undefined)[] {
  const { replaceWhen } = resource.lifecycle;
  if (resource.type === "setting") return [resource.value, ...replaceWhen];
  if (resource.type === "archive") return [resource.triggers, ...replaceWhen];
  if (resource.type !== "machine") return [...Object.values(resource.properties), ...replaceWhen];
  return [...Object.values(resource.settings), resource.cloudInit?.text, ...replaceWhen];
}

/** A name as it may be given to OrbStack. Errors: `ORB_NAME_REFUSED`. */
export function safeName(name: string): MachineName {
  const safe = machineName(name);
  if (safe !== undefined) return safe;
  throw refused("ORB_NAME_REFUSED", {
    summary: "A machine name is refused",
    detail: `${JSON.stringify(name)} can't be a machine's name. Nothing was done.`,
    hint: "Give the machine another `name` in the stack: letters, digits, `-` and `.`.",
  });
}
