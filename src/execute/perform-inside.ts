import type { InsideAction } from "../model/action.ts";
import { InvariantError } from "../model/errors.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { withoutDigest } from "../model/inside-looked.ts";
import {
  finishedInside,
  isSameInside,
  notRun,
  partedBy,
  settledInside,
  unfinishedInside,
  type InsideBegin,
} from "../model/inside-kept.ts";
import { ignoredAt, lookedAtAfter, withoutIgnored } from "../model/inside-ignored.ts";
import { insideWish } from "../model/inside-wish.ts";
import type { MachineId } from "../model/machine.ts";
import { isDesiredInside, type DesiredInside } from "../model/resource.ts";
import { keptFacts, keptWish, sealFor, type Seal } from "../model/sealed.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Value } from "../model/value.ts";
import { insideDifferences } from "../diff/inside.ts";
import { changeScript, restartScript, type ChangeScript } from "../guest/change.ts";
import { newToken } from "../guest/look.ts";
import type { Done } from "./done.ts";
import { stale, unknownValue } from "./failure.ts";
import { carry, keepBack, knownOf, look, mayHaveActed, runningMachine } from "./inside-step.ts";
import { refuseStale } from "./inside-stale.ts";
import { keepPart } from "./keep-part.ts";
import { valuesOf } from "./asked.ts";
import type { Step } from "./step.ts";

/** Makes something inside a running machine as the stack asks, or runs a command there, and looks at what came of it. */
export async function performInside(step: Step<InsideAction>): Promise<Done> {
  const { action } = step;
  const { hashText } = step.run.ports;
  const settled = settledOf(step);
  const machine = await runningMachine(step);
  const lookup = await step.lookup(valuesOf(settled));
  const asked = insideWish({ type: settled.type, properties: askedOf(action, settled) }, lookup, hashText);
  const inputs = insideWish(settled, lookup, hashText);
  if (asked === undefined || inputs === undefined) throw unknownValue();
  const parts = partedBy(knownOf(step), machine);
  const { prior } = parts;
  const same = prior && isSameInside(prior.inputs, inputs) ? prior : undefined;
  const seal = sealOf(step, settled, same);
  const before = await look(step, machine, askable(asked, settled));
  const wish = withIgnored(asked, before, settled);
  refuseStale(step, { machine, wish, found: before, seal });
  const ignored = ignoredAt(settled.lifecycle, action.before);
  const applied = withoutIgnored(keptWish(inputs, seal), ignored, same?.inputs);
  const found = withoutOurs(step, machine, keptFacts(before, seal));
  const begin = { machine, settled, inputs: applied, found, ...parts, serial: step.run.serial };
  const isToDo = isLeft(step, { wish, before, prior }) && !(await keepBack(step, machine, prior?.script));
  if (isToDo) await carryThrough(step, { begin, wish, asked: askable(asked, settled), before });
  const waiting = mayHaveActed(step) ? undefined : waitingCommand(begin);
  if (waiting !== undefined) return { state: waiting };
  const after = await look(step, machine, askable(lookedAtAfter(wish, applied), settled));
  const done = finishedInside(begin, keptFacts(after, seal));
  const startedWith = revisionsOf(step, settled);
  return { state: settled.restartOn.length > 0 ? { ...done, startedWith } : done };
}

interface Decided {
  readonly begin: InsideBegin;
  readonly wish: InsideWish;
  readonly asked: InsideWish;
  /** What was found just now. */
  readonly before: InsideFacts;
}

/** Writes down what is begun, and does it; of what fails, what came of it is kept. */
async function carryThrough(step: Step<InsideAction>, { begin, wish, asked, before }: Decided): Promise<void> {
  const { machine, settled } = begin;
  const token = newToken();
  const begun = unfinishedInside(begin, step.boot === undefined ? undefined : { token, boot: step.boot });
  step.intend(begun);
  try {
    await change(step, { machine, settled, wish, facts: decidedFrom(step, before), token });
  } catch (error) {
    await keepPart(step, { machine, asked, before, begun, error });
    throw error;
  }
}

/** A command whose turn has not come, which the plan could not see: it is still to be run. */
function waitingCommand({ machine, settled, inputs, found, prior }: InsideBegin): InsideResource | undefined {
  if (inputs.type !== "command" || found.type !== "command" || found.onlyIf !== false) return undefined;
  if (found.created === true || found.unless === true) return undefined;
  return prior === undefined
    ? notRun(settled, { machine, wish: inputs, facts: found })
    : settledInside({ ...prior, seen: found }, settled, inputs);
}

/** A package that was installed for another resource of ours was not there before. */
function withoutOurs(step: Step<InsideAction>, machine: MachineId, found: InsideFacts): InsideFacts {
  const ours = step.run.shape.packages.get(machine);
  if (found.type !== "packages" || ours === undefined) return found;
  const installed = Object.entries(found.installed).map(([name, version]) => [name, ours.has(name) ? null : version]);
  return { ...found, installed: Object.fromEntries(installed) };
}

/** What a script is asked by stands in an argument list, for everybody to see. */
function askable(wish: InsideWish, { sensitive }: DesiredInside): InsideWish {
  return sensitive ? withoutDigest(wish) : wish;
}

