import { beforeEach, expect, it } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { decodePlan } from "../../support/plan-text.ts";
import { planShape } from "../../../src/plan/plan-shape.ts";
import type { Check } from "../../../src/plan/shape.ts";
import { pathsOf, withPart } from "../../support/json-parts.ts";
import { validator } from "../../support/schema-validator.ts";
import { PLAN_WITH_ALL } from "../../support/plan-with-all.ts";

/** What stands in the place of a part, or beside what is in it, by the word that tells of it. */
const DAMAGES: readonly (readonly [word: string, damage: (part: unknown) => unknown])[] = [
  ["gone", () => undefined],
  ["null", () => null],
  ["true", () => true],
  ["false", () => false],
  ["-1", () => -1],
  ["0", () => 0],
  ["1.5", () => 1.5],
  ['""', () => ""],
  ["a word", () => "word"],
  ["an address", () => "machine.db"],
  ["[]", () => []],
  ["[1]", () => [1]],
  ["{}", () => ({})],
  ["one key more", (part) => (isObject(part) ? { ...part, later: 1 } : part)],
];

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function partAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => (typeof each === "object" && each !== null ? Reflect.get(each, key) : undefined), value);
}

const COMMON: ReadonlySet<string> = new Set(["id", "address", "after", "afterEnd", "expectedMs", "timeoutMs", "retries"]);
const REPEATED: ReadonlySet<string> = new Set(["lifecycle", "place", "keep", "target", "source", "ready", "pending", "made"]);

/** What is the same wherever it stands is judged where it stands first. */
function kindOf(path: readonly string[]): string {
  const [top = "", index, field = ""] = path;
  const was = path.indexOf("was");
  if (was > 0 && path.length > was + 1) return "what was";
  if (top === "actions" && COMMON.has(field)) return path.toSpliced(1, 1).join(" ");
  const at = path.findIndex((key) => REPEATED.has(key));
  if (at > 0 && path.length > at + 1) return [top, ...path.slice(at)].join(" ");
  const mark = path.findIndex((key) => ["~orbform", "parts", "property"].includes(key));
  if (mark > 0 && top !== "changes") return path.slice(mark).join(" ");
  return index === undefined ? top : path.join(" ");
}

function distinct(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const first = new Map<string, readonly string[]>();
  for (const path of paths) if (!first.has(kindOf(path))) first.set(kindOf(path), path);
  return [...first.values()];
}

/** A plan with hardly more than one part of the whole one, since it is read some thousand times, and where that part is in it. */
function around(path: readonly string[]): readonly [plan: unknown, path: readonly string[]] {
  const [top = "", key, ...rest] = path;
  const { actions, refreshed, settled } = PLAN_WITH_ALL;
  const bare = { drift: [], refreshed: {}, settled: {}, outputs: {}, outputChanges: [], diagnostics: [] };
  const first = actions.slice(0, 2).map(({ id, address, after, expectedMs, timeoutMs, retries }) => {
    return { id, kind: "forget", address, after, expectedMs, timeoutMs, retries };
  });
  const least = { ...PLAN_WITH_ALL, ...bare, actions: first };
  const own = partAt(PLAN_WITH_ALL, [top]);
  if (key === undefined) return [{ ...least, [top]: own }, path];
  const part = partAt(own, [key]);
  if (own === refreshed || own === settled) return [{ ...least, [top]: { [key]: part } }, path];
  if (own !== actions) return [{ ...least, [top]: own }, path];
  if (Number(key) < first.length)
    return [{ ...least, actions: first.map((each, index) => (String(index) === key ? part : each)) }, path];
  return [{ ...least, actions: [...first, part] }, [top, String(first.length), ...rest]];
}

const schema = validator("plan", "orbform_plan");
let shape: Check;
/** What the check and the published schema don't agree on. */
let differing: string[];
beforeEach(() => {
  shape = planShape();
  differing = [];
});

/** Why a plan is not read, or nothing. Most are refused for their shape alone. */
function refusal(plan: unknown): string {
  const asJson: unknown = JSON.parse(JSON.stringify(plan));
  const why = shape(asJson, undefined)?.why;
  if ((why === undefined) !== (schema(asJson).length === 0)) differing.push(JSON.stringify([why, schema(asJson)]));
  return why ?? refusalOnReading(plan);
}

function refusalOnReading(plan: unknown): string {
  try {
    decodePlan(JSON.stringify(plan), "work.plan");
    return "";
  } catch (error) {
    if (!isOrbformError(error)) throw error;
    return (error.detail ?? "").replace(/^work\.plan: (.*?)(?: at \S+)?\. What it would do.*$/s, "$1");
  }
}

it("a plan with all that a plan may have is read", () => {
  expect(refusal(PLAN_WITH_ALL)).toBe("");
});

const BIG = ["actions", "refreshed", "settled"];
const PARTS = distinct(pathsOf(PLAN_WITH_ALL));

it.each([...BIG, "others"])("each part of its %s may be what stands here, and nothing else", async (name) => {
  const own = PARTS.filter(([top = ""]) => name === (BIG.includes(top) ? top : "others"));
  const lines = own.map((path) => {
    const [plan, at] = around(path);
    const part = partAt(PLAN_WITH_ALL, path);
    const verdicts = DAMAGES.map(([word, damage]) => [word, damage(part)] as const)
      .filter(([word, damaged]) => word === "gone" || damaged !== part)
      .map(([word, damaged]) => [word, refusal(withPart(plan, at, damaged))] as const);
    const taken = verdicts.flatMap(([word, why]) => (why === "" ? [word] : []));
    const why = verdicts.map(([, each]) => each).find((each) => each !== "") ?? "";
    const may = why === "" ? "anything" : taken.join(", ") || "-";
    return `${path.join(" ")}: ${may}${why === "" ? "" : ` | ${why}`}\n`;
  });
  await expect(lines.join("")).toMatchFileSnapshot(`shape/${name}.txt`);
  expect(differing, "the published schema says otherwise").toEqual([]);
});
