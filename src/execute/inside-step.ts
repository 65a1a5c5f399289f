import type { InsideAction } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import type { BegunScript, InsideFacts, InsideWish } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import { isInsideResource, type InsideResource } from "../model/snapshot.ts";
import { carryInside, type Carrying } from "../guest/carry.ts";
import { fateInside } from "../guest/fate.ts";
import { busy } from "../guest/look.ts";
import { refused, stale } from "./failure.ts";
import { outcomeKnown } from "./inside-outcome.ts";
import { lookWhenFree } from "./inside-free.ts";
import type { Step } from "./step.ts";

/** Whether an attempt did something, as far as anybody knows: one that certainly did nothing is none. */
export function mayHaveActed(step: Step): boolean {
  return step.isUncertain || step.hasKept;
}

/** What is believed of the resource; what an attempt intended only where that may have done something. */
export function knownOf(step: Step<InsideAction>): InsideResource | undefined {
  const known = mayHaveActed(step) ? step.state : step.before;
  return isInsideResource(known) ? known : undefined;
}

/** The machine that an action works in, which has to run. Errors: `ORB_PLAN_STALE`. */
export async function runningMachine(step: Step<InsideAction>): Promise<MachineId> {
  const details = await step.target(step.targetId());
  if (details.state === "running") return details.id;
  throw stale(
    step.action.address,
    `Its machine ${details.name} is ${details.state}, and what lies inside needs it running.`,
  );
}

/**
 * What is there now. Waits while a script of ours is at work there. Errors: `ORB_GUEST_UNAVAILABLE`, `ORB_GUEST_BUSY`, and
 * `ORB_PLAN_STALE` where the machine was stopped meanwhile.
 */
export async function look(step: Step<InsideAction>, machine: MachineId, wish: InsideWish): Promise<InsideFacts> {
  const found = await lookWhenFree(step, machine, [wish]);
  if (found === undefined)
    throw stale(step.action.address, "Its machine was stopped, and is not started to be looked into.");
  const [facts] = found;
  if (facts === undefined) throw new InvariantError(`${step.action.id} was not looked at`);
  if (facts.type !== "unavailable") return facts;
  throw refused("ORB_GUEST_UNAVAILABLE", {
    summary: "Machine can't do this",
    detail: `${step.action.address} can't be looked at or changed: ${facts.why} Nothing was done.`,
    hint: "Look at the machine with `orb on`, or take the resource out of the stack.",
  });
}

/**
 * An attempt that nobody has heard of may be on its way still: asked for, it is kept from beginning beside the next one.
 * Whether it was this action's own, and has ended well. Errors: `ORB_PLAN_STALE` where one that the plan began with has
 * ended well and the plan did not know; `ORB_GUEST_BUSY` where it is at work.
 */
export async function keepBack(
  step: Step<InsideAction>,
  machine: MachineId,
  script: BegunScript | undefined,
): Promise<boolean> {
  if (script === undefined || script.boot !== step.boot) return false;
  const { before, address, timeoutMs } = step.action;
  const { status } = await fateInside(step.run.ports.driver, { machine, timeoutMs }, script);
  if (status === "at work") throw busy();
  if (status !== "done") return false;
  const then = isInsideResource(step.before) ? [step.before.script, step.before.was?.script] : [];
  if (!then.some((each) => each?.token === script.token)) return true;
  if (before?.type === "command" && before.done === true) return false;
  throw stale(address, "An earlier attempt at it has ended well since.");
}

/** One script inside the machine, begun like any operation; where its answer is lost, the machine is asked for it. */
export async function carry(step: Step<InsideAction>, machine: MachineId, carrying: Carrying): Promise<void> {
  const { driver } = step.run.ports;
  const quiet = step.action.quiet === true;
  step.run.shape.peopled.add(machine);
  const deadline = step.now + step.action.timeoutMs;
  await step.carry(
    "exec",
    async (options) => {
      const work = carryInside(driver, { machine, ...options }, { ...carrying, quiet });
      await outcomeKnown(step, work, { machine, token: carrying.token, deadline, signal: options.signal });
    },
    {
      look: async () => "not done",
      ...(step.boot !== undefined && { script: { token: carrying.token, boot: step.boot } }),
    },
  );
}
