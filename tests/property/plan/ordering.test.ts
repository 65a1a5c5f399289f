import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { desiredMachine, inputOf, liveMachine, stateOf } from "../../support/plan-builders.ts";
import { Reach } from "../../support/plan-reach.ts";
import * as rules from "../../support/plan-rules.ts";
import { anyInputs, calmInputs } from "../../support/plan-worlds.ts";

const inputs = fc.oneof({ weight: 7, arbitrary: calmInputs }, { weight: 1, arbitrary: anyInputs });

const RULES: readonly (readonly [string, rules.Rule])[] = [
  ["no two calls on one machine overlap, and none overlaps with its being cloned", rules.noOverlap],
  ["rule 1: an action comes after those that produce what it refers to", rules.afterWhatItRefersTo],
  ["rule 1: deletes run in reverse order", rules.deletesInReverse],
  ["rule 2: a name is taken only after whoever holds it has let go", rules.oneHolderOfAName],
  ["rule 2: what is renamed or deleted is named as the action says", rules.namesAsTheyAre],
  [
    "rule 4: a clone waits for all that is done to its source, its source's delete for the clone",
    rules.clonesAfterTheirSource,
  ],
  ["rule 4: a machine is exported after all that is done to it", rules.exportsAfterTheirMachine],
  ["rule 4: nothing is done to a machine while it is exported", rules.exportsApart],
  ["rule 4: clones of one source run one at a time", rules.clonesOneAtATime],
  ["rule 4: a source is stopped for its clones only where the driver asks for it", rules.sourcesStoppedWhereNeeded],
  ["rule 5: a replacement deletes and makes, or makes, deletes and takes the name", rules.replacements],
  ["rule 6: the default is set after the final name, and never twice", rules.defaultLast],
  [
    "rules 7 and 10: a machine ends with the power the stack wants, and power that is not ours is left alone",
    rules.powerAsWanted,
  ],
  ["rule 9: nothing is done to a machine in transition", rules.settledOnly],
  ["rule 10: settings that need a restart get one where the machine runs and shall run", rules.restartsMadeUpFor],
];

test.each(RULES)("%s, in every order that the graph allows", (_, rule) => {
  fc.assert(
    fc.property(inputs, (input) => {
      const planned = plan(input);
      fc.pre(!hasErrors(planned.diagnostics));
      expect(rule(input, new Reach(planned))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

/** Machines that run as they should, but for their names: each wants that of another, or one of its own. */
const renamed: fc.Arbitrary<readonly (readonly [string, string])[]> = fc
  .uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { minLength: 2 })
  .chain((names) =>
    fc
      .shuffledSubarray(names, { minLength: names.length })
      .map((wanted) => names.map((name, index) => [name, wanted[index] ?? name])),
  );

test("rule 3: every ring of names is broken by one temporary name, and nothing else is given one", () => {
  fc.assert(
    fc.property(renamed, (names) => {
      const temporary = plan(renaming(names)).actions.filter((each) => each.kind === "rename" && each.temporary);
      expect(temporary.length).toBe(ringsIn(new Map(names)));
    }),
    { numRuns: 300 },
  );
});

function renaming(names: readonly (readonly [string, string])[]): PlanInput {
  const machines = names.map(([name, wanted], index) => ({
    desired: desiredMachine(`m${index}`, { name: wanted }),
    live: liveMachine(name),
  }));
  return inputOf({
    desired: machines.map(({ desired }) => desired),
    prior: Object.fromEntries(machines.map(({ desired, live }, index) => [`m${index}`, stateOf(desired, live)])),
    live: machines.map(({ live }) => live),
  });
}

function ringsIn(wanted: ReadonlyMap<string, string>): number {
  const seen = new Set<string>();
  let rings = 0;
  for (const start of wanted.keys()) {
    if (seen.has(start) || wanted.get(start) === start) continue;
    rings += 1;
    for (let name: string | undefined = start; name !== undefined && !seen.has(name); name = wanted.get(name))
      seen.add(name);
  }
  return rings;
}
