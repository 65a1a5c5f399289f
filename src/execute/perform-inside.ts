import type { InsideAction } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import { ownPackages, withoutText, type InsideFacts, type InsideRemoval, type InsideWish } from "../model/inside.ts";
import { finishedInside, unfinishedInside } from "../model/inside-kept.ts";
import { insideWish } from "../model/inside-wish.ts";
import type { MachineId } from "../model/machine.ts";
import type { DesiredInside } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
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
  const begin = { machine, settled, inputs, found: before, prior: sameMachine(step, machine) };
  if (isLeft(step, { wish, before, prior: begin.prior })) {
    const begun = unfinishedInside(begin);
    step.intend(begun);
    await change(step, { machine, wish, facts: before }).catch((error: unknown) => {
      keepPart(step, begun);
      throw error;
    });
  }
  const done = finishedInside(begin, await look(step, machine, wish));
  const startedWith = revisionsOf(step, settled);
  return { state: settled.restartOn.length > 0 ? { ...done, startedWith } : done };
}

/** Takes away what was made inside a machine that stays; what somebody else changed since is left. */
export async function performTakeAway(step: Step<InsideAction>): Promise<Done> {
  const { state, action } = step;
  if (state === undefined || state.type === "machine" || state.type === "setting") return { state: undefined };
  const machine = await runningMachine(step);
  const facts = await look(step, machine, state.inputs);
  if (!isOurs(state, facts)) {
    step.notice({
      severity: "warning",
      code: "ORB_PLAN_STALE",
      summary: "Something was left as it is",
      detail: `${action.address} is not as it was applied: somebody else has changed it, or put something into it. It was left.`,
      address: action.address,
    });
    return { state: undefined };
  }
  const removal = removalOf(state, facts);
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
  if (settled === undefined || settled.type === "machine" || settled.type === "setting") {
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

/**
 * Nothing is written over but what the plan saw, or what it asks for. An earlier attempt of ours may have left rights
 * half-way, never content.
 */
function refuseStale(step: Step<InsideAction>, wish: InsideWish, found: InsideFacts): void {
  const { before, address } = step.action;
  if (before?.type !== "file" || found.type !== "file" || wish.type !== "file" || found.kind === "absent") return;
  const isAsked = insideDifferences({ wish, facts: found, prior: undefined }).length === 0;
  const isOurs = step.wasBegun && (found.digest === wish.digest || found.digest === before.digest);
  if (sameJson(withoutText(found), before) || isAsked || isOurs) return;
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
  const isInside = state !== undefined && state.type !== "machine" && state.type !== "setting";
  return isInside && state.machine === machine ? state : undefined;
}

/** What programs of the machine did of a change before they failed is ours. A file is written whole or not at all. */
function keepPart(step: Step<InsideAction>, begun: InsideResource): void {
  if (step.wasBegun && ["packages", "service", "user"].includes(begun.type)) step.keep(begun);
}

/** Still what was made: the file as it was written, perhaps by a run that nobody heard of again; a directory that is empty. */
function isOurs({ inputs, seen, unfinished }: InsideResource, facts: InsideFacts): boolean {
  if ("kind" in facts && facts.kind === "absent") return true;
  if (facts.type === "directory") return facts.isEmpty === true;
  if (facts.type !== "file" || inputs.type !== "file") return true;
  const isWritten = facts.digest === inputs.digest;
  const isSeen = sameJson(withoutText(facts), seen);
  return unfinished === true ? isWritten || isSeen : isWritten && isSeen;
}

/** What is to be taken away, and only as far as it is what was made. */
function removalOf({ inputs, original, seen }: InsideResource, facts: InsideFacts): InsideRemoval | undefined {
  switch (inputs.type) {
    case "file": {
      const digest = facts.type === "file" ? facts.digest : undefined;
      return { type: "file", path: inputs.path, digest: digest ?? inputs.digest };
    }
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

function revisionsOf(step: Step<InsideAction>, { restartOn }: DesiredInside): { readonly [address: string]: number } {
  const revisions = restartOn.map((address) => [address, step.run.recorder.get(address)?.revision ?? 0] as const);
  return Object.fromEntries(revisions);
}
