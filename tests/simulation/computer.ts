import { inMemoryExec, inMemoryWorld, type InMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import type { Machine } from "../../src/driver/simulator/record.ts";
import { type VirtualClock, virtualClock } from "../support/execute-clock.ts";
import { ModelGuests } from "../support/model-guest.ts";
import { chance, type Chance } from "./chance.ts";
import { PowerFiles } from "./power-files.ts";
import { ProcessTable } from "./processes.ts";
import { trace, type Trace } from "./trace.ts";
import type { Violation } from "./violation.ts";
import { CALM, type Weather } from "./weather.ts";

/** A Mac with OrbStack on it, all of it simulated: machines, files, processes, time; and what is known of all that happened. */
export interface Computer {
  readonly clock: VirtualClock;
  readonly world: InMemoryWorld;
  /** What lies inside machines. */
  readonly guests: ModelGuests;
  readonly files: PowerFiles;
  readonly table: ProcessTable;
  readonly trace: Trace;
  readonly chance: Chance;
  readonly ledger: Ledger;
  /** How bad it is at present. */
  weather: Weather;
}

/** A mutating client of Orbform. */
export interface ClientCall {
  readonly life: string;
  readonly pid: number;
  readonly argv: readonly string[];
  /** What a script inside a machine is given. */
  readonly stdin?: Uint8Array;
  /** What it is about, found when it was let go: a machine's id, or a name. */
  about?: string | undefined;
  /** The machine it is about, found when it reached OrbStack. */
  machine?: string;
}

/** Who made what, and what was done by whom: what the laws are checked against. */
export class Ledger {
  /** Ids of machines that Orbform's clients made. */
  readonly ours = new Set<string>();
  /** Machines of others by id, as their owner left them last. */
  readonly strangers = new Map<string, string>();
  /** Ids that an outside hand deleted. */
  readonly deletedOutside = new Set<string>();
  /** Ids that Orbform deleted. */
  readonly deletedByUs = new Set<string>();
  readonly violations: Violation[] = [];
  /** Names of machines whose making was asked for, and that OrbStack has yet to come to. */
  readonly comingLater = new Set<string>();
  /** What an outside hand gave last to the setting that stacks manage, and when. */
  setOutside: { readonly value: string; readonly at: number } | undefined;
  /** Machines whose limits an outside hand changed: with which it runs now is that hand's affair. */
  readonly configuredOutside = new Set<string>();
  /** A machine of a stranger that everybody has known from the beginning, of an ordinary image. */
  guest: string | undefined;
  /** The stack asks for something inside its machines. */
  livesInside = false;
  /** What an outside hand has changed inside machines, `ID PATH`, and when. */
  readonly changedInside = new Map<string, number>();
  /** When a life looked last into a machine, by both. */
  readonly looked = new Map<string, number>();
  /** Lives that let programs work in a machine, by both. */
  readonly letWork = new Set<string>();
  /** Clients at work, by machine id. */
  readonly atWork = new Map<string, ClientCall>();
  /** The power went, or a disk was full or broken. */
  disksFailed = false;
  kills = 0;
}

/** What most machines of strangers are made of; no stack of a simulation asks for it. */
export const STRANGE_IMAGE = "fedora";

/** What others are made of: an image that a stack could get that asks for any version of its distro. */
export const ORDINARY_IMAGE = "ubuntu:25.04";

/** Whether a machine is of an image of strangers. */
export function isStrange({ image }: Machine): boolean {
  return image.distro === STRANGE_IMAGE || image.version === "plucky";
}

/** A computer in which everything follows from the seed. */
export function computer(seed: number): Computer {
  const chances = chance(seed);
  const clock = virtualClock(chances.below(2 ** 31));
  const worldChance = chances.apart();
  const mac = {
    read: () => Buffer.from("#cloud-config\n"),
    write: () => undefined,
    readTree: () => undefined,
    writeTree: () => undefined,
    resolve: (path: string) => path,
    isDirectory: () => false,
  };
  const latency = chances.pick([0, 0.2, 1]);
  const world = inMemoryWorld({ clock, random: () => worldChance.number(), latency, mac });
  return {
    clock,
    world,
    guests: new ModelGuests(world.session),
    files: new PowerFiles(),
    table: new ProcessTable(chances.apart()),
    trace: trace(() => clock.now()),
    chance: chances,
    ledger: new Ledger(),
    weather: CALM,
  };
}

/** Calls `orbctl ARGS` as somebody at a terminal would, on a machine that works. */
export async function outside({ world }: Computer, ...argv: readonly string[]): Promise<boolean> {
  return (await inMemoryExec(world)({ argv })).exitCode === 0;
}

/** Every machine there is, whatever its state. */
export function machinesOf({ world }: Computer): readonly Machine[] {
  return world.session.read((each) => [...each.machines()]);
}

/** A machine by name or id. */
export function machineOf({ world }: Computer, selector: string): Machine | undefined {
  return world.session.read((each) => each.byName(selector) ?? each.byId(selector));
}

/** What an owner could tell of a machine if asked whether anybody touched it. */
export function portrait({ name, settings }: Machine): string {
  return JSON.stringify({ name, settings });
}
