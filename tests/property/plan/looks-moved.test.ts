import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moveResource } from "../../../src/cli/state-edits.ts";
import { PLAIN_REQUEST } from "../../../src/engine-types.ts";
import type { Address } from "../../../src/model/address.ts";
import { hasErrors } from "../../../src/model/diagnostic.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { DesiredResource, DesiredState } from "../../../src/model/resource.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { plan } from "../../../src/plan/plan.ts";
import { at } from "../../support/plan-builders.ts";
import { applyPlan } from "../../support/plan-apply.ts";
import { calmInputs } from "../../support/plan-worlds.ts";

/** A world that is as its stack wants it. */
function settled(input: PlanInput): PlanInput | undefined {
  const whole = { ...input, options: PLAIN_REQUEST };
  const planned = plan(whole);
  return hasErrors(planned.diagnostics) ? undefined : applyPlan(whole, planned).input;
}

/** The stack with one key renamed wherever it stands. */
function renamed(desired: DesiredState, from: Address, to: Address): DesiredState {
  const text = JSON.stringify(desired).replaceAll(JSON.stringify(from), JSON.stringify(to));
  return JSON.parse(text);
}

function with_(
  desired: DesiredState,
  address: Address,
  change: (of: DesiredResource) => DesiredResource,
): DesiredState {
  return { ...desired, resources: desired.resources.map((each) => (each.address === address ? change(each) : each)) };
}

const suggestions = ({ diagnostics }: Plan) =>
  diagnostics
    .filter(({ code }) => code === "ORB_LOOKS_MOVED")
    .map(({ address, hint = "" }) => [address, hint] as const);

const actionAt = ({ changes }: Plan, address: Address) => changes.find((each) => each.address === address)?.action;

describe("a key that is renamed", () => {
  test("is told, with what keeps it, and nothing is deleted by who does what is told", () => {
    let told = 0;
    fc.assert(
      fc.property(calmInputs, fc.nat(), fc.boolean(), (drawn, which, takesName) => {
        const input = settled(drawn);
        const resource = input?.desired.resources[which % input.desired.resources.length];
        fc.pre(input !== undefined && resource !== undefined);
        const from = resource.address;
        const to = at(`${resource.type}.renamed`);
        const moved = renamed(input.desired, from, to);
        const named = with_(moved, to, (each) =>
          takesName && each.type === "machine" ? { ...each, name: "renamed" } : each,
        );
        const planned = plan({ ...input, desired: named });
        const isDeleted = actionAt(planned, from) === "delete" && actionAt(planned, to) === "create";
        const found = suggestions(planned).filter(([address]) => address === to);
        if (isDeleted) {
          told += 1;
          const hint = `To keep it, run: orb state mv ${from} ${to} (or give ${to} the lifecycle { aliases: ["${from}"] })`;
          expect(found).toEqual([[to, hint]]);
        }
        fc.pre(found.length > 0);
        const kept = with_(named, to, (each) => ({ ...each, lifecycle: { ...each.lifecycle, aliases: [from] } }));
        const byAlias = plan({ ...input, desired: kept });
        const byMove = plan({ ...input, desired: named, prior: moveResource(input.prior, from, to) });
        for (const after of [byAlias, byMove]) {
          expect(after.actions.filter(({ kind }) => kind === "delete" || kind === "create")).toEqual([]);
          expect(suggestions(after)).toEqual([]);
        }
        expect(byAlias.changes.find((each) => each.address === to)?.previousAddress).toBe(from);
      }),
      { numRuns: 300 },
    );
    expect(told).toBeGreaterThan(30);
  });

  test("changes nothing of what is done", () => {
    fc.assert(
      fc.property(calmInputs, (input) => {
        const planned = plan(input);
        const pairs = suggestions(planned);
        for (const [to = ""] of pairs) expect(actionAt(planned, at(to)) ?? "create").toBe("create");
        expect(new Set(pairs.map(([to]) => to)).size).toBe(pairs.length);
      }),
      { numRuns: 200 },
    );
  });
});
