/** What must hold of a chain's world, state and files whenever an apply has ended well. */
import type { TestProject } from "../support/project.ts";
import { mustBeMade, mustGo, type Wish, type WishedMachine } from "./wish.ts";
import {
  STACK,
  claimed,
  leftovers,
  strangersOf,
  worldData,
  worldLog,
  type WorldData,
  type WorldEvent,
  type WorldMachine,
} from "./world.ts";

/** Texts that were applied since an apply last ended well, and what was so then. */
export interface Segment {
  readonly texts: readonly [Wish, ...Wish[]];
  /** Ids by key, then. */
  readonly ids: { readonly [key: string]: string };
  /** How long the world's log was, then. */
  readonly events: number;
  /** The machines that are not ours, as JSON. */
  readonly strangers: string;
}

/** What is so now: the beginning of the next segment. */
export interface Settled {
  readonly ids: { readonly [key: string]: string };
  readonly events: number;
}

const BIRTHS = new Set(["create", "clone", "import"]);
const DISASTERS = new Set(["gone", "lost in setup", "poweroff"]);

/** The sight of everything that is checked. */
interface Sight {
  readonly wish: Wish;
  readonly segment: Segment;
  readonly data: WorldData;
  readonly log: readonly WorldEvent[];
  readonly ids: { readonly [key: string]: string };
  readonly resources: { readonly [address: string]: { readonly [key: string]: unknown } };
}

/** Looks at everything; gives the laws that are broken, as sentences. */
export async function brokenLaws(project: TestProject, segment: Segment): Promise<readonly string[]> {
  const sight = await look(project, segment);
  return [
    ...machinesAsWished(sight),
    ...nothingLostOrDoubled(sight),
    ...onlyWhatHadTo(sight),
    ...strangersUntouched(sight),
    ...stateSettled(sight),
    ...globalsAsWished(sight),
    ...nothingLeft(project, sight),
  ];
}

/** What the next segment begins with. */
export async function settled(project: TestProject): Promise<Settled> {
  const log = await worldLog(project);
  return { ids: recordedIds(project.state(STACK)?.resources ?? {}), events: log.length };
}

async function look(project: TestProject, segment: Segment): Promise<Sight> {
  const resources = project.state(STACK)?.resources ?? {};
  const [data, log] = await Promise.all([worldData(project), worldLog(project)]);
  const wish = segment.texts.at(-1) ?? segment.texts[0];
  return { wish, segment, data, log, ids: recordedIds(resources), resources };
}

function recordedIds(resources: Sight["resources"]): { readonly [key: string]: string } {
  const machines = Object.entries(resources).filter(([address]) => address.startsWith("machine."));
  return Object.fromEntries(machines.map(([address, each]) => [address.slice("machine.".length), String(each["id"])]));
}

function machinesAsWished({ wish, data, ids }: Sight): readonly string[] {
  const wrong: string[] = [];
  const keys = Object.keys(wish.machines).toSorted();
  if (keys.join() !== Object.keys(ids).toSorted().join()) {
    wrong.push(`The stack has ${keys.join(" ")}; recorded are ${Object.keys(ids).toSorted().join(" ")}.`);
  }
  for (const [key, wished] of Object.entries(wish.machines)) {
    const machine = data.machines.find((each) => each.id === ids[key]);
    if (machine === undefined) wrong.push(`${key} is lost: no machine has its id ${ids[key]}.`);
    else wrong.push(...differences(key, wished, machine));
  }
  return wrong;
}

function differences(key: string, wished: WishedMachine, machine: WorldMachine): readonly string[] {
  const { name, origin, cpus, memoryMiB, power } = wished;
  const image = origin.includes(":") ? origin : "alpine:3.22";
  const facts: readonly (readonly [what: string, wished: unknown, live: unknown])[] = [
    ["name", name, machine.name],
    ["image", image, `${machine.image.distro}:${machine.image.version}`],
    ["power", power, machine.state],
    ["cpus", cpus ?? machine.settings.cpu, machine.settings.cpu],
    ["memory", memoryMiB ?? machine.settings.memory_mib, machine.settings.memory_mib],
    [
      "memory in effect",
      power === "running" ? machine.settings.memory_mib : 0,
      power === "running" ? machine.applied.memory_mib : 0,
    ],
    ["cpus in effect", power === "running" ? machine.settings.cpu : 0, power === "running" ? machine.applied.cpu : 0],
  ];
  return facts
    .filter(([, expected, live]) => expected !== live)
    .map(([what, expected, live]) => `${key}: ${what} is ${String(live)}, not ${String(expected)}.`);
}

