import type { Wire, WireHandle } from "./wire.ts";

/**
 * How much text the values of a stack are where each setting's is written out in place of a reference to it: one that
 * refers twice to one that refers twice to another has it four times. Counts no further than `most`.
 */
export function expansion(handles: readonly WireHandle[], most: number): number {
  const settings = new Map(handles.flatMap((each) => (each.kind === "setting" ? [[each.rid, each.input]] : [])));
  const known = new Map<string, number>();
  const sizeOf = (rid: string, depth: number): number => {
    const input = settings.get(rid);
    if (input === undefined) return 1;
    const before = known.get(rid);
    if (before !== undefined) return before;
    if (depth > 200) return most + 1;
    // One that leads back to itself ends there.
    known.set(rid, 1);
    const size = Math.min(most + 1, lengthOf(input) + sum(refsIn(input).map((each) => sizeOf(each, depth + 1))));
    known.set(rid, size);
    return size;
  };
  const all = handles.flatMap(({ input }) => refsIn(input));
  return Math.min(most + 1, sum(all.map((rid) => sizeOf(rid, 0))));
}

function lengthOf(wire: Wire): number {
  if (typeof wire === "string") return wire.length + 1;
  if (typeof wire !== "object" || wire === null) return 1;
  if ("a" in wire) return sum(wire.a.map(lengthOf)) + 1;
  if ("c" in wire) return sum(wire.c.map(lengthOf)) + 1;
  return "o" in wire ? sum(wire.o.map(([key, each]) => key.length + lengthOf(each))) + 1 : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}

/** The resources that a value refers to, as often as it does. */
function refsIn(wire: Wire): readonly string[] {
  if (typeof wire !== "object" || wire === null) return [];
  if ("r" in wire) return [wire.r[0]];
  if ("a" in wire) return wire.a.flatMap(refsIn);
  if ("c" in wire) return wire.c.flatMap(refsIn);
  return "o" in wire ? wire.o.flatMap(([, each]) => refsIn(each)) : [];
}
