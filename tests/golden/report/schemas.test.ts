import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ExecuteEvent } from "../../../src/model/execute-event.ts";
import type { Happening } from "../../../src/model/happening.ts";
import { countApplied, tally } from "../../../src/report/count-applied.ts";
import {
  actionLine,
  applySummaryLine,
  diagnosticLine,
  lineText,
  planSummaryLine,
} from "../../../src/report/events-json.ts";
import { planLines } from "../../../src/report/events-plan.ts";
import { reviewJson } from "../../../src/report/review-json.ts";
import type { Review } from "../../../src/report/review.ts";
import { encodeSnapshot } from "../../../src/state/codec.ts";
import { schemaFiles } from "../../../tools/docs/schemas/documents.ts";
import { failedApply, planStream, stopped } from "../../support/event-streams.ts";
import { pathsOf, withPart } from "../../support/json-parts.ts";
import { PLAN_WITH_ALL } from "../../support/plan-with-all.ts";
import { DENIED, SCENARIOS, scenario } from "../../support/review-scenarios.ts";
import { watchedApply } from "../../support/watched-apply.ts";
import { validator, type Validate } from "../../support/schema-validator.ts";

const DOCS = new URL("../../../docs/schemas/", import.meta.url);
const TIMINGS = new URL("timings.json", import.meta.url);

const validate = { plan: validator("plan"), state: validator("state"), events: validator("events") };

const STAMP = { timestamp: "2026-11-26T00:00:00Z" };

/** What a plan file has beside what is shown, as far as the scenario tells it. */
function savedOf({ notices, plan, policy, version }: Review) {
  const digest = "0".repeat(64);
  const request = { mode: plan.mode, targets: [], excludes: [], replace: [], adopt: ["machine.web"], allowReplace: false };
  const facts = { states: {}, written: {}, machines: {}, names: {}, settings: {}, inside: {}, archives: {}, claims: {} };
  const watched = { resources: Object.values(plan.settled), existing: [] };
  const stack = { file: "stacks/dev.ts", digest, secrets: { "file.key": digest } };
  return { format: 1, version, madeAt: STAMP.timestamp, digest, stack, request, watched, facts, policy, notices, plan };
}

/** A plan's document, as it is printed and as it may be read from a file. */
function documentOf(name: string, isFile = true): unknown {
  const { review, worlds } = scenario(name, DENIED);
  const { orbform, ...document } = reviewJson(review, worlds, STAMP);
  const saved = isFile ? { saved: savedOf(review) } : {};
  return JSON.parse(JSON.stringify({ ...document, orbform: { ...Object(orbform), ...saved } }));
}

function stateOf(name: string): unknown {
  return JSON.parse(encodeSnapshot(scenario(name).worlds.prior));
}

const LINES = [...Object.keys(SCENARIOS).flatMap(planStream), ...failedApply(), ...stopped()].map(
  (each): { readonly type: string } => JSON.parse(each),
);
const TIMED: { readonly type: string } = JSON.parse(readFileSync(TIMINGS, "utf8"));

it.each([...schemaFiles()])("%s is what the code says", (name, text) => {
  expect(readFileSync(new URL(name, DOCS), "utf8"), "run `npm run docs`").toBe(text);
  expect(readdirSync(DOCS)).toContain(name);
});

describe("the published schemas", () => {
  it.each(Object.keys(SCENARIOS))("take the document of a plan, and the state it was made on: %s", (name) => {
    expect(validate.plan(documentOf(name))).toEqual([]);
    expect(validate.plan(documentOf(name, false))).toEqual([]);
    expect(validate.state(stateOf(name))).toEqual([]);
  });

  it("take a plan with all that a plan may have", () => {
    const document = documentOf("no-changes");
    expect(validate.plan(withPart(document, ["orbform", "saved", "plan"], JSON.parse(JSON.stringify(PLAN_WITH_ALL))))).toEqual([]);
  });

  it("take every line that is told of plans and of an apply that fails", () => {
    for (const line of [...LINES, TIMED]) expect(validate.events(line), line.type).toEqual([]);
  });
});

