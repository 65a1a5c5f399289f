import type { AdoptAction, ForgetAction } from "../model/action.ts";
import { nameKey } from "../model/machine.ts";
import { askedOf } from "./asked.ts";
import type { Done } from "./done.ts";
import { stale } from "./failure.ts";
import type { Step } from "./step.ts";
import { made, unprobed } from "./transition.ts";

/** Takes a machine into state as it is. What can't be read back is taken as the stack has it. */
export async function performAdopt(step: Step<AdoptAction>): Promise<Done> {
  const { action } = step;
  const details = await step.target(step.targetId(), { settings: true });
  if (nameKey(details.name) !== nameKey(action.name)) {
    throw stale(action.address, `The machine to adopt was ${action.name}, and is ${details.name} now.`);
  }
  if (details.builtin) throw stale(action.address, `${details.name} is OrbStack's own.`);
  const before = step.state?.type === "machine" ? step.state : undefined;
  // One that was replaced outside is gone: its successor has no predecessor to delete.
  const { id: _gone, ...rest } = before ?? { id: undefined };
  const state = made("type" in rest ? rest : undefined, await askedOf(step), details);
  return { state: unprobed(state) };
}

/** Takes a resource out of state. */
export async function performForget(_step: Step<ForgetAction>): Promise<Done> {
  return { state: undefined };
}
