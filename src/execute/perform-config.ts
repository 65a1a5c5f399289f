import type { ConfigAction, SetDefaultAction } from "../model/action.ts";
import { nameKey, type MachineDetails, type MachineSettings } from "../model/machine.ts";
import { safeName } from "./asked.ts";
import { setSettings } from "./correct-settings.ts";
import type { Done } from "./done.ts";
import { refused } from "./failure.ts";
import { differing, isEmpty, needsRestart, provablyDiffering, resolveSettings } from "./settings.ts";
import type { Step } from "./step.ts";
import { awaitingRestart, configured } from "./transition.ts";

/** Changes settings of a machine. What OrbStack clamps is kept beside what was asked, and said. */
export async function performConfig(step: Step<ConfigAction>): Promise<Done> {
  const { action } = step;
  const machine = step.machine();
  const lookup = await step.lookup(Object.values(action.settings));
  const settings = resolveSettings(action.settings, lookup, machine.made);
  const before = await step.target(step.targetId(), { settings: true });
  refuseShrunkDisk(before, settings);
  // If no outcome is ever written, live has the new settings already and shows no difference: the restart must not be lost.
  step.intend(action.needsRestart && before.state === "running" ? awaitingRestart(machine) : machine);
  const { details } = await setSettings(step, before, settings).catch(async (error: unknown) => {
    if (action.needsRestart && before.state === "running") await keepRestart(step, before);
    throw error;
  });
  const state = configured(machine, details, settings);
  sayClamped(step, details, settings);
  const waits = action.needsRestart && details.state === "running";
  return { state: waits ? awaitingRestart(state) : state };
}

/** Some settings may be set where the next one was refused. They show no difference any more, and wait for a restart. */
async function keepRestart(step: Step<ConfigAction>, { id, settings }: MachineDetails): Promise<void> {
  const { fallback, wasBegun } = step;
  if (!wasBegun || fallback?.type !== "machine") return;
  const now = await step.run.ports.driver.inspect({ id }, { settings: true }).catch(() => undefined);
  const wasChanged = now === undefined || needsRestart(differing(now.settings, settings));
  if (wasChanged) step.keep(awaitingRestart(fallback));
}

/** Makes a machine the default, or none. */
export async function performSetDefault(step: Step<SetDefaultAction>): Promise<Done> {
  const { target } = step.action;
  const machine = target && (await step.target(step.targetId()));
  if (machine === null && !(await isStillOurs(step))) return { state: step.state };
  step.intend(step.state);
  const name = machine && safeName(machine.name);
  await step.operate({ verb: "set-default", name }, { look: async () => "not done" });
  return { state: step.state };
}

/** None is made the default only where ours still is: what somebody else made it meanwhile stays. */
async function isStillOurs(step: Step<SetDefaultAction>): Promise<boolean> {
  const { default: holder } = await step.run.ports.driver.observe({ settings: false, default: true });
  if (holder === undefined || holder === null) return false;
  const own = step.state?.type === "machine" ? step.state.name : undefined;
  if (own === undefined || nameKey(holder) === nameKey(own)) return true;
  step.notice({
    severity: "warning",
    code: "ORB_PLAN_STALE",
    summary: "The default was left as it is",
    detail: `${own} was the default machine when the plan was made, and ${holder} is now. It was left.`,
    address: step.action.address,
  });
  return false;
}

/** A machine over its disk limit can neither be renamed nor deleted. */
function refuseShrunkDisk({ name, diskUsedBytes = 0 }: MachineDetails, { diskBytes = 0 }: MachineSettings): void {
  if (diskBytes === 0 || diskUsedBytes <= diskBytes) return;
  throw refused("ORB_DISK_SHRINK", {
    summary: "The disk limit is too small",
    detail: `${name} takes ${diskUsedBytes} bytes already, more than the limit of ${diskBytes}. Nothing was changed.`,
    hint: "Give it a larger `disk`, or delete files inside it first.",
  });
}

function sayClamped(step: Step, details: MachineDetails, asked: MachineSettings): void {
  const clamped = provablyDiffering(asked, details.settings);
  if (isEmpty(clamped)) return;
  step.notice({
    severity: "warning",
    code: "ORB_PROPERTY_INVALID",
    summary: "OrbStack gave other settings",
    detail: `${details.name} was asked to have other ${Object.keys(clamped).join(", ")} than OrbStack gave it; what it gave is kept.`,
    address: step.action.address,
  });
}
