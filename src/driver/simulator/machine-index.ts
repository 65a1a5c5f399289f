import { finalPhase, type Machine } from "./record.ts";

/** Machines by id and by name, sorted by name when asked. */
export class MachineIndex {
  readonly #byId = new Map<string, Machine>();
  readonly #byName = new Map<string, Machine>();
  #sorted: readonly Machine[] | null = null;
  /** Those that may not be what they last were: looking at a thousand each time is what lists would take longest for. */
  readonly #watched = new Set<Machine>();
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

  /** Whether all that is there shows, and goes on showing while nothing is done. */
  isAtRest(now: number): boolean {
    for (const machine of this.#watched) {
      const last = finalPhase(machine.phases);
      if (last.at <= now && last.state !== "gone") this.#watched.delete(machine);
    }
    return this.#watched.size === 0;
  }

  /** Told when a machine gets another course. */
  watch(machine: Machine): void {
    this.#watched.add(machine);
  }

  add(machine: Machine): void {
    this.watch(machine);
    this.#byId.set(machine.id, machine);
    this.#byName.set(machine.name.toLowerCase(), machine);
    const sorted = this.#sorted;
    this.#changed();
    // Sorting all again for every machine added is what a thousand of them would feel most.
    this.#sorted = sorted?.toSpliced(placeIn(sorted, machine.name), 0, machine) ?? null;
  }

  remove(machine: Machine): void {
    this.#watched.delete(machine);
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
