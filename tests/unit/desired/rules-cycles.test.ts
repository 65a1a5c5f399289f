import { describe, expect, it } from "vitest";
import { checkCycles } from "../../../src/desired/rules-cycles.ts";
import { address } from "../../../src/model/address.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";

function cycles(graph: { readonly [key: string]: readonly string[] }): readonly string[] {
  const diagnostics: Diagnostic[] = [];
  const all = Object.entries(graph).map(([key, needs], index) => ({
    address: address("machine", key),
    place: { file: "dev.ts", line: index + 1, column: 1 },
    needs: new Map(needs.map((to) => [address("machine", to), "clone"])),
  }));
  checkCycles(all, diagnostics);
  return diagnostics.map((each) => each.detail);
}

describe("dependency cycles", () => {
  it("are not seen where there are none", () => {
    expect(cycles({ a: ["b", "c"], b: ["c"], c: [] })).toEqual([]);
  });

  it("are told as the shortest one, each step with its property and place", () => {
    expect(cycles({ a: ["b"], b: ["c"], c: ["a", "d"], d: ["c"], e: ["a"] })).toEqual([
      'None of them can be made first:\n  machine.c needs machine.d by "clone" (dev.ts:3:1)\n  machine.d needs machine.c by "clone" (dev.ts:4:1)',
    ]);
  });

  it("may be of one resource only", () => {
    expect(cycles({ a: ["a"] })).toEqual([
      'None of them can be made first:\n  machine.a needs machine.a by "clone" (dev.ts:1:1)',
    ]);
  });

  it("are looked for in linear time where there are none", () => {
    const chain = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`m${n}`, n === 0 ? [] : [`m${n - 1}`]]));
    expect(cycles(chain)).toEqual([]);
  });
});