/** By the world's own log: each machine that ever came into being is recorded, a stranger, or was deleted by us. */
function nothingLostOrDoubled({ data, log, ids }: Sight): readonly string[] {
  const strangers = new Set(strangersOf(data).map((each) => each.id));
  const recorded = new Set(Object.values(ids));
  const deleted = new Map(log.filter((each) => each.what === "delete").map((each) => [each.id ?? "", each.name ?? ""]));
  const born = log.filter((each) => BIRTHS.has(each.what)).map((each) => each.id ?? "");
  return [
    ...born
      .filter((id) => !recorded.has(id) && !strangers.has(id) && !deleted.has(id))
      .map((id) => `${id} was made and nobody knows of it: doubled.`),
    ...[...recorded].filter((id) => deleted.has(id)).map((id) => `${id} is recorded and was deleted.`),
    ...[...deleted]
      .filter(([, name]) => !/-orbform-del-[0-9a-f]{4}$/.test(name))
      .map(([id, name]) => `${id} was deleted under the name ${name}.`),
    ...data.machines
      .filter(({ id }) => !recorded.has(id) && !strangers.has(id))
      .map(({ id, name }) => `${name} (${id}) exists and is not recorded.`),
    ...log.filter((each) => DISASTERS.has(each.what)).map((each) => `${each.what}: ${each.name} (${each.id}).`),
  ];
}

/** Since the last time: no machine made, replaced or deleted but those whose texts asked for it, and as often. */
function onlyWhatHadTo({ segment, log, ids }: Sight): readonly string[] {
  const steps = segment.texts.slice(1).map((after, index) => [segment.texts[index] ?? after, after] as const);
  const made = steps.flatMap(([before, after]) => mustBeMade(before, after));
  const gone = steps.flatMap(([before, after]) => mustGo(before, after));
  const fresh = log.slice(segment.events);
  const births = fresh.filter((each) => BIRTHS.has(each.what)).length;
  const deaths = fresh.filter((each) => each.what === "delete").length;
  const moved = Object.entries(segment.ids).filter(([key, id]) => !gone.includes(key) && ids[key] !== id);
  return [
    ...(births > made.length ? [`${births} machines were made where the texts asked for ${made.length}.`] : []),
    ...(deaths > gone.length ? [`${deaths} machines were deleted where the texts asked for ${gone.length}.`] : []),
    ...moved.map(([key, id]) => `${key} was ${id} and is ${ids[key] ?? "nothing"} now, though no text asked for it.`),
  ];
}

function strangersUntouched({ segment, data }: Sight): readonly string[] {
  return JSON.stringify(strangersOf(data)) === segment.strangers ? [] : ["A machine that is not ours has changed."];
}

const UNSETTLED = ["pending", "deposed", "halfDeleted", "returnTo", "restartPending", "unready"];

function stateSettled({ resources }: Sight): readonly string[] {
  return Object.entries(resources).flatMap(([address, state]) =>
    UNSETTLED.filter((key) => state[key] !== undefined && JSON.stringify(state[key]) !== "[]").map(
      (key) => `${address} is recorded with ${key}: ${JSON.stringify(state[key])}.`,
    ),
  );
}

/** OrbStack's own value where the stack says nothing. */
const OWN_MEMORY = "16384";

function globalsAsWished({ wish, data, ids }: Sight): readonly string[] {
  const memory = data.config["memory_mib"] ?? OWN_MEMORY;
  const expected = String(wish.globalMemoryMiB ?? OWN_MEMORY);
  const isDefault = wish.default === undefined || data.defaultId === (ids[wish.default] ?? null);
  const others = Object.keys(data.config).filter((key) => key !== "memory_mib");
  return [
    ...(memory === expected ? [] : [`memory_mib is ${memory}, not ${expected}.`]),
    ...(isDefault ? [] : [`The default machine is ${String(data.defaultId)}, not ${wish.default}.`]),
    ...others.map((key) => `The global setting ${key} was touched.`),
  ];
}

/** A claim of what is gone may be left: it keeps nobody away. One that is missing would let two stacks at one machine. */
function nothingLeft(project: TestProject, { ids, wish, log }: Sight): readonly string[] {
  const claims = claimed(project);
  const keys = [...Object.values(ids), ...(wish.globalMemoryMiB === undefined ? [] : ["memory_mib"])];
  const gone = new Set(log.filter((each) => each.what === "delete").map((each) => each.id));
  const others = claims.filter((key) => !keys.includes(key) && !gone.has(key) && key !== "memory_mib");
  return [
    ...leftovers(project).map((name) => `${name} is still there.`),
    ...keys.filter((key) => !claims.includes(key)).map((key) => `${key} is ours and not claimed.`),
    ...others.map((key) => `${key} is claimed and not ours.`),
  ];
}
