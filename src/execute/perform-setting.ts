import type { SettingAction } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { SettingResource } from "../model/snapshot.ts";
import type { Done } from "./done.ts";
import type { Step } from "./step.ts";

/** Sets a global setting. What stood before the first time is in the intent, and never overwritten. */
export async function performWrite(step: Step<SettingAction>): Promise<Done> {
  const value = await step.resolve(step.action.value);
  const next = settingState(step, value, await originalOf(step));
  step.intend(next);
  const seen = await setAndSee(step, printed(value));
  const got = seen === printed(value) ? {} : { got: seen };
  return { state: { ...next, ...got, revision: next.revision + 1, seen } };
}

/** Puts a global setting back, if it still is what was set; what somebody else set since is left. */
export async function performRemove(step: Step<SettingAction>): Promise<Done> {
  const { key, before, address } = step.action;
  const value = await step.resolve(step.action.value);
  const live = await valueNow(step);
  const isOurs = before === null || live === before || live === step.setting()?.seen;
  if (!isOurs) {
    step.notice({
      severity: "warning",
      code: "ORB_PLAN_STALE",
      summary: "A setting was left as it is",
      detail: `${key} is ${live ?? "not set"}, which is not what was set for this stack. It was left.`,
      address,
    });
    return { state: undefined, left: true };
  }
  // There is no way to unset a key: one that was not listed before is left.
  if (value === null || live === printed(value)) return { state: undefined };
  step.intend(step.state);
  await step.operate({ verb: "set", key, value: printed(value) }, { look: () => sight(step, printed(value)) });
  return { state: undefined };
}

/**
 * Sets the value and reads it back. Another one is what OrbStack makes of it, or somebody else's from between the two, who
 * must not pass for OrbStack: set once more, only OrbStack says the same again.
 */
async function setAndSee(step: Step<SettingAction>, wanted: string): Promise<string> {
  const operation = { verb: "set", key: step.action.key, value: wanted } as const;
  const look = { look: () => sight(step, wanted) };
  await step.operate(operation, look);
  const first = (await valueNow(step)) ?? wanted;
  if (first === wanted || first === step.setting()?.got) return first;
  await step.operate(operation, look);
  return (await valueNow(step)) ?? wanted;
}

/** What stood before the first time: not what the plan saw, which another address may have put back since. */
async function originalOf(step: Step<SettingAction>): Promise<string | null> {
  const before = step.setting();
  return before === undefined ? ((await valueNow(step)) ?? null) : before.original;
}

function settingState(step: Step<SettingAction>, value: Json, original: string | null): SettingResource {
  const { action, run } = step;
  const settled = run.plan.settled[action.address];
  if (settled?.type !== "setting") throw new InvariantError(`${action.id} has no settled setting in the plan`);
  const before = step.setting();
  return {
    type: "setting",
    revision: before?.revision ?? 0,
    lifecycle: settled.lifecycle,
    dependencies: settled.dependencies,
    inputs: { key: action.key, value, onRemove: settled.onRemove },
    original,
    seen: before?.seen ?? original ?? "",
  };
}

async function valueNow(step: Step<SettingAction>): Promise<string | undefined> {
  const { settings } = await step.run.ports.driver.observe({ settings: true, default: false });
  return Object.hasOwn(settings, step.action.key) ? settings[step.action.key] : undefined;
}

async function sight(step: Step<SettingAction>, wanted: string): Promise<"done" | "not done"> {
  return (await valueNow(step)) === wanted ? "done" : "not done";
}

/** As `config set` takes it. */
function printed(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
