import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import { findingsAbout } from "./findings.ts";

/** What one resource needs directly, and through which property. */
export interface Needs {
  readonly address: Address;
  readonly place: Place | undefined;
  readonly needs: ReadonlyMap<Address, string>;
}

/** Tells the shortest cycle among resources that need each other, each step with its property and place. */
export function checkCycles(all: readonly Needs[], diagnostics: Diagnostic[]): void {
  const left = stuck(all);
  if (left.size === 0) return;
  const cycle = shortestCycle(left);
  const [first] = cycle;
  const steps = cycle.map((step, index) => edge(step, (cycle[index + 1] ?? first)?.address));
  findingsAbout(diagnostics, first ?? {}).error("ORB_DEPENDENCY_CYCLE", {
    summary: "Resources depend on each other",
    detail: `None of them can be made first:\n${steps.map((step) => `  ${step}`).join("\n")}`,
    hint: "Take one of these references out.",
  });
}

function edge(step: Needs, to: Address | undefined): string {
  const property = to === undefined ? undefined : step.needs.get(to);
  const where = step.place === undefined ? "" : ` (${step.place.file}:${step.place.line}:${step.place.column})`;
  return `${step.address} needs ${to ?? ""} by "${property ?? ""}"${where}`;
}

/** Everything that is left when whatever needs nothing (left) is taken away again and again. Linear. */
function stuck(all: readonly Needs[]): ReadonlyMap<Address, Needs> {
  const left = new Map(all.map((each) => [each.address, each]));
  const open = new Map(all.map((each) => [each.address, [...each.needs.keys()].filter((to) => left.has(to)).length]));
  const needers = new Map<Address, Address[]>();
  for (const each of all) {
    for (const to of each.needs.keys()) {
      const known = needers.get(to);
      if (known === undefined) needers.set(to, [each.address]);
      else known.push(each.address);
    }
  }
  const free = all.map((each) => each.address).filter((each) => open.get(each) === 0);
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    left.delete(next);
    for (const needer of needers.get(next) ?? []) {
      const count = (open.get(needer) ?? 0) - 1;
      open.set(needer, count);
      if (count === 0) free.push(needer);
    }
  }
  return left;
}

function shortestCycle(left: ReadonlyMap<Address, Needs>): readonly Needs[] {
  let shortest: readonly Needs[] = [];
  for (const start of left.values()) {
    const cycle = cycleFrom(start, left, shortest.length === 0 ? left.size : shortest.length - 1);
    if (cycle.length > 0) shortest = cycle;
    if (shortest.length === 1) break;
  }
  return shortest;
}

/** The shortest way from a resource back to itself, of at most `longest` steps; empty where there is none. */
function cycleFrom(start: Needs, left: ReadonlyMap<Address, Needs>, longest: number): readonly Needs[] {
  const cameFrom = new Map<Address, Needs>();
  let ring: readonly Needs[] = [start];
  for (let length = 1; length <= longest && ring.length > 0; length += 1) {
    const outer: Needs[] = [];
    for (const each of ring) {
      for (const to of each.needs.keys()) {
        const next = left.get(to);
        if (next === start) return wayBack(each, start, cameFrom);
        if (next === undefined || cameFrom.has(to)) continue;
        cameFrom.set(to, each);
        outer.push(next);
      }
    }
    ring = outer;
  }
  return [];
}

function wayBack(last: Needs, start: Needs, cameFrom: ReadonlyMap<Address, Needs>): readonly Needs[] {
  const way: Needs[] = [];
  for (let step: Needs | undefined = last; step !== undefined && step !== start; step = cameFrom.get(step.address)) {
    way.unshift(step);
  }
  return [start, ...way];
}
