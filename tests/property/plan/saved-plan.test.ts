import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { factsOf } from "../../../src/plan/plan-facts.ts";
import { planDigest } from "../../../src/plan/plan-digest.ts";
import { plan } from "../../../src/plan/plan.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { decodeSavedPlan, encodeSavedPlan, type SavedPlan } from "../../../src/plan/saved-plan.ts";
import { differencesIn, withoutMoved } from "../../../src/plan/stale.ts";
import { touchedBy } from "../../../src/plan/touched.ts";
import { desiredIn, priorIn, watchedIn, withPlanned } from "../../../src/plan/watched.ts";
import { NO_POLICIES } from "../../../src/model/policy.ts";
import { hashText } from "../../../src/state/digest.ts";
import { digest } from "../../support/engine-ports.ts";
import { anyInputs, calmInputs } from "../../support/plan-worlds.ts";

/** Few of the wild ones can be applied at all. */
const inputs = fc.oneof({ arbitrary: calmInputs, weight: 9 }, { arbitrary: anyInputs, weight: 1 });
const hashes = { hashText, digest };
const NOTHING_CLOSER = { boots: new Map(), addresses: new Map() };

function saved({ desired, prior, live, options, ...rest }: PlanInput): SavedPlan {
  const made = plan({ desired, prior, live, options, ...rest });
  const touched = touchedBy(made, prior, desired.resources);
  return {
    format: 1,
    version: "1.2.3",
    madeAt: "2026-01-01T00:00:00.000Z",
    digest: planDigest(made, digest),
    stack: { file: "stacks/dev.ts", digest: digest("stack"), secrets: {} },
    request: options,
    watched: watchedIn(made, touched, desired),
    facts: factsOf(made, touched, { prior, live, ...hashes, ...NOTHING_CLOSER }),
    policy: NO_POLICIES,
    notices: [],
    plan: made,
  };
}

const isSound = ({ plan: { diagnostics } }: SavedPlan): boolean =>
  diagnostics.every(({ severity }) => severity !== "error");

const sound = inputs.map((input) => ({ input, one: saved(input) })).filter(({ one }) => isSound(one));

const write = (each: SavedPlan): string => encodeSavedPlan(each, { format_version: "1.0" }, hashText);
const read = (text: string): SavedPlan => decodeSavedPlan(text, "/plan.json", hashes);

function codeOf(work: () => unknown): string {
  try {
    work();
    return "read";
  } catch (error) {
    return isOrbformError(error) ? error.code : String(error);
  }
}

describe("a plan that is kept", () => {
  it("reads back as it was written, and is written the same again", () => {
    fc.assert(
      fc.property(sound, ({ one }) => {
        const text = write(one);
        expect(read(text)).toStrictEqual(JSON.parse(JSON.stringify(one)));
        expect(write(read(text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("is not written with what could not be read", () => {
    const [one] = fc.sample(sound, 1);
    const outputs: SavedPlan["plan"]["outputs"] = JSON.parse('{ "__proto__": 1 }');
    if (one === undefined) throw new Error("there is no plan");
    expect(() => write({ ...one.one, plan: { ...one.one.plan, outputs } })).toThrow("a plan cannot be written");
  });

  it("with one byte changed, taken away or put in is refused", () => {
    const change = fc.record({
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 255 }),
      how: fc.constantFrom("other", "less", "more"),
    });
    fc.assert(
      fc.property(calmInputs, fc.array(change, { minLength: 20, maxLength: 20 }), (input, changes) => {
        const bytes = Buffer.from(write(saved(input)));
        for (const { at, by, how } of changes) {
          const spot = at % bytes.length;
          const other = Buffer.from([((bytes[spot] ?? 0) + by) % 256]);
          const middle = how === "less" ? [] : [other];
          const rest = bytes.subarray(how === "more" ? spot : spot + 1);
          const text = Buffer.concat([bytes.subarray(0, spot), ...middle, rest]).toString();
          expect(codeOf(() => read(text))).toMatch(/^ORB_PLAN_(?:UNREADABLE|NEWER)$/);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is not stale where nothing has changed, by what it looks at itself", () => {
    fc.assert(
      fc.property(sound, ({ input, one: { plan: made, facts, ...one } }) => {
        const { live, prior } = input;
        const touched = withPlanned(touchedBy(made, prior, []), facts);
        const present = factsOf(made, touched, { prior, live, ...hashes, ...NOTHING_CLOSER });
        expect(differencesIn(made, { planned: facts, present, machines: live.machines })).toEqual([]);
        expect(withoutMoved(made, prior, { planned: facts, present })).toStrictEqual(made);
        const looked = desiredIn({ ...one, plan: made, facts }).resources.map(({ address }) => address);
        const kept = Object.keys(priorIn(prior, touched).resources);
        const known = new Set<string>([...looked, ...kept]);
        expect(made.changes.filter(({ address }) => !known.has(address)).map(({ action }) => action)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is stale where a machine that it works on is another in any way, and names that machine alone", () => {
    const busy = calmInputs.filter((input) => touchedBy(plan(input), input.prior, []).worked.size > 0);
    const how = fc.constantFrom<Record<string, unknown>>(
      { name: "quite-another" },
      { state: "starting" },
      { id: "gone" },
    );
    fc.assert(
      fc.property(busy, how, (input, change) => {
        const { plan: made, facts } = saved(input);
        const { prior, live } = input;
        const touched = withPlanned(touchedBy(made, prior, []), facts);
        const id = [...touched.worked].find((each) => live.machines.some((machine) => machine.id === each));
        fc.pre(id !== undefined && facts.machines[id]?.name !== undefined && facts.machines[id]?.power !== undefined);
        const machines = live.machines.map((each) => (each.id === id ? { ...each, ...change } : each));
        const present = factsOf(made, touched, { prior, live: { ...live, machines }, ...hashes, ...NOTHING_CLOSER });
        const told = differencesIn(made, { planned: facts, present, machines });
        expect(
          new Set(told.map(({ subject }) => subject).filter((subject) => !/^(?:name|default) /.test(subject))).size,
        ).toBe(1);
      }),
      { numRuns: 200 },
    );
  });
});
