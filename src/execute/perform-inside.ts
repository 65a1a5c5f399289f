import type { InsideAction } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import { ownPackages, withoutText, type InsideFacts, type InsideRemoval, type InsideWish } from "../model/inside.ts";
import { insideWish } from "../model/inside-wish.ts";
import type { MachineId } from "../model/machine.ts";
import { isDesiredInside, type DesiredInside } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import { isInsideResource, type InsideResource } from "../model/snapshot.ts";
import { insideDifferences } from "../diff/inside.ts";
import { carryInside, type Carrying } from "../guest/carry.ts";
import { changeScript, removeScript, restartScript, type ChangeScript } from "../guest/change.ts";
import { lookInside, newToken } from "../guest/look.ts";
import type { Done } from "./done.ts";
import { refused, stale, unknownValue } from "./failure.ts";
import { valuesOf } from "./asked.ts";
import type { Step } from "./step.ts";

/** Makes something inside a running machine as the stack asks, or runs a command there, and looks at what came of it. */
export async function performInside(step: Step<InsideAction>): Promise<Done> {
  const { action } = step;
  const settled = settledOf(step);
  const machine = await runningMachine(step);
  const lookup = await step.lookup(valuesOf(settled));
  const asked = { type: settled.type, properties: action.properties };
  const wish = insideWish(asked, lookup, step.run.ports.hashText);
  const inputs = insideWish(settled, lookup, step.run.ports.hashText);
  if (wish === undefined || inputs === undefined) throw unknownValue();
  const before = await look(step, machine, wish);
  refuseStale(step, wish, before);
  const state = { ...begun(step, { machine, settled, inputs, before }), inputs };
  if (isLeft(step, { wish, before, prior: sameMachine(step, machine) })) {
    step.intend({ ...state, unfinished: true });
    await change(step, { machine, wish, facts: before });
  }
  const seen = await look(step, machine, wish);
  const { unfinished: _unfinished, ...done } = state;
  return {
    state: {
      ...done,
      revision: state.revision + 1,
      seen: withoutText(seen),
      ...(settled.restartOn.length > 0 && { startedWith: revisionsOf(step, settled) }),
    },
  };
}

/** Takes away what was made inside a machine that stays; what somebody else changed since is left. */
export async function performTakeAway(step: Step<InsideAction>): Promise<Done> {
  const { state, action } = step;
  if (!isInsideResource(state)) return { state: undefined };
  const machine = await runningMachine(step);
  const facts = await look(step, machine, state.inputs);
  const isOurs = action.subject !== "file" || sameJson(withoutText(facts), state.seen) || isAbsent(facts);
  if (!isOurs) {
    step.notice({
      severity: "warning",
      code: "ORB_PLAN_STALE",
      summary: "Something was left as it is",
      detail: `${action.address} was changed by somebody else since it was applied. It was left.`,
      address: action.address,
    });
    return { state: undefined };
  }
  const removal = removalOf(state);
  if (removal === undefined) return { state: undefined };
  step.intend({ ...state, unfinished: true });
  const token = newToken();
  await carry(step, machine, { script: removeScript(removal, token), token });
  return { state: undefined };
}

interface Changing {
  readonly machine: MachineId;
  readonly wish: InsideWish;
  readonly facts: InsideFacts;
}

async function change(step: Step<InsideAction>, { machine, wish, facts }: Changing): Promise<void> {
  const token = newToken();
  const made = changeScript(wish, { facts, token });
  const stdin = await stdinOf(step, made);
  await carry(step, machine, { script: made.script, token, ...(stdin !== undefined && { stdin: Buffer.from(stdin) }) });
  if (!step.action.restart || wish.type !== "service" || facts.type !== "service") return;
  const again = newToken();
  const script = restartScript({ name: wish.name, manager: facts.manager }, again);
  await carry(step, machine, { script, token: again });
}

/** One script inside the machine, begun like any operation; where its answer is lost the next attempt looks first. */
async function carry(step: Step<InsideAction>, machine: MachineId, carrying: Carrying): Promise<void> {
  const { driver } = step.run.ports;
  await step.carry("exec", (options) => carryInside(driver, { machine, ...options }, carrying), {
    look: async () => "not done",
  });
}

async function stdinOf(step: Step<InsideAction>, made: ChangeScript): Promise<string | Uint8Array | undefined> {
  if (made.stdin === "content") return await contentOf(step);
  return made.stdin === "text" ? made.text : undefined;
}

/** What a file is to hold: written in the stack, or read again from its source, which must be what it was. */
async function contentOf(step: Step<InsideAction>): Promise<string | Uint8Array> {
  const { content, source, digest } = step.action.properties;
  if (content !== undefined) {
    const text = await step.resolve(content);
    return typeof text === "string" ? text : JSON.stringify(text);
  }
  const bytes = typeof source === "string" ? await step.run.ports.readSource(source) : undefined;
  if (bytes?.digest === digest && bytes !== undefined) return bytes.content;
  throw stale(step.action.address, `The file ${JSON.stringify(source)} is not what it was when the plan was made.`);
}

