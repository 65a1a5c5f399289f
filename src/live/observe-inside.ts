import type { Driver } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import { lookInside } from "../guest/look.ts";
import type { Address } from "../model/address.ts";
import { NO_DIGEST, type InsideFacts, type InsideWish } from "../model/inside.ts";
import { insideWish, type HashText } from "../model/inside-wish.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts, MachineId } from "../model/machine.ts";
import { isDesiredInside, type DesiredInside, type DesiredResource, type DesiredState } from "../model/resource.ts";
import { isInsideResource, type InsideResource, type Snapshot } from "../model/snapshot.ts";
import { refsIn, type Value } from "../model/value.ts";

/** How long one look into a machine may take. Milliseconds. */
const LOOK_MS = 120_000;

/** How many machines are looked into at the same time. */
const AT_ONCE = 8;

/** What looking into machines needs. */
export interface InsideParts {
  readonly driver: Driver;
  readonly desired: DesiredState;
  readonly prior: Snapshot | undefined;
  readonly hashText: HashText;
  readonly signal?: AbortSignal;
}

interface Question {
  readonly address: Address;
  readonly wish: InsideWish;
}

/**
 * Looks into the machines that run and in which something of the stack, or of its state, lies: one command for each, many
 * machines at a time. A machine that doesn't run is never looked into: that would start it. What can't be asked yet, since
 * its path or name hangs on something that is not made, is left out. Errors: the driver's, and `ORB_GUEST_UNREADABLE`.
 */
export async function observeInside(
  parts: InsideParts,
  machines: readonly MachineFacts[],
): Promise<{ readonly [address: Address]: InsideFacts }> {
  const running = new Set(machines.filter(({ state }) => state === "running").map(({ id }) => id));
  const questions = [...questionsOf(parts)].filter(([id]) => running.has(id));
  const facts = new Map<Address, InsideFacts>();
  const next = questions[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const [machine, asked] of next) {
      const found = await look(parts, machine, asked);
      for (const [index, { address }] of asked.entries()) {
        const each = found[index];
        if (each !== undefined) facts.set(address, each);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, questions.length) }, work));
  return Object.fromEntries([...facts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function look(
  { driver, signal }: InsideParts,
  machine: MachineId,
  asked: readonly Question[],
): Promise<readonly InsideFacts[]> {
  const request = { machine, timeoutMs: LOOK_MS, ...(signal && { signal }) };
  const wishes = asked.map(({ wish }) => wish);
  return await lookInside(driver, request, wishes).catch((error: unknown) => {
    if (!isDriverError(error) || signal?.aborted === true) throw error;
    const { code, detail, hint } = error;
    throw new OrbformError(code, {
      summary: "A machine can't be looked into",
      detail: `What lies inside the machine of ${asked.map(({ address }) => address).join(", ")} is unknown, so nothing was planned or changed. ${detail}`,
      ...(hint !== undefined && { hint }),
      cause: error,
    });
  });
}

/** By machine: what is asked of it. What left the stack is looked at when it is taken away. */
function questionsOf({ desired, prior, hashText }: InsideParts): ReadonlyMap<MachineId, readonly Question[]> {
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
    const before = insideOf(prior, resource.address);
    const wish = askable(resource, before, hashText);
    if (wish !== undefined) ask(machine, { address: resource.address, wish });
  }
  return questions;
}

function insideOf(prior: Snapshot | undefined, address: Address): InsideResource | undefined {
  const state = prior?.resources[address];
  return isInsideResource(state) ? state : undefined;
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

/** Packages that are no longer asked for are looked at once more: they are to go. */
function withFormer(wish: InsideWish, before: InsideResource | undefined): InsideWish {
  if (wish.type !== "packages" || before?.inputs.type !== "packages") return wish;
  return { ...wish, install: { ...before.inputs.install, ...wish.install } };
}
