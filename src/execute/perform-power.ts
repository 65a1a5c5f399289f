import type { StartAction, StopAction } from "../model/action.ts";
import { isSettled, type MachineDetails, type MachineState } from "../model/machine.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { DriverError } from "../driver/errors.ts";
import type { Done } from "./done.ts";
import { untilFree } from "./inside-free.ts";
import { makeReady } from "./make-ready.ts";
import type { Step } from "./step.ts";
import type { Sight } from "./supervise.ts";
import { repowered, toReturn } from "./transition.ts";

/** Starts or restarts a machine and waits until it is ready. One that runs already is only probed. */
export async function performStart(step: Step<StartAction>): Promise<Done> {
  const { kind, ready, identity } = step.action;
  const before = await step.target(step.targetId());
  if (kind === "restart" || before.state !== "running") {
    intendPower(step);
    const verb = kind === "restart" && before.state === "running" ? "restart" : "start";
    if (verb === "restart") await untilFree(step, before.id);
    await step.operate({ verb, id: before.id }, { look: () => powerSight(step, verb === "start" ? "running" : null) });
  }
  const state = await powered(step, "running");
  return ready === null ? { state } : await makeReady(step, state, { ready, identity });
}

/** Stops a machine. One in transition is waited for: a machine in `provisioning` would be deleted by a stop. */
export async function performStop(step: Step<StopAction>): Promise<Done> {
  const before = await step.target(step.targetId());
  if (before.state !== "stopped") {
    if (before.state === "running") await untilFree(step, before.id);
    intendPower(step);
    await step.operate({ verb: "stop", id: before.id }, { look: () => powerSight(step, "stopped") });
  }
  return { state: await powered(step, "stopped") };
}

function intendPower(step: Step<StartAction> | Step<StopAction>): void {
  const returnTo = step.run.shape.returns.get(step.action.id);
  const machine = step.machine();
  step.intend(returnTo === undefined ? machine : toReturn(machine, returnTo));
}

async function powered(step: Step<StartAction> | Step<StopAction>, wanted: MachineState): Promise<MachineResource> {
  const details = await step.target(step.targetId());
  if (details.state !== wanted) throw notPowered(details, wanted);
  const state = repowered(step.machine(), details);
  step.keep(state);
  return state;
}

async function powerSight(step: Step, wanted: MachineState | null): Promise<Sight> {
  const id = step.targetId();
  const machine = id && (await step.run.ports.driver.inspect({ id }, { settings: false }));
  if (!machine) return "not done";
  if (!isSettled(machine.state)) return "on its way";
  return machine.state === wanted ? "done" : "not done";
}

function notPowered(details: MachineDetails, wanted: MachineState): DriverError {
  return new DriverError("ORB_ACTION_FAILED", {
    summary: "The machine has another power state",
    detail: `${details.name} should be ${wanted} now, but is ${details.state}.`,
    hint: `Look at \`orbctl logs ${details.name}\`, then run \`orb apply\` again.`,
    kind: "other",
    outcome: "unknown",
  });
}
