import { expect, it } from "vitest";
import { isOrbformError } from "../../../src/model/errors.ts";
import { decodePlan } from "../../../src/plan/plan-file.ts";
import { pathsOf, withPart } from "../../support/json-parts.ts";
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

/** Why a plan is not read, or nothing. */
function refusal(plan: unknown): string {
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

it("each part of it may be what stands here, and nothing else", async () => {
  const lines = distinct(pathsOf(PLAN_WITH_ALL)).map((path) => {
    const part = partAt(PLAN_WITH_ALL, path);
    const verdicts = DAMAGES.map(([word, damage]) => [word, damage(part)] as const)
      .filter(([word, damaged]) => word === "gone" || damaged !== part)
      .map(([word, damaged]) => [word, refusal(withPart(PLAN_WITH_ALL, path, damaged))] as const);
    const taken = verdicts.flatMap(([word, why]) => (why === "" ? [word] : []));
    const why = verdicts.map(([, each]) => each).find((each) => each !== "") ?? "";
    const may = why === "" ? "anything" : taken.join(", ") || "-";
    return `${path.join(" ")}: ${may}${why === "" ? "" : ` | ${why}`}\n`;
  });
  await expect(lines.join("")).toMatchFileSnapshot("shape.txt");
});
