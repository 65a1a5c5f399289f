import { assert, array, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "../../../src/execute/heap.ts";

describe("a heap", () => {
  it("gives back in order whatever is put in, also in between", () => {
    const numbers = array(nat(20), { maxLength: 30 });
    assert(
      property(numbers, numbers, (early, late) => {
        const heap = new Heap<number>((a, b) => a < b);
        const out: unknown[] = [];
        for (const each of early) heap.push(each);
        const half = Math.floor(early.length / 2);
        for (let taken = 0; taken < half; taken += 1) out.push(heap.pop());
        for (const each of late) heap.push(each);
        expect(heap.size).toBe(early.length - half + late.length);
        const [least, ...rest] = [...early.toSorted((a, b) => a - b).slice(half), ...late].toSorted((a, b) => a - b);
        expect(heap.peek()).toBe(least);
        while (heap.size > 0) out.push(heap.pop());
        expect(out).toEqual([
          ...early.toSorted((a, b) => a - b).slice(0, half),
          ...(least === undefined ? [] : [least, ...rest]),
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it("is empty at first and at last", () => {
    const heap = new Heap<string>((a, b) => a < b);
    expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined]);
    heap.push("one");
    expect([heap.size, heap.peek(), heap.pop(), heap.size, heap.pop()]).toEqual([1, "one", "one", 0, undefined]);
  });
});