it("the published schemas take what is told of an apply that was carried out and failed", async () => {
  const { happenings, applied } = await watchedApply();
  const { planned, results } = applied;
  const { plan } = planned;
  const told = happenings.flatMap((each) => {
    if (each.event === "notice") return [diagnosticLine(each.notice)];
    return isOfActions(each) ? [actionLine(each)] : [];
  });
  const { failed, skipped, unknown } = tally(results);
  const summary = applySummaryLine(countApplied(plan, results), { operation: "apply", failed, skipped, unknown });
  const lines = [...planLines(plan), planSummaryLine(plan), ...told, summary].map((each) => lineText(each, "2026"));
  expect([failed, skipped]).toEqual([1, 1]);
  expect(new Set(told.map(({ type }) => type))).toContain("apply_errored");
  expect(lines.flatMap((each) => validate.events(JSON.parse(each)))).toEqual([]);
});

function isOfActions(happening: Happening): happening is ExecuteEvent {
  return happening.event === "counts" || ("action" in happening && "does" in happening);
}

/** What a schema takes though it is damaged, with the indices of lists left out: nothing but what is said to be anything. */
function taken(check: Validate, documents: readonly unknown[], damage: (part: unknown) => unknown): readonly string[] {
  const found = new Set<string>();
  for (const document of documents) {
    for (const path of pathsOf(document)) {
      const part = path.reduce<unknown>((each, key) => Reflect.get(Object(each), key), document);
      const isItem = Array.isArray(path.slice(0, -1).reduce<unknown>((each, key) => Reflect.get(Object(each), key), document));
      const damaged = damage(part);
      if (isItem && damaged === undefined) continue;
      if (check(withoutGone(withPart(document, path, damaged))).length === 0) found.add(shown(path));
    }
  }
  return [...found].toSorted();
}

function withoutGone(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** What stands below these are properties and outputs, by their names. */
const NAMED: ReadonlySet<string> = new Set(["values", "before", "after", "expressions", "after_unknown", "outputs", "output_changes"]);

function shown(path: readonly string[]): string {
  return path
    .map((key, index) => (NAMED.has(path[index - 1] ?? "") ? "NAME" : key))
    .map((key) => (/^\d+$/.test(key) ? "[]" : key))
    .join(" ");
}

const gone = (): undefined => undefined;
/** No part of a document is a list of this in a list. */
const odd = (part: unknown): unknown => (typeof part === "object" && part !== null ? 3.5 : [[{ odd: 3.5 }]]);

const WHOLE = ["create", "replace", "adopt", "moved", "deposed", "drift-only", "modules", "secret-changed"];

describe("a damaged document", () => {
  const plans = WHOLE.map((name) => documentOf(name, false));

  it.each([
    ["plan", validate.plan, plans],
    ["state", validate.state, ["inside-changed", "export-removed", "setting-removed"].map(stateOf)],
    ["events", validate.events, [...LINES.filter(isFirst), TIMED]],
  ] as const)("is refused, but where anything or nothing may stand: %s", async (name, check, documents) => {
    const lines = [
      ...taken(check, documents, gone).map((path) => `may be gone: ${path}\n`),
      ...taken(check, documents, odd).map((path) => `may be anything: ${path}\n`),
    ];
    await expect(lines.join("")).toMatchFileSnapshot(`schemas/${name}.txt`);
  });

  it("is refused for a key that is not known, where the schema is of this version alone", () => {
    expect(validate.plan(withPart(documentOf("create"), ["later"], 1))).not.toEqual([]);
    expect(validate.plan(withPart(documentOf("create"), ["resource_changes", "0", "later"], 1))).not.toEqual([]);
    expect(validate.events({ ...LINES[0], later: 1 })).not.toEqual([]);
    expect(validate.state({ ...Object(stateOf("create")), later: 1 })).toEqual([]);
  });
});

/** Of lines of one type the one with most in it. */
function isFirst(line: { readonly type: string }): boolean {
  const same = LINES.filter(({ type }) => type === line.type);
  const sizes = same.map((each) => JSON.stringify(each).length);
  return same.indexOf(line) === sizes.indexOf(Math.max(...sizes));
}
