import * as fc from "fast-check";
import { expect, test } from "vitest";
import { retain, type Datable } from "../../../src/archive/retention.ts";
import type { KeepReason, RetentionPolicy } from "../../../src/model/archive.ts";

const DAY = 86_400_000;
const count = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined });
const policies: fc.Arbitrary<RetentionPolicy> = fc
  .record({ last: count, daily: count, weekly: count, monthly: count })
  .map((each) => JSON.parse(JSON.stringify(each)));

/** Archives within half a year, some of one moment. */
const folders = fc
  .array(fc.integer({ min: 0, max: 180 * 24 }), { maxLength: 30 })
  .map((hours) =>
    hours.map((hour, index): Datable => ({ file: `a${index}`, machine: "web", sizeBytes: 1, at: hour * (DAY / 24) })),
  );

const cases = fc
  .record({ archives: folders, policy: policies, which: fc.nat() })
  .map(({ archives, policy, which }) => ({ archives, policy, sound: archives[which % (archives.length + 1)]?.file }));

const runs = { numRuns: 500 };
const kept = (call: Parameters<typeof retain>[0]) => retain(call).filter((each) => each.keep.length > 0);

test("judges each archive once, newest first, whatever order they come in", () => {
  fc.assert(
    fc.property(cases, (call) => {
      const judged = retain(call);
      expect(judged.map((each) => each.file).toSorted()).toEqual(call.archives.map((each) => each.file).toSorted());
      expect(retain({ ...call, archives: call.archives.toReversed() })).toEqual(judged);
      const times = judged.map((each) => call.archives.find(({ file }) => file === each.file)?.at ?? 0);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }),
    runs,
  );
});

test("never removes the newest sound one, nor anything where none is sound", () => {
  fc.assert(
    fc.property(cases, (call) => {
      const files = kept(call).map((each) => each.file);
      if (call.sound === undefined) expect(files.length).toBe(call.archives.length);
      else expect(files).toContain(call.sound);
    }),
    runs,
  );
});

test("keeps as many as are asked for where there are as many, and the newest of their period", () => {
  const periods: readonly (readonly ["daily" | "weekly" | "monthly", (at: number) => number])[] = [
    ["daily", (at) => Math.floor(at / DAY)],
    // The first of January 1970 was a Thursday.
    ["weekly", (at) => Math.floor((at / DAY + 3) / 7)],
    ["monthly", (at) => new Date(at).getUTCMonth() + 12 * new Date(at).getUTCFullYear()],
  ];
  fc.assert(
    fc.property(cases, (call) => {
      const judged = retain(call);
      const at = new Map(call.archives.map((each) => [each.file, each.at]));
      const by = (reason: KeepReason) =>
        judged.filter((each) => each.keep.includes(reason)).map((each) => at.get(each.file) ?? 0);
      expect(by("last").length).toBe(Math.min(call.policy.last ?? 0, call.archives.length));
      for (const [reason, period] of periods) {
        const all = [...new Set(call.archives.map((each) => period(each.at)))].toSorted((a, b) => b - a);
        const wanted = all.slice(0, call.policy[reason] ?? 0);
        expect(by(reason).map(period)).toEqual(wanted);
        for (const time of by(reason)) {
          const same = call.archives.filter((each) => period(each.at) === period(time)).map((each) => each.at);
          expect(time).toBe(Math.max(...same));
        }
      }
    }),
    runs,
  );
});

test("keeps nothing for less when asked to keep more", () => {
  fc.assert(
    fc.property(cases, (call) => {
      const more = { ...call.policy, last: (call.policy.last ?? 0) + 1, daily: (call.policy.daily ?? 0) + 1 };
      const files = kept({ ...call, policy: more }).map((each) => each.file);
      expect(files).toEqual(expect.arrayContaining(kept(call).map((each) => each.file)));
    }),
    runs,
  );
});