/** What the plan asks for; of what nobody may see, with what the stack says it is to hold. */
function askedOf({ properties }: InsideAction, settled: DesiredInside): DesiredInside["properties"] {
  if (!settled.sensitive) return properties;
  const { digest: _sealed, ...asked } = properties;
  const hidden = Object.entries(settled.properties).filter(([key]) => CONTENT.has(key));
  return { ...asked, ...Object.fromEntries(hidden) };
}

const CONTENT: ReadonlySet<string> = new Set(["content", "source", "digest"]);

/** A hidden content that is ignored stays as it is. */
function withIgnored(wish: InsideWish, found: InsideFacts, { sensitive, lifecycle }: DesiredInside): InsideWish {
  const isKept = sensitive && lifecycle.ignoreChanges.some((key) => CONTENT.has(key));
  if (!isKept || wish.type !== "file" || found.type !== "file" || found.digest === undefined) return wish;
  return { ...wish, digest: found.digest };
}

/** Of packages only those are replaced of which the plan said so, whatever an index knows that was fetched meanwhile. */
function decidedFrom({ action: { before } }: Step<InsideAction>, found: InsideFacts): InsideFacts {
  return found.type === "packages" && before?.type === "packages" ? { ...found, newer: before.newer } : found;
}

interface Changing {
  readonly machine: MachineId;
  readonly settled: DesiredInside;
  readonly wish: InsideWish;
  readonly facts: InsideFacts;
  readonly token: string;
}

async function change(step: Step<InsideAction>, { machine, settled, wish, facts, token }: Changing): Promise<void> {
  if (wish.type === "packages" || wish.type === "command") step.run.workedIn.add(machine);
  const made = changeScript(wish, { facts, token });
  const stdin = await stdinOf(step, settled, made);
  await carry(step, machine, { script: made.script, token, ...(stdin && { stdin }) });
  if (!step.action.restart || wish.type !== "service" || facts.type !== "service") return;
  // One that did not run has been started just now.
  if (!facts.running) return;
  const again = newToken();
  const script = restartScript({ name: wish.name, manager: facts.manager }, again);
  await carry(step, machine, { script, token: again });
}

async function stdinOf(
  step: Step<InsideAction>,
  settled: DesiredInside,
  made: ChangeScript,
): Promise<Uint8Array | undefined> {
  if (made.stdin === "content")
    return Buffer.concat([Buffer.from(made.head), Buffer.from(await contentOf(step, settled))]);
  return made.stdin === "text" ? Buffer.from(made.text) : undefined;
}

/** What a file is to hold: written in the stack, or read again from its source, which must be what it was. */
async function contentOf(step: Step<InsideAction>, { properties }: DesiredInside): Promise<string | Uint8Array> {
  const { content, source, digest } = properties;
  if (content !== undefined) {
    const text = await step.resolve(content);
    return typeof text === "string" ? text : JSON.stringify(text);
  }
  if (typeof source !== "string") return declaredContent(step, digest);
  const bytes = await step.run.ports.readSource(source);
  if (bytes?.digest === digest && bytes !== undefined) return bytes.content;
  throw stale(step.action.address, `The file ${JSON.stringify(source)} is not what it was when the plan was made.`);
}

/** What is too long for a plan stands in the stack. */
function declaredContent({ run, action }: Step<InsideAction>, digest: Value | undefined): string {
  const content = run.ports.readHidden(action.address)?.["content"];
  if (typeof content === "string" && run.ports.hashText(content) === digest) return content;
  throw stale(action.address, "What the stack says it is to hold is not what it was when the plan was made.");
}

function settledOf(step: Step<InsideAction>): DesiredInside {
  const settled = step.run.plan.settled[step.action.address];
  if (settled === undefined || !isDesiredInside(settled)) {
    throw new InvariantError(`${step.action.id} has nothing settled in the plan`);
  }
  if (!settled.sensitive) return settled;
  const { digest: _sealed, ...shown } = settled.properties;
  const declared = step.run.ports.readHidden(step.action.address);
  if (declared !== undefined) return { ...settled, properties: { ...shown, ...holdings(declared) } };
  throw stale(step.action.address, "What it is to hold stands in no plan, and the stack does not say it any more.");
}

/** What says what a file is to hold, and nothing else: all other properties are the plan's. */
function holdings({ content, source, digest }: DesiredInside["properties"]): DesiredInside["properties"] {
  const held = { content, source, digest };
  return Object.fromEntries(
    Object.entries(held).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function sealOf(
  step: Step<InsideAction>,
  { sensitive, address }: DesiredInside,
  before: InsideResource | undefined,
): Seal | undefined {
  const { world, stack } = step.run.plan;
  return sensitive ? sealFor(`${world.host} ${stack} ${address}`, before, step.run.ports.hashText) : undefined;
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

function revisionsOf(step: Step<InsideAction>, { restartOn }: DesiredInside): { readonly [address: string]: number } {
  const revisions = restartOn.map((address) => [address, step.run.recorder.get(address)?.revision ?? 0] as const);
  return Object.fromEntries(revisions);
}
