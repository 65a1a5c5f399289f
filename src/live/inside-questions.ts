import type { Address } from "../model/address.ts";
import type { InsideQuestion, InsideWish } from "../model/inside.ts";
import { NO_DIGEST, withoutDigest } from "../model/inside-looked.ts";
import { insideWish, type HashText } from "../model/inside-wish.ts";
import { identityOf, partedBy } from "../model/inside-kept.ts";
import type { MachineId } from "../model/machine.ts";
import { isDesiredInside, type DesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import { isSealed } from "../model/sealed.ts";
import { isInsideResource, type InsideResource, type Snapshot } from "../model/snapshot.ts";
import { refsIn, type Value } from "../model/value.ts";

/** What is asked about is asked for, or was. */
export interface Asking {
  readonly desired: DesiredState;
  readonly prior: Snapshot | undefined;
  readonly hashText: HashText;
  /** Nothing is asked that the state did not ask before: who wrote the stack may not look around in machines. */
  readonly untrusted?: boolean;
}

/** What one resource is looked at for. */
export interface Question {
  readonly address: Address;
  readonly wish: InsideQuestion;
  /** Nobody may see what it holds. */
  readonly sensitive: boolean;
}

/** By machine: what is asked of it, and the files and users that left the stack, which may be somebody else's by now. */
export function questionsOf({
  desired,
  prior,
  hashText,
  untrusted,
}: Asking): ReadonlyMap<MachineId, readonly Question[]> {
  const questions = new Map<MachineId, Question[]>();
  const ask = (machine: MachineId | undefined, question: Question): void => {
    if (machine === undefined) return;
    const group = questions.get(machine);
    if (group === undefined) questions.set(machine, [question]);
    else group.push(question);
  };
  const machines = new Map(desired.resources.map((each) => [each.address, each]));
  for (const resource of desired.resources) {
    if (!isDesiredInside(resource)) continue;
    const machine = idOf(machines.get(resource.on), prior, resource.on);
    const before = insideOf(prior, resource);
    const wish = withBegun(askable(resource, before, hashText), before, machine);
    const { address, sensitive } = resource;
    if (untrusted === true && !wasAsked({ wish, before, machine, sensitive })) continue;
    if (wish !== undefined) ask(machine, { address, wish: sensitive ? withoutDigest(wish) : wish, sensitive });
  }
  for (const [state, question] of formerOnes(desired, prior)) ask(state.machine, question);
  return questions;
}

function formerOnes(
  { resources }: DesiredState,
  prior: Snapshot | undefined,
): readonly (readonly [InsideResource, Question])[] {
  const known = new Set(resources.flatMap(({ address, lifecycle }) => [address, ...lifecycle.aliases]));
  return Object.entries(prior?.resources ?? {}).flatMap(([key, state]) => {
    const address = key as Address;
    if (known.has(address) || !isInsideResource(state)) return [];
    const wish = formerWish(state);
    // What goes with its machine nobody has to look at: a look that fails there would fail the whole plan.
    if (wish === undefined || !known.has(state.on)) return [];
    return [[state, { address, wish, sensitive: true }] as const];
  });
}

/** What tells whether it still is what was made; nothing where it stays whatever it is. */
function formerWish({ inputs, original, lifecycle, was }: InsideResource): InsideWish | undefined {
  if (lifecycle.retain) return undefined;
  const isOurs = was !== undefined || original.type !== "user" || !original.exists;
  if (inputs.type === "user") return isOurs ? { type: "user", name: inputs.name } : undefined;
  return inputs.type === "file" ? withoutDigest(inputs) : undefined;
}

/** Of a command whose end nobody has heard the machine may know it. */
function withBegun(
  wish: InsideWish | undefined,
  before: InsideResource | undefined,
  machine: MachineId | undefined,
): InsideQuestion | undefined {
  if (wish?.type !== "command" || machine === undefined) return wish;
  const script = partedBy(before, machine).prior?.script;
  return script === undefined ? wish : { ...wish, begun: script };
}

/** What has moved in the stack stands in state where it was. */
function insideOf(
  prior: Snapshot | undefined,
  { address, type, lifecycle }: DesiredInside,
): InsideResource | undefined {
  for (const each of [address, ...lifecycle.aliases]) {
    const state = prior?.resources[each];
    if (isInsideResource(state) && state.type === type) return state;
  }
  return undefined;
}

/** A machine that has moved in the stack stands in state where it was. */
function idOf(
  machine: DesiredResource | undefined,
  prior: Snapshot | undefined,
  address: Address,
): MachineId | undefined {
  for (const each of [address, ...(machine?.lifecycle.aliases ?? [])]) {
    const state = prior?.resources[each];
    if (state?.type === "machine") return state.id;
  }
  return undefined;
}

/** Only a file's content may hang on something that is not known yet: then it is compared once it is. */
function askable(desired: DesiredInside, before: InsideResource | undefined, hash: HashText): InsideWish | undefined {
  const properties: { [key: string]: Value } = {};
  for (const [key, value] of Object.entries(desired.properties)) {
    if (refsIn(value).length === 0) properties[key] = value;
    else if (key === "content") properties["digest"] = NO_DIGEST;
    else if (["path", "name", "install", "remove"].includes(key)) return undefined;
  }
  const wish = insideWish({ type: desired.type, properties }, () => undefined, hash);
  return wish && withFormer(wish, before);
}

interface AskedNow {
  readonly wish: InsideQuestion | undefined;
  readonly before: InsideResource | undefined;
  readonly machine: MachineId | undefined;
  readonly sensitive: boolean;
}

/**
 * Whether an apply has asked this of this machine before: about the same thing, as openly, and by the same conditions, which
 * are run to be known.
 */
function wasAsked({ wish, before, machine, sensitive }: AskedNow): boolean {
  if (wish === undefined || before === undefined || before.machine !== machine) return false;
  if (isSealed(before) && !sensitive) return false;
  const { inputs } = before;
  if (wish.type === "packages") return inputs.type === "packages";
  if (wish.type !== "command") return inputs.type === wish.type && identityOf(inputs) === identityOf(wish);
  const asked = ["user", "workdir", "creates", "unless", "onlyIf"] as const;
  return inputs.type === "command" && asked.every((key) => sameJson(inputs[key] ?? null, wish[key] ?? null));
}

/** Packages that are no longer asked for are looked at once more: they are to go. */
function withFormer(wish: InsideWish, before: InsideResource | undefined): InsideWish {
  if (wish.type !== "packages" || before?.inputs.type !== "packages") return wish;
  return { ...wish, install: { ...before.inputs.install, ...wish.install } };
}
