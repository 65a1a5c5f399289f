/** What the stack of a chain says at one moment, and how it changes from link to link. */
import type { Random } from "./random.ts";

/** A machine as the stack wants it. */
export interface WishedMachine {
  readonly name: string;
  /** `DISTRO:VERSION` as `create` takes it, or the base it is cloned from. */
  readonly origin: string;
  readonly cpus?: number;
  readonly memoryMiB?: number;
  readonly power: "running" | "stopped";
  readonly createBeforeDestroy?: true;
}

/** A stack, by keys. */
export interface Wish {
  readonly machines: { readonly [key: string]: WishedMachine };
  /** Key of the machine that is to be OrbStack's default. */
  readonly default: string | undefined;
  /** Value of the global setting `memory_mib`. */
  readonly globalMemoryMiB: number | undefined;
}

/** The base of all clones. */
const BASE = "base";
const IMAGES = ["debian:bookworm", "ubuntu:noble", "fedora:43"] as const;
const POWER = ["running", "stopped"] as const;

/** The first text of a chain: eight machines. */
export const FIRST_WISH: Wish = {
  machines: {
    [BASE]: { name: "base", origin: "alpine:3.22", power: "stopped" },
    copy: { name: "copy", origin: BASE, cpus: 2, power: "running" },
    still: { name: "still", origin: BASE, cpus: 1, memoryMiB: 512, power: "stopped" },
    east: { name: "east", origin: "debian:bookworm", power: "running" },
    west: { name: "west", origin: "debian:bookworm", power: "stopped" },
    north: { name: "north", origin: "alpine:3.22", power: "stopped" },
    web: { name: "web", origin: "ubuntu:noble", memoryMiB: 1024, power: "running", createBeforeDestroy: true },
    job: { name: "job", origin: "fedora:43", power: "running" },
  },
  default: "web",
  globalMemoryMiB: 8192,
};

type Change = (wish: Wish, by: Random) => Wish;

/** What may be different in the next text; each is a valid stack whatever came before. */
const CHANGES: readonly [Change, ...Change[]] = [
  (wish, by) => edit(wish, "copy", { cpus: 1 + by.below(6), power: by.one(POWER) }),
  (wish, by) => edit(wish, "still", { memoryMiB: 256 * (1 + by.below(8)) }),
  (wish, by) => edit(wish, "web", { memoryMiB: 256 * (1 + by.below(8)) }),
  (wish, by) => edit(wish, "web", { origin: by.one(IMAGES) }),
  (wish, by) => withOrderOfReplacement(wish, by.chance(0.5)),
  (wish) => swapped(wish, ["east", "west"]),
  (wish) => swapped(wish, ["east", "west", "north"]),
  (wish, by) => edit(wish, "east", { power: by.one(POWER) }),
  (wish, by) => edit(wish, "job", { origin: by.one(IMAGES) }),
  (wish) => toggled(wish, "job"),
  (wish) => toggled(wish, "copy"),
  (wish) => toggled(wish, "still"),
  (wish) => toggled(wish, "north"),
  (wish, by) => ({ ...wish, default: by.one(["web", "east", "west", undefined]) }),
  (wish, by) => ({ ...wish, globalMemoryMiB: by.one([4096, 8192, 12_288, undefined]) }),
];

/** The next text: one to three changes on. */
export function nextWish(wish: Wish, by: Random): Wish {
  let next = wish;
  for (let left = 1 + by.below(3); left > 0; left -= 1) next = by.one(CHANGES)(next, by);
  return next;
}

function edit(wish: Wish, key: string, change: Partial<WishedMachine>): Wish {
  const before = wish.machines[key];
  return before === undefined ? wish : withMachine(wish, key, { ...before, ...change });
}

function withMachine(wish: Wish, key: string, machine: WishedMachine): Wish {
  return { ...wish, machines: { ...wish.machines, [key]: machine } };
}

function withOrderOfReplacement(wish: Wish, newFirst: boolean): Wish {
  const before = wish.machines["web"];
  if (before === undefined) return wish;
  const { createBeforeDestroy: _, ...rest } = before;
  return withMachine(wish, "web", newFirst ? { ...rest, createBeforeDestroy: true } : rest);
}

/** Each of these takes the name of the one after it. */
function swapped(wish: Wish, keys: readonly string[]): Wish {
  const there = keys.filter((key) => wish.machines[key] !== undefined);
  const names = there.map((key) => wish.machines[key]?.name ?? key);
  const machines = { ...wish.machines };
  for (const [index, key] of there.entries()) {
    const before = machines[key];
    const name = names[(index + 1) % names.length];
    if (before !== undefined && name !== undefined) machines[key] = { ...before, name };
  }
  return { ...wish, machines };
}

function toggled(wish: Wish, key: string): Wish {
  const { [key]: before, ...others } = wish.machines;
  if (before !== undefined) return { ...wish, machines: others };
  const first = FIRST_WISH.machines[key];
  return first === undefined ? wish : withMachine(wish, key, { ...first, name: freeName(wish, first.name) });
}

/** Names go round among some of the machines: one that comes back takes what is left. */
function freeName(wish: Wish, own: string): string {
  const taken = new Set(Object.values(wish.machines).map((each) => each.name));
  return [own, "north", "east", "west"].find((name) => !taken.has(name)) ?? own;
}

/** The stack file that says so. Creations and clones are given up after 20 seconds: a simulated one takes two at most. */
export function stackText(wish: Wish): string {
  const lines = Object.entries(wish.machines).map(
    ([key, machine]) => `const ${key} = ${machineText(wish, key, machine)};`,
  );
  const { globalMemoryMiB: memory } = wish;
  if (memory !== undefined) lines.push(`const memory = setting({ key: "memory_mib", value: ${memory} });`);
  const keys = [...Object.keys(wish.machines), ...(memory === undefined ? [] : ["memory"])];
  return `import { defineStack, machine, setting } from "orbform";
${lines.join("\n")}
export default defineStack({ resources: { ${keys.join(", ")} } });
`;
}

function machineText(wish: Wish, key: string, machine: WishedMachine): string {
  const { name, origin, cpus, memoryMiB, power, createBeforeDestroy } = machine;
  const properties = [
    `name: "${name}"`,
    origin === BASE ? `clone: ${BASE}` : `image: "${origin}"`,
    ...(cpus === undefined ? [] : [`cpus: ${cpus}`]),
    ...(memoryMiB === undefined ? [] : [`memory: ${memoryMiB}`]),
    `power: "${power}"`,
    ...(wish.default === key ? ["default: true"] : []),
    `lifecycle: { ${createBeforeDestroy ? "createBeforeDestroy: true, " : ""}timeouts: { create: "20s", clone: "20s" } }`,
  ];
  return `machine({ ${properties.join(", ")} })`;
}

/** How much one text differs from another, in machines that must be made. A clone's origin is no reason to make it again. */
export function mustBeMade(before: Wish, after: Wish): readonly string[] {
  return Object.entries(after.machines)
    .filter(([key, machine]) => before.machines[key]?.origin !== machine.origin)
    .map(([key]) => key);
}

/** Machines that one text has and the other has not, or not as they were made. */
export function mustGo(before: Wish, after: Wish): readonly string[] {
  return Object.entries(before.machines)
    .filter(([key, machine]) => after.machines[key]?.origin !== machine.origin)
    .map(([key]) => key);
}
