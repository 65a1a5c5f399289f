import { notFound } from "./failure.ts";
import { Faults, type Fault } from "./faults.ts";
import type { GuestFiles } from "./guest-files.ts";
import { finalPhase, type Machine, phaseAt, type Phase, type WorldData, type WorldEvent } from "./record.ts";
import { release, type Release } from "./release.ts";

/** What one command sees of the world's surroundings. */
export interface Conditions {
  /** Epoch ms of the caller's clock; the world's own may be ahead. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Who acts, for the log. */
  readonly who: string;
  /** Faults of the caller's environment, beside those of the world. */
  readonly faults: readonly Fault[];
  /** Used where the world has none of its own. */
  readonly version: string | undefined;
  readonly latency: number;
}

/**
 * Machines, settings and service of one OrbStack at one moment. Operations are functions in the files beside this one,
 * named after their verb; they check everything first and then change, so that a failed one has changed nothing.
 */
export class World {
  readonly data: WorldData;
  readonly release: Release;
  readonly faults: Faults;
  /** Epoch ms by the world's clock. */
  readonly now: number;
  /** Events of this command, in order. */
  readonly events: WorldEvent[] = [];
  /** Machines whose files are to be copied with this command: from, to. */
  readonly fileCopies: (readonly [from: string, to: string])[] = [];
  /** Files that machines get with this command: to, what. */
  readonly fileGifts: (readonly [to: string, files: GuestFiles])[] = [];
  readonly #index: MachineIndex;
  readonly #conditions: Conditions;

  constructor(data: WorldData, conditions: Conditions, index: MachineIndex = new MachineIndex(data.machines)) {
    this.data = data;
    this.#conditions = conditions;
    this.#index = index;
    this.now = conditions.now + data.ahead;
    this.release = release(data.version ?? conditions.version);
    this.faults = new Faults([...conditions.faults, ...data.faults], data.faultsUsed);
  }

  /** A duration of the real thing (ms), as long as it lasts in this world. */
  lasts(realMs: number): number {
    return Math.round(realMs * (this.data.latency ?? this.#conditions.latency));
  }

  random(): number {
    return this.#conditions.random();
  }

  /** Writes down something that happened. */
  log(what: string, machine: Pick<Machine, "id" | "name"> | null, detail?: string): void {
    const { who } = this.#conditions;
    this.data.seq += 1;
    const about = machine ? { id: machine.id, name: machine.name } : {};
    this.events.push({
      seq: this.data.seq,
      at: this.now,
      who,
      what,
      ...about,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  /** What state a machine is in, in the words of this OrbStack. */
  stateOf(machine: Machine): Phase["state"] {
    const { state } = phaseAt(machine.phases, this.now);
    return state === "provisioning" && !this.release.provisioning ? "running" : state;
  }

  /** Every machine that shows, by name. */
  machines(): readonly Machine[] {
    const all = this.#index.sorted();
    const shown: Machine[] = [];
    for (const machine of all) {
      const state = this.stateOf(machine);
      if (state === "gone") this.#drop(machine);
      else if (state !== "unborn") shown.push(machine);
    }
    return shown;
  }

  /** The machine with that name (case does not count) or id, or `undefined`. */
  find(selector: string): Machine | undefined {
    const machine = this.byName(selector) ?? this.byId(selector);
    return machine && this.stateOf(machine) === "unborn" ? undefined : machine;
  }

  /** The machine with that name or id. Throws `machine not found`. */
  need(selector: string): Machine {
    const machine = this.find(selector);
    if (!machine) throw notFound(selector);
    return machine;
  }

  byName(name: string): Machine | undefined {
    return this.#alive(this.#index.named(name));
  }

  byId(id: string): Machine | undefined {
    return this.#alive(this.#index.withId(id));
  }

  /** Every machine of the world's file, gone ones too. */
  all(): readonly Machine[] {
    return this.#index.sorted();
  }

  add(machine: Machine): void {
    this.#index.add(machine);
  }

  giveFiles(to: string, files: GuestFiles): void {
    this.fileGifts.push([to, files]);
  }

  copyFiles(from: string, to: string): void {
    this.fileCopies.push([from, to]);
  }

  rename(machine: Machine, name: string): void {
    this.#index.rename(machine, name);
  }

  /** Gives a machine another course from now on, instead of what was to come. */
  steer(machine: Machine, next: readonly Phase[]): void {
    const present = phaseAt(machine.phases, this.now);
    machine.phases = current([present, ...next], this.now);
  }

  /** Lets something follow after what is already to come. */
  follow(machine: Machine, next: readonly Phase[]): void {
    machine.phases = current([...machine.phases, ...next], this.now);
  }

  /** Where the machine is headed, and from when on it rests there. */
  rest(machine: Machine): Phase {
    const last = finalPhase(machine.phases);
    return { state: last.state, at: Math.max(last.at, this.now) };
  }

  #alive(machine: Machine | undefined): Machine | undefined {
    if (!machine || this.stateOf(machine) !== "gone") return machine;
    this.#drop(machine);
    return undefined;
  }

  #drop(machine: Machine): void {
    this.#index.remove(machine);
    if (this.data.defaultId === machine.id) this.data.defaultId = null;
    delete this.data.cloning[machine.id];
    if (this.faults.on("config-left-behind", machine.name)) {
      this.data.leftBehind[machine.name.toLowerCase()] = machine.settings;
    }
    this.log("gone", machine);
  }
}

/** The phases from the present one on. */
function current(phases: readonly Phase[], now: number): readonly Phase[] {
  return phases.slice(
    Math.max(
      0,
      phases.findLastIndex((phase) => phase.at <= now),
    ),
  );
}

/** Machines by id and by name, sorted by name when asked. */
export class MachineIndex {
  readonly #byId = new Map<string, Machine>();
  readonly #byName = new Map<string, Machine>();
  #sorted: readonly Machine[] | null = null;
  /** Goes up with every machine added, renamed or removed. */
  version = 0;

  constructor(machines: readonly Machine[]) {
    for (const machine of machines) this.add(machine);
  }

  named(name: string): Machine | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  withId(id: string): Machine | undefined {
    return this.#byId.get(id);
  }

  sorted(): readonly Machine[] {
    this.#sorted ??= [...this.#byId.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return this.#sorted;
  }

  add(machine: Machine): void {
    this.#byId.set(machine.id, machine);
    this.#byName.set(machine.name.toLowerCase(), machine);
    const sorted = this.#sorted;
    this.#changed();
    // Sorting all again for every machine added is what a thousand of them would feel most.
    this.#sorted = sorted?.toSpliced(placeIn(sorted, machine.name), 0, machine) ?? null;
  }

  remove(machine: Machine): void {
    this.#byId.delete(machine.id);
    if (this.named(machine.name) === machine) this.#byName.delete(machine.name.toLowerCase());
    this.#changed();
  }

  rename(machine: Machine, name: string): void {
    this.#byName.delete(machine.name.toLowerCase());
    machine.name = name;
    this.#byName.set(name.toLowerCase(), machine);
    this.#changed();
  }

  #changed(): void {
    this.#sorted = null;
    this.version += 1;
  }
}

/** Where a name belongs among machines sorted by name. */
function placeIn(sorted: readonly Machine[], name: string): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle]?.name ?? "") < name) from = middle + 1;
    else to = middle;
  }
  return from;
}
