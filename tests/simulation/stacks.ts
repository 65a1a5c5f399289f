/** Random stacks, and random edits of them. */
import { DEFAULT_LIFECYCLE, type Lifecycle } from "../../src/model/lifecycle.ts";
import type { DesiredMachine, DesiredResource, DesiredSetting, Origin } from "../../src/model/resource.ts";
import { at, desired, desiredSetting } from "../support/execute-builders.ts";
import type { Chance } from "./chance.ts";

const KEYS = ["a", "b", "c", "d", "e"];
const NAMES = ["a", "b", "c", "d", "e", "web", "db"];

/** Short, so that what hangs costs a simulation little. */
const TIMEOUTS = { create: 90_000, clone: 60_000, restore: 60_000 };
export const OTHERS = 40_000;

/** What stacks set a global setting to; nobody else does. */
export const OUR_VALUES: readonly number[] = [4096, 8192, 12_288];

/** The machines and settings that a stack asks for. */
export type StackText = readonly DesiredResource[];

/** A stack of up to five machines and perhaps a setting. */
export function randomStack(chance: Chance): StackText {
  const keys = KEYS.slice(0, 1 + chance.below(KEYS.length));
  const machines: DesiredMachine[] = [];
  for (const key of keys) machines.push(randomMachine(chance, key, machines));
  return withDefault(chance, [...machines, ...(chance.happens(0.3) ? [randomSetting(chance)] : [])]);
}

/** The stack after somebody worked on it. */
export function edited(chance: Chance, stack: StackText): StackText {
  let next = stack;
  for (let edits = 1 + chance.below(3); edits > 0; edits -= 1) next = valid(editOnce(chance, next));
  return next;
}

function editOnce(chance: Chance, stack: StackText): StackText {
  const machines = stack.filter((each) => each.type === "machine");
  const one = machines.length > 0 ? chance.pick(machines) : undefined;
  if (one === undefined || chance.happens(0.15)) return withOneMore(chance, stack);
  const changed = (changes: Partial<DesiredMachine>): StackText =>
    stack.map((each) => (each === one ? { ...one, ...changes } : each));
  switch (chance.below(9)) {
    case 0:
      return changed({ name: freeName(chance, machines) ?? one.name });
    case 1:
      return swapped(stack, one, chance.pick(machines));
    case 2:
      return stack.filter((each) => each !== one);
    case 3:
      return changed({ power: randomPower(chance) });
    case 4:
      return changed({ settings: randomSettings(chance) });
    case 5:
      return changed(one.origin.kind === "image" ? { origin: randomImage(chance) } : {});
    case 6:
      return changed({ lifecycle: randomLifecycle(chance) });
    case 7:
      return withDefault(chance, stack);
    default:
      return stack.some((each) => each.type === "setting")
        ? stack.filter((each) => each.type !== "setting")
        : [...stack, randomSetting(chance)];
  }
}

function withOneMore(chance: Chance, stack: StackText): StackText {
  const machines = stack.filter((each) => each.type === "machine");
  const key = KEYS.find((each) => !machines.some(({ address }) => address === at(each)));
  return key === undefined ? stack : [...stack, randomMachine(chance, key, machines)];
}

function randomMachine(chance: Chance, key: string, others: readonly DesiredMachine[]): DesiredMachine {
  const sources = others.filter(({ power }) => power !== "any");
  const source = sources.length > 0 && chance.happens(0.4) ? chance.pick(sources) : undefined;
  const origin: Origin = source
    ? { kind: "clone", of: { kind: "address", address: source.address } }
    : randomImage(chance);
  return desired(key, {
    name: freeName(chance, others) ?? key,
    origin,
    dependencies: source ? [source.address] : [],
    identity: chance.happens(0.2) ? "fresh" : "keep",
    power: randomPower(chance),
    settings: randomSettings(chance),
    lifecycle: randomLifecycle(chance),
  });
}

function randomImage(chance: Chance): Origin {
  return {
    kind: "image",
    ...chance.pick([{ distro: "ubuntu" }, { distro: "debian" }, { distro: "ubuntu", version: "22.04" }]),
  };
}

function randomPower(chance: Chance): DesiredMachine["power"] {
  return chance.pick(["running", "running", "running", "stopped", "any"] as const);
}

function randomSettings(chance: Chance): DesiredMachine["settings"] {
  return {
    ...(chance.happens(0.3) && { cpus: 1 + chance.below(3) }),
    ...(chance.happens(0.2) && { memoryMiB: chance.pick([512, 1024]) }),
    ...(chance.happens(0.1) && { httpPort: null }),
  };
}

function randomLifecycle(chance: Chance): Lifecycle {
  const timeoutsMs = { ...TIMEOUTS, start: OTHERS, stop: OTHERS, restart: OTHERS, rename: OTHERS, delete: OTHERS };
  return {
    ...DEFAULT_LIFECYCLE,
    timeoutsMs: { ...timeoutsMs, config: OTHERS, "set-default": OTHERS },
    createBeforeDestroy: chance.happens(0.25),
    replaceWhen: chance.happens(0.2) ? [String(chance.below(2))] : [],
  };
}

function randomSetting(chance: Chance): DesiredSetting {
  return desiredSetting("memory_mib", chance.pick(OUR_VALUES));
}

function withDefault(chance: Chance, stack: StackText): StackText {
  const machines = stack.filter((each) => each.type === "machine");
  const chosen = machines.length > 0 && chance.happens(0.4) ? chance.pick(machines) : undefined;
  return stack.map((each) => (each.type === "machine" ? { ...each, default: each === chosen } : each));
}

function swapped(stack: StackText, one: DesiredMachine, other: DesiredMachine): StackText {
  return stack.map((each) => {
    if (each === one) return { ...one, name: other.name };
    return each === other ? { ...other, name: one.name } : each;
  });
}

function freeName(chance: Chance, machines: readonly DesiredMachine[]): string | undefined {
  const free = NAMES.filter((name) => !machines.some((each) => each.name === name));
  return free.length > 0 ? chance.pick(free) : undefined;
}

/** Without clones of what is not there, and what lies inside that. */
export function valid(stack: StackText): StackText {
  const addresses = new Set(stack.map(({ address }) => address));
  const isWhole = (each: DesiredResource): boolean =>
    each.dependencies.every((dependency) => addresses.has(dependency));
  const whole = stack.filter(isWhole);
  return whole.length === stack.length ? whole : valid(whole);
}
