import * as fc from "fast-check";
import type { Address } from "../../src/model/address.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { Change, Drift, OutputChange, Plan } from "../../src/model/plan.ts";
import { countApplied, type Ended } from "../../src/report/count-applied.ts";
import type { Review } from "../../src/report/review.ts";
import { planWith } from "./report-builders.ts";
import { endedAs, REVIEWS } from "./reviews.ts";

/** Pieces that mean something to whoever reads markdown, HTML, XML or a terminal. */
const PIECES = [
  "`",
  "``",
  "```",
  "````````",
  "~~~",
  "\n",
  "\r\n",
  "\r",
  "\n\n",
  "\t",
  " ",
  "</details>",
  "</summary>",
  "</code>",
  "<!--",
  "-->",
  "--!>",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "]]>",
  "<![CDATA[",
  "&amp;",
  "&",
  "<",
  ">",
  '"',
  "'",
  "@octocat",
  "@org/team",
  "https://evil.example/x",
  "www.evil.example",
  "[a](javascript:alert(1))",
  "![a](https://evil.example/p.png)",
  "<https://evil.example>",
  "#1",
  "GH-1",
  "org/repo#2",
  "\\",
  "$",
  "$$",
  "|",
  "- ",
  "+ ",
  "# ",
  "> ",
  "* ",
  "_",
  "**",
  "\u001b[2J",
  "\u001b]8;;https://x\u0007",
  "\u0000",
  "\u0008",
  "\u007f",
  "\u0085",
  "\u200b",
  "\u202e",
  "\u2066",
  "\u061c",
  "\ufeff",
  "\u00ad",
  "\u{e0041}",
  "\ud800",
  "\udc00",
  "\ufffe",
  "\uffff",
  "\u2028",
  "ü",
  "👩‍🚀",
  "plain",
  "web-1",
  " env=",
  "stack=",
  "::error::",
  "%",
  "%0A",
] as const;

/** Text as bad as a name or a content can be. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.tuple(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 400 })).map(([piece, times]) => piece.repeat(times)),
);

interface Words {
  next(): string;
}

function wordsOf(all: readonly string[]): Words {
  let at = 0;
  return { next: () => all[at++ % all.length] ?? "" };
}

/** Addresses and ids are parsed when a plan is read; in a report they are text like any other. */
function hostilePlan(plan: Plan, words: Words): Plan {
  const attribute = () => ({
    path: words.next(),
    before: words.next(),
    after: words.next(),
    forcesReplacement: true,
    note: words.next(),
  });
  const ids = new Map(plan.actions.map(({ id }, index) => [id, `${words.next()} ${index}` as typeof id]));
  const idOf = (id: Plan["actions"][number]["id"]) => ids.get(id) ?? id;
  return {
    ...plan,
    stack: words.next(),
    env: words.next(),
    changes: plan.changes.map((change): Change => ({
      ...change,
      address: words.next() as Address,
      name: words.next(),
      previousAddress: words.next() as Address,
      actions: change.actions.map(idOf),
      attributes: [attribute(), attribute()],
      notes: [words.next()],
    })),
    drift: plan.drift.map((drift): Drift => ({
      ...drift,
      address: words.next() as Address,
      name: words.next(),
      attributes: [attribute()],
    })),
    actions: plan.actions.map((action) => ({ ...action, id: idOf(action.id), address: words.next() as Address })),
    outputChanges: plan.outputChanges.map((each): OutputChange => ({
      ...each,
      name: words.next(),
      before: words.next(),
    })),
    diagnostics: [diagnostic(words, "error"), diagnostic(words, "warning")],
  };
}

function diagnostic(words: Words, severity: "error" | "warning"): Diagnostic {
  return {
    severity,
    code: "ORB_ACTION_FAILED",
    summary: words.next(),
    detail: words.next(),
    hint: words.next(),
    address: words.next(),
    place: { file: words.next(), line: 3, column: 4 },
  };
}

type Name = "every-action" | "failed-apply" | "denied" | "drift-only";
const NAMES: readonly Name[] = ["every-action", "failed-apply", "denied", "drift-only"];

/** Made once: what is hostile is put into it. */
const PLANS = new Map(NAMES.map((name) => [name, REVIEWS[name]().plan]));

function reviewWith(name: Name, all: readonly string[], isApplied: boolean): Review {
  const words = wordsOf(all);
  const plan = hostilePlan(PLANS.get(name) ?? planWith(), words);
  const ends: readonly Ended[] = [
    { status: "failed", problem: diagnostic(words, "error") },
    { status: "unknown", problem: diagnostic(words, "error") },
    { status: "skipped" },
    { status: "succeeded" },
  ];
  const endings = plan.actions.map(({ id }, index) => [id, ends[index % 4]] as const);
  const results = endedAs(plan.actions, Object.fromEntries(endings) as { readonly [id: string]: Ended });
  const applied = { operation: "apply", counts: countApplied(plan, results), results, interrupted: true } as const;
  const finding = (severity: "deny" | "warn") => ({
    policy: words.next(),
    severity,
    message: words.next(),
    address: words.next() as Address,
  });
  return {
    plan,
    digest: words.next(),
    version: "0.1.0",
    policy: {
      checked: [words.next(), words.next()],
      findings: [finding("deny"), finding("warn")],
      failed: [{ policy: words.next(), message: words.next() }],
    },
    notices: [words.next()],
    commit: words.next(),
    link: words.next(),
    file: words.next(),
    ...(isApplied && { applied }),
  };
}

/** Reviews in which every name and every content is hostile. */
export const hostileReview: fc.Arbitrary<Review> = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(hostile, { minLength: 3, maxLength: 40 }), fc.boolean())
  .map(([name, all, isApplied]) => reviewWith(name, all, isApplied));

const DIFFERENT = Array.from({ length: 200 }, (_, index) => `word${index}`);

/** The same reviews with harmless words, the same or others everywhere. */
export const plainReviews: readonly Review[] = NAMES.flatMap((name) =>
  [true, false].flatMap((isApplied) => [["word"], DIFFERENT].map((words) => reviewWith(name, words, isApplied))),
);
