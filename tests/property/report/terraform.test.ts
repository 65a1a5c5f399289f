import { isUnknown } from "../../../src/model/plan.ts";
import * as fc from "fast-check";
import jsonPatch from "fast-json-patch";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/json.ts";
import type { PlanInput } from "../../../src/plan/plan-input.ts";
import { statePatches, type PatchOperation } from "../../../src/report/state-patches.ts";
import { terraformPlan } from "../../../src/report/terraform-json.ts";
import { ACTION_LISTS } from "../../../src/report/terraform-actions.ts";
import { misfits, PLAN_SHAPE } from "../../contract/terraform-shape.ts";
import { inside } from "../../support/execute-builders.ts";
import { anyInputs, adoptingInputs, calmInputs } from "../../support/plan-worlds.ts";
import { inputOf } from "../../support/plan-builders.ts";
import { reviewed, SCENARIOS, SECRET } from "../../support/review-scenarios.ts";

const inputs = fc.oneof(anyInputs, calmInputs, adoptingInputs);
const RUNS = { numRuns: 200 };

interface Told {
  readonly actions: readonly string[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly after_unknown: JsonObject;
  readonly before_sensitive: JsonObject | boolean;
  readonly after_sensitive: JsonObject | boolean;
  readonly orbform: { readonly address: string };
}

function documentOf(input: PlanInput): JsonObject {
  const { review, worlds } = reviewed(input);
  return terraformPlan(review, worlds, { timestamp: "2026-11-26T00:00:00Z" });
}

function told(document: JsonObject): readonly Told[] {
  const asJson: unknown = JSON.parse(JSON.stringify(document["resource_changes"] ?? []));
  return (asJson as readonly { readonly change: Told }[]).map(({ change }) => change);
}

test("whatever is planned, its document is JSON in Terraform's shape", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const document = documentOf(input);
      expect(JSON.parse(JSON.stringify(document))).toEqual(document);
      expect(misfits(document, PLAN_SHAPE)).toEqual([]);
    }),
    RUNS,
  );
});

test("every change of a plan is in it, once, with a word that Terraform knows", () => {
  const known = new Set(ACTION_LISTS.map((each) => each.join()));
  fc.assert(
    fc.property(inputs, (input) => {
      const { review } = reviewed(input);
      const changes = told(documentOf(input));
      const addresses = changes.map(({ orbform }) => orbform.address);
      expect(new Set(addresses).size).toBe(addresses.length);
      expect(addresses).toEqual(expect.arrayContaining(review.plan.changes.map(({ address }) => address)));
      expect(changes.map(({ actions }) => actions.join()).filter((each) => !known.has(each))).toEqual([]);
    }),
    RUNS,
  );
});

test("both sides differ in what the plan says differs, and in nothing else", () => {
  fc.assert(fc.property(inputs, expectConsistent), RUNS);
});

test.each(Object.entries(SCENARIOS))(
  "both sides of %s differ in what the plan says, and in nothing else",
  (_name, worlds) => {
    expectConsistent(inputOf(worlds));
  },
);

/** Each property that the plan says differs stands on both sides as the plan has it, and no other differs. */
function expectConsistent(input: PlanInput): void {
  const { review } = reviewed(input);
  const changes = new Map(told(documentOf(input)).map((each) => [each.orbform.address, each]));
  for (const { address, attributes } of review.plan.changes) {
    const change = changes.get(address);
    if (change === undefined) throw new Error(`${address} is not in the document`);
    const { before, after, after_unknown: unknown, ...marks } = change;
    for (const attribute of attributes) {
      if (before !== null && !isMarked(marks.before_sensitive, attribute.path))
        expect(valueAt(before, attribute.path), attribute.path).toEqual(attribute.before ?? null);
      if (isUnknown(attribute.after)) expect(after === null || attribute.path in unknown).toBe(true);
      else if (after !== null && !isMarked(marks.after_sensitive, attribute.path))
        expect(valueAt(after, attribute.path), attribute.path).toEqual(attribute.after ?? null);
    }
    const paths = new Set(attributes.map(({ path }) => path.replace(/^install\..*/s, "install")));
    const differing = Object.keys({ ...before, ...after }).filter(
      (key) => key in unknown || JSON.stringify(before?.[key]) !== JSON.stringify(after?.[key]),
    );
    if (before !== null && after !== null) expect(differing.filter((path) => !paths.has(path))).toEqual([]);
  }
}

function isMarked(marks: JsonObject | boolean | undefined, path: string): boolean {
  return typeof marks === "object" && path in marks;
}

function valueAt(values: JsonObject, path: string): unknown {
  const [, name] = /^install\.(.*)$/s.exec(path) ?? [];
  if (name === undefined) return values[path];
  return Reflect.get(Object(values["install"] ?? {}), name) ?? null;
}

test("its patches lead from what is there to what is known of what will be", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { review, worlds } = reviewed(input);
      const changes = new Map(told(documentOf(input)).map((each) => [each.orbform.address, each]));
      for (const { address, operations, unknown } of statePatches(review, worlds)) {
        const { before, after } = changes.get(address) ?? {};
        if (!before || !after) continue;
        const result = applied(before, operations);
        expect(unknown.toSorted()).toEqual(Object.keys(changes.get(address)?.after_unknown ?? {}).toSorted());
        for (const key of unknown) delete result[key];
        expect(result).toEqual(after);
      }
    }),
    RUNS,
  );
});

test("no content of a sensitive file, cloud-init or sensitive output is in it", () => {
  fc.assert(
    fc.property(inputs, fc.boolean(), (input, isNew) => {
      const { resources } = input.desired;
      const machines = resources.flatMap((each) => (each.type === "machine" ? [each.address] : []));
      const key = machines[0] === undefined ? [] : [secretFileIn(machines[0])];
      const secretive = resources.map((each) =>
        each.type === "machine" && isNew ? { ...each, cloudInit: { text: `password: ${SECRET}` } } : each,
      );
      const outputs = { ...input.desired.outputs, token: { value: SECRET, sensitive: true } };
      const desired = { ...input.desired, resources: [...key, ...secretive], outputs };
      const { review, worlds } = reviewed({ ...input, desired });
      const stamp = { timestamp: "2026-11-26T00:00:00Z" };
      expect(JSON.stringify([terraformPlan(review, worlds, stamp), statePatches(review, worlds)])).not.toContain(
        SECRET,
      );
    }),
    RUNS,
  );
});

function secretFileIn(on: ReturnType<typeof inside>["on"]): ReturnType<typeof inside> {
  return inside("file", "key", { path: "/etc/key", content: SECRET }, { on, sensitive: true });
}

function applied(before: JsonObject, operations: readonly PatchOperation[]): { [key: string]: unknown } {
  const patch: unknown = JSON.parse(JSON.stringify(operations));
  return jsonPatch.applyPatch(JSON.parse(JSON.stringify(before)), patch as jsonPatch.Operation[]).newDocument;
}
