import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/model/plan.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import { plan } from "../../../src/plan/plan.ts";
import { planDigest } from "../../../src/plan/plan-digest.ts";
import { decodePlan, encodePlan } from "../../support/plan-text.ts";
import { digest } from "../../support/plan-builders.ts";
import { pathsOf, withPart } from "../../support/json-parts.ts";
import { anyInputs, calmInputs } from "../../support/plan-worlds.ts";

const plans = fc.oneof(anyInputs, calmInputs).map((input) => plan(input));
const WHERE = "/work.plan";

/** Plans that do something, to have something to damage. */
const busy = calmInputs
  .map((input) => plan(input))
  .filter(({ actions, refreshed }) => actions.length > 5 && Object.keys(refreshed).length > 0);

describe("a plan file", () => {
  it("reads back as the plan that was written, and is written the same again", () => {
    fc.assert(
      fc.property(plans, (planned) => {
        const text = encodePlan(planned);
        const read = isSound(planned) ? decodePlan(text, WHERE) : planned;
        expect(read).toStrictEqual(planned);
        expect([encodePlan(read), planDigest(read, digest)]).toEqual([text, planDigest(planned, digest)]);
      }),
      { numRuns: 200 },
    );
  });

  it("with any one part changed or missing is read as it stands, or refused by code", () => {
    const other = fc.constantFrom<unknown>(
      undefined,
      null,
      -1,
      0,
      1.5,
      "",
      "x",
      "machine.m0",
      true,
      [],
      [1],
      {},
      { a: 1 },
    );
    fc.assert(
      fc.property(busy, fc.nat(), other, (planned, which, value) => {
        const parts = pathsOf(planned);
        const damaged: unknown = JSON.parse(
          JSON.stringify(withPart(planned, parts[which % parts.length] ?? [], value)),
        );
        const read = readOrCode(JSON.stringify(damaged));
        if (typeof read === "string") expect(read).toBe("ORB_PLAN_UNREADABLE");
        else expect(read).toStrictEqual(damaged);
      }),
      { numRuns: 300 },
    );
  });

  it("with a key that is not known, anywhere but in recorded states, is refused", () => {
    fc.assert(
      fc.property(busy, fc.nat(), (planned, which) => {
        const parts = objectsOf(planned);
        const path = parts[which % parts.length] ?? [];
        const more = { ...(partAt(planned, path) as object), surprise: 1 };
        const read = readOrCode(JSON.stringify(withPart(planned, path, more)));
        expect(typeof read === "string" ? read : path.join(".")).toMatch(OPEN);
      }),
      { numRuns: 300 },
    );
  });

  it("cut off anywhere is refused", () => {
    fc.assert(
      fc.property(busy, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (planned, share) => {
        const text = encodePlan(planned).trimEnd();
        expect(readOrCode(text.slice(0, Math.floor(text.length * share)))).toBe("ORB_PLAN_UNREADABLE");
      }),
      { numRuns: 200 },
    );
  });

  it("of anything at all is never more than refused", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((each) => JSON.stringify({ ...each, format: 1 })),
        ),
        (text) => {
          expect(readOrCode(text)).toMatch(/^ORB_PLAN_(?:UNREADABLE|NEWER)$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A refusal, or a place where keys are free: recorded states, values, labels, time-outs, and JSON that is only shown. */
const OPEN =
  /^ORB_PLAN_UNREADABLE$|^refreshed\.[^.]+\.|^refreshed\.[^.]+$|\.(?:before|after|value|labels|timeoutsMs)(?:\.|$)/;

/** A plan whose actions wait for each other says so, can't be applied, and is not read. */
function isSound({ diagnostics }: Plan): boolean {
  return !diagnostics.some(({ code, summary }) => code === "ORB_DEPENDENCY_CYCLE" && summary.startsWith("Actions"));
}

function readOrCode(text: string): unknown {
  try {
    return decodePlan(text, WHERE);
  } catch (error) {
    if (isOrbformError(error)) return error.code;
    throw error;
  }
}

function objectsOf(value: unknown): readonly (readonly string[])[] {
  return [[], ...pathsOf(value)].filter((path) => {
    const part = partAt(value, path);
    return typeof part === "object" && part !== null && !Array.isArray(part);
  });
}

function partAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>>)[key], value);
}
