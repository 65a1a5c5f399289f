/** The deliberate faults that the simulation has to find: docs/proof.md says which law finds each. */
import type { Fault } from "./fault.ts";
import { EXECUTE_FAULTS } from "./faults-execute.ts";
import { INSIDE_FAULTS } from "./faults-inside.ts";
import { PLAN_FAULTS } from "./faults-plan.ts";
import { STATE_FAULTS } from "./faults-state.ts";

/** Every one of them. */
export const FAULTS: readonly Fault[] = [...STATE_FAULTS, ...EXECUTE_FAULTS, ...PLAN_FAULTS, ...INSIDE_FAULTS];

/** The fault of this name. Throws where there is none. */
export function faultNamed(name: string): Fault {
  const fault = FAULTS.find((each) => each.name === name);
  if (fault) return fault;
  throw new Error(
    `there is no fault ${JSON.stringify(name)}; there are: ${FAULTS.map((each) => each.name).join(", ")}`,
  );
}
