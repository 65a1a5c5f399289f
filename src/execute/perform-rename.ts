import type { RenameAction } from "../model/action.ts";
import { nameKey, type MachineSettings } from "../model/machine.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { DriverError } from "../driver/errors.ts";
import { safeName } from "./asked.ts";
import { setSettings } from "./correct-settings.ts";
import type { Done } from "./done.ts";
import { stale } from "./failure.ts";
import { BIRTH_DEFAULTS, differing, provablyDiffering, resolveSettings } from "./settings.ts";
import type { Step } from "./step.ts";
import { observed } from "./transition.ts";

/**
 * Gives a machine another name, and its settings back where they did not follow: settings are kept by name, and whether
 * they follow a rename, or whether a deleted machine left some under the new name, is not known (contract 3.10).
 */
export async function performRename(step: Step<RenameAction>): Promise<Done> {
  const { action } = step;
  const id = step.targetId();
  const before = await step.target(id, { settings: true });
  const isThere = nameKey(before.name) === nameKey(action.to) && before.name === action.to;
  const wasDefault = !isThere && isDefaultIgnored(step) && (await isDefaultNow(step, before.name));
  if (!isThere) {
    refuseStranger(step, before.name);
    step.intend(step.machine());
    const operation = { verb: "rename", id: before.id, to: safeName(action.to) } as const;
    await step.operate(operation, { look: async () => ((await nameNow(step)) === action.to ? "done" : "not done") });
  }
  const after = await step.target(id, { settings: true });
  if (after.name !== action.to) throw notRenamed(after.name, action.to);
  // After a crash the settings of before the rename are only in state.
  const known = isThere ? step.machine().seen.settings : before.settings;
  const promised = promisedBy(step.machine(), known);
  step.keep(observed(step.machine(), { ...after, settings: before.settings }));
  const left = isThere ? {} : provablyDiffering(BIRTH_DEFAULTS, after.settings);
  const { details } = await setSettings(step, after, differing({ ...left, ...promised }, after.settings));
  await keepDefault(step, wasDefault);
  return { state: observed(step.machine(), details) };
}

/**
 * What it has, and, of what can't be read, what it was asked to have: setting that once more changes nothing where it
 * followed the rename.
 */
function promisedBy({ inputs, made }: MachineResource, known: MachineSettings): MachineSettings {
  return { ...resolveSettings(inputs.settings, () => undefined, made), ...known };
}

/** OrbStack may know its default machine by name, and lose it by a rename. */
async function keepDefault(step: Step<RenameAction>, wasDefault: boolean): Promise<void> {
  const { run, action } = step;
  const isPlanned = run.plan.actions.some((each) => each.kind === "set-default");
  const shallBe = isDefaultIgnored(step) ? wasDefault : shallBeDefault(step);
  if (isPlanned || !shallBe || (await isDefaultNow(step, action.to))) return;
  await step.operate({ verb: "set-default", name: safeName(action.to) }, { look: async () => "not done" });
}

/** Where nothing of it is planned, it is the default if the stack wants it so. */
function shallBeDefault(step: Step<RenameAction>): boolean {
  const wanted = step.run.plan.settled[step.action.address];
  return wanted?.type === "machine" ? wanted.default : step.machine().inputs.default;
}

/** What the stack ignores stays as it is: the default if it was that right before its rename. */
function isDefaultIgnored({ run, action }: Step<RenameAction>): boolean {
  return run.plan.settled[action.address]?.lifecycle.ignoreChanges.includes("default") === true;
}

async function isDefaultNow({ run }: Step<RenameAction>, name: string): Promise<boolean> {
  const live = await run.ports.driver.observe({ settings: false, default: true });
  return typeof live.default === "string" && nameKey(live.default) === nameKey(name);
}

async function nameNow(step: Step<RenameAction>): Promise<string | undefined> {
  const id = step.targetId();
  return id && (await step.run.ports.driver.inspect({ id }, { settings: false }))?.name;
}

/** The plan was made for a machine of that name; one on the way of this run is known by the name it was last given. */
function refuseStranger(step: Step<RenameAction>, name: string): void {
  const expected = [step.action.from, step.machine().name].map(nameKey);
  if (expected.includes(nameKey(name))) return;
  throw stale(step.action.address, `It was ${step.action.from} when the plan was made, and is ${name} now.`);
}

function notRenamed(name: string, to: string): DriverError {
  return new DriverError("ORB_ACTION_FAILED", {
    summary: "The machine kept its name",
    detail: `OrbStack said that ${name} was renamed to ${to}, but it still has its old name.`,
    hint: "Run `orb apply` again.",
    kind: "other",
    outcome: "nothing",
  });
}
