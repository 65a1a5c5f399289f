import { isOrbformError } from "../model/errors.ts";
import type { MachineDetails, MachineSettings } from "../model/machine.ts";
import type { ExecResult } from "../driver/driver.ts";
import { DriverError } from "../driver/errors.ts";
import { asDriverError, refused } from "./failure.ts";
import { safeName } from "./asked.ts";
import { differing, isEmpty, needsRestart, pick, provablyDiffering } from "./settings.ts";
import type { Step } from "./step.ts";

/** What setting a machine's settings came to. */
export interface Corrected {
  readonly details: MachineDetails;
  /** Something took another value that takes effect at the next start only. */
  readonly restartNeeded: boolean;
}

/** Sets settings of a machine under its present name, and reads them back. Nothing to set: nothing is called. */
export async function setSettings(step: Step, details: MachineDetails, settings: MachineSettings): Promise<Corrected> {
  if (isEmpty(settings)) return { details, restartNeeded: false };
  await refuseStrangeUser(step, details, settings);
  const first = await configure(step, details, settings);
  // What reads back otherwise was clamped, or set by somebody else in between: set once more, only OrbStack says the same.
  const others = provablyDiffering(settings, first.settings);
  const after = isEmpty(others) ? first : await configure(step, first, others);
  // A limit that was clamped to what it was before changes nothing, so nothing has to restart for it.
  const changed = differing(
    pick(after.settings, (key) => settings[key] !== undefined),
    details.settings,
  );
  return { details: after, restartNeeded: needsRestart(changed) };
}

async function configure(step: Step, details: MachineDetails, settings: MachineSettings): Promise<MachineDetails> {
  const operation = { verb: "configure", name: safeName(details.name), settings } as const;
  await step.operate(operation, { look: () => settingsSight(step, details, settings) });
  return await step.target(details.id, { settings: true });
}

async function settingsSight(
  step: Step,
  { id }: MachineDetails,
  settings: MachineSettings,
): Promise<"done" | "not done"> {
  const machine = await step.run.ports.driver.inspect({ id }, { settings: true });
  return machine && isEmpty(differing(settings, machine.settings)) ? "done" : "not done";
}

/** A default user that isn't there breaks every later command; a stopped machine can't be asked without booting it. */
async function refuseStrangeUser(step: Step, details: MachineDetails, { user }: MachineSettings): Promise<void> {
  if (user === undefined || details.state !== "running" || step.onlyLook) return;
  const command = ["id", "-u", user];
  const request = { machine: details.id, command, user: "root", timeoutMs: 15_000 };
  const result = await step.run.ports.driver.exec(request).catch((error: unknown) => {
    throw isOrbformError(error) ? error : asDriverError(error);
  });
  if (result.exitCode === 0) return;
  // Exit 1 may be the client's own as well, but the client says why.
  if (!NO_SUCH_USER.test(result.stderr)) throw unanswered(details, result);
  throw refused("ORB_PROPERTY_INVALID", {
    summary: "The default user is not there",
    detail: `${details.name} has no user ${JSON.stringify(user)}; every later command would fail. Nothing was changed.`,
    hint: "Correct `user` in the stack, or make that user inside the machine first.",
  });
}

/** GNU, BusyBox, and an `id` that says nothing. */
const NO_SUCH_USER = /no such user|unknown user|^\s*$/i;

function unanswered({ name }: MachineDetails, { exitCode, stderr }: ExecResult): DriverError {
  return new DriverError("ORB_ACTION_FAILED", {
    summary: "The default user can't be looked for",
    detail: `${name} was asked for it and did not say: exit ${exitCode}. ${stderr.trim()} Nothing was changed.`,
    hint: "Look at it with `orbctl run`, then run `orb apply` again.",
    kind: "transport",
    outcome: "nothing",
  });
}