function settledOf(step: Step<InsideAction>): DesiredInside {
  const settled = step.run.plan.settled[step.action.address];
  if (settled === undefined || !isDesiredInside(settled)) {
    throw new InvariantError(`${step.action.id} has nothing settled in the plan`);
  }
  return settled;
}

async function runningMachine(step: Step<InsideAction>): Promise<MachineId> {
  const details = await step.target(step.targetId());
  if (details.state === "running") return details.id;
  throw stale(
    step.action.address,
    `Its machine ${details.name} is ${details.state}, and what lies inside needs it running.`,
  );
}

async function look(step: Step<InsideAction>, machine: MachineId, wish: InsideWish): Promise<InsideFacts> {
  const { driver } = step.run.ports;
  const [facts] = await lookInside(driver, { machine, timeoutMs: step.action.timeoutMs }, [wish]);
  if (facts === undefined) throw new InvariantError(`${step.action.id} was not looked at`);
  if (facts.type !== "unavailable") return facts;
  throw refused("ORB_GUEST_UNAVAILABLE", {
    summary: "Machine can't do this",
    detail: `${step.action.address} can't be looked at or changed: ${facts.why} Nothing was done.`,
    hint: "Look at the machine with `orb on`, or take the resource out of the stack.",
  });
}

/** What the plan saw, or what it asks for, or what an earlier attempt of ours left half-way: nothing else is written over. */
function refuseStale(step: Step<InsideAction>, wish: InsideWish, found: InsideFacts): void {
  const { before, address } = step.action;
  if (before === null || step.wasBegun || wish.type !== "file") return;
  if (sameJson(withoutText(found), before) || insideDifferences({ wish, facts: found, prior: undefined }).length === 0)
    return;
  throw stale(address, "It is not as it was when the plan was made.");
}

interface Left {
  readonly wish: InsideWish;
  readonly before: InsideFacts;
  readonly prior: InsideResource | undefined;
}

/** Whether anything is left to do: an earlier attempt may have done it all. A command whose turn it is has to be run. */
function isLeft(step: Step<InsideAction>, { wish, before, prior }: Left): boolean {
  if (step.action.restart) return true;
  const pair = { wish, facts: before, prior: wish.type === "command" ? undefined : prior };
  return insideDifferences(pair).length > 0;
}

function sameMachine({ state }: Step<InsideAction>, machine: MachineId): InsideResource | undefined {
  return isInsideResource(state) && state.machine === machine ? state : undefined;
}

interface Begun {
  readonly machine: MachineId;
  readonly settled: DesiredInside;
  readonly inputs: InsideWish;
  readonly before: InsideFacts;
}

/** What stood there before the first time is never overwritten, as long as it is the same machine. */
function begun(step: Step<InsideAction>, { machine, settled, inputs, before }: Begun): InsideResource {
  const prior = sameMachine(step, machine);
  const isSame = prior !== undefined && identityOf(prior.inputs) === identityOf(inputs) && prior.on === settled.on;
  return {
    type: settled.type,
    revision: prior?.revision ?? 0,
    lifecycle: settled.lifecycle,
    dependencies: settled.dependencies,
    on: settled.on,
    machine,
    inputs,
    seen: prior?.seen ?? withoutText(before),
    original: isSame ? merged(prior.original, before) : withoutText(before),
    ...(prior?.startedWith !== undefined && { startedWith: prior.startedWith }),
  };
}

/** Of packages that are asked for later, what stood there before is what stands there then. */
function merged(original: InsideFacts, now: InsideFacts): InsideFacts {
  if (original.type !== "packages" || now.type !== "packages") return original;
  return { ...original, installed: { ...now.installed, ...original.installed } };
}

function identityOf(wish: InsideWish): string {
  if ("path" in wish) return wish.path;
  return "name" in wish ? wish.name : "";
}

/** What is to be taken away, and only as far as it is what was made. */
function removalOf({ inputs, original, seen }: InsideResource): InsideRemoval | undefined {
  switch (inputs.type) {
    case "file":
      return { type: "file", path: inputs.path, digest: inputs.digest };
    case "directory":
      return { type: "directory", path: inputs.path };
    case "packages":
      return seen.type === "packages"
        ? { type: "packages", manager: seen.manager, names: ownPackages({ inputs, original }) }
        : undefined;
    case "service":
      if (original.type !== "service") return undefined;
      return {
        type: "service",
        manager: original.manager,
        name: inputs.name,
        ...(inputs.running !== undefined && { running: original.running }),
        ...(inputs.enabled !== undefined && { enabled: original.enabled }),
      };
    case "user":
      return { type: "user", name: inputs.name };
    case "command":
    default:
      return undefined;
  }
}

function isAbsent(facts: InsideFacts): boolean {
  return "kind" in facts && facts.kind === "absent";
}

function revisionsOf(step: Step<InsideAction>, { restartOn }: DesiredInside): { readonly [address: string]: number } {
  const revisions = restartOn.map((address) => [address, step.run.recorder.get(address)?.revision ?? 0] as const);
  return Object.fromEntries(revisions);
}
