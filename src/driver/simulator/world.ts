import { notFound } from "./failure.ts";
import { Faults, type Fault } from "./faults.ts";
import type { GuestFiles } from "./guest-files.ts";
import { MachineIndex } from "./machine-index.ts";
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
    if (this.#index.isAtRest(this.now)) return all;
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
    this.#index.watch(machine);
  }

  /** Lets something follow after what is already to come. */
  follow(machine: Machine, next: readonly Phase[]): void {
    machine.phases = current([...machine.phases, ...next], this.now);
    this.#index.watch(machine);
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
