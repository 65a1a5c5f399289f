import { describe, expect, test } from "vitest";
import { markdown } from "../../../src/report/markdown.ts";
import { bounded, cutLines, fitted } from "../../../src/report/markdown-fit.ts";
import { codeSpan, marker, plain, wrapped } from "../../../src/report/markdown-text.ts";
import { attribute, change, planWith } from "../../support/report-builders.ts";
import { reviewOf, REVIEWS } from "../../support/reviews.ts";

describe("a line", () => {
  test.each([
    ["web", "`web`"],
    ["a`b", "``a`b``"],
    ["``a`", "``` ``a` ```"],
    ["", '`""`'],
    ["a\nb\u001b[2J\u202ec", String.raw`${"`"}a\nb\u{202e}c${"`"}`],
  ])("has %j as code", (text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  test("ends behind three hundred characters", () => {
    expect([plain("ü".repeat(300)), plain("ü".repeat(301))]).toEqual(["ü".repeat(300), `${"ü".repeat(299)}…`]);
  });

  test("is broken at spaces, and nowhere else", () => {
    expect(wrapped("one two three\nfour-and-five six", 8)).toEqual(["one two", "three", "four-and-five", "six"]);
  });
});

test.each([
  [{ stack: "dev" }, "<!-- orbform:stack=dev -->"],
  [{ stack: "my--stack", env: "a b" }, "<!-- orbform:stack=my%2D-stack env=a%20b -->"],
  [{ stack: "--> <b>", env: "prod-" }, "<!-- orbform:stack=%2D-%3E%20%3Cb%3E env=prod%2D -->"],
])("%j is found again by its own marker", (names, line) => {
  expect(marker(names)).toBe(line);
});

describe("room", () => {
  const section = (blocks: readonly string[], share: number) => ({ one: "x", many: "xs", blocks, share });
  const shown = (sections: Parameters<typeof fitted>[0], bytes: number) =>
    fitted(sections, bytes).map((each) => each.shown);

  test("is given to each section's share first, then to the first of them", () => {
    const sections = [section(["aa", "bb", "cc"], 4), section(["dd", "ee"], 4)];
    expect(shown(sections, 12)).toEqual([["aa", "bb"], ["dd"]]);
    expect(shown(sections, 100)).toEqual([
      ["aa", "bb", "cc"],
      ["dd", "ee"],
    ]);
  });

  test("is counted in bytes", () => {
    expect(shown([section(["üü"], 0)], 5)).toEqual([[]]);
    expect(shown([section(["üü"], 0)], 6)).toEqual([["üü"]]);
  });

  test("of a list ends with how many more there are", () => {
    expect(bounded(["one", "two", "three"], 12)).toEqual(["- one", "- two", "- and 1 more"]);
    expect(bounded(["one", "two"], 12)).toEqual(["- one", "- two"]);
  });

  test("of a block ends after two hundred lines", () => {
    const lines = Array.from({ length: 203 }, (_, index) => `+ ${index}`);
    expect(cutLines(lines).slice(199)).toEqual(["+ 199", "# (3 more lines)"]);
  });
});

describe("a comment", () => {
  test("shows the beginning of a long file, and all that follows it", () => {
    const content = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join("");
    const long = change("machine.a", { attributes: [attribute("content", { after: content })] });
    const text = markdown(reviewOf(planWith({ changes: [long, change("machine.b", { action: "create" })] })));
    expect(text).toContain("+ line 198\n# (801 more lines)\n```");
    expect(text).toContain("+ machine.b (b) will be created");
  });

  test.each(["javascript:alert(1)", "https://x/ a", "https://x/>", "https://x/)", "x"])("has no link to %s", (link) => {
    expect(markdown({ ...REVIEWS["no-changes"](), link })).not.toContain("The whole report");
  });

  test.each([
    [{}, "**No changes. Your infrastructure matches the configuration.**"],
    [{ mode: "destroy" }, "**No changes. No objects need to be destroyed.**"],
    [{ mode: "refresh-only" }, "**No changes. Nothing was changed outside of Orbform.**"],
  ] as const)("of a plan %j with nothing to do says so", (parts, line) => {
    expect(markdown(reviewOf(planWith(parts)))).toContain(line);
  });

  test("claims nothing of the whole where a part was looked at", () => {
    const targeted = {
      severity: "warning",
      code: "ORB_TARGETED",
      summary: "Resource targeting is in effect",
      detail: "",
    } as const;
    expect(markdown(reviewOf(planWith({ diagnostics: [targeted] })))).toContain(
      "**No changes. Nothing is to be done for what was targeted.**",
    );
  });

  test("says that a plan with errors can't be applied", () => {
    const error = {
      severity: "error",
      code: "ORB_NAME_TAKEN",
      summary: "Name is taken",
      detail: "By another.",
    } as const;
    const text = markdown(reviewOf(planWith({ diagnostics: [error] })));
    expect(text).toContain("**This can't be applied: 1 error.**");
    expect(text).toContain("- `Name is taken` (ORB_NAME_TAKEN)");
  });

  test("tells an apply that was interrupted from one that failed", () => {
    const review = REVIEWS["failed-apply"]();
    const { applied } = review;
    if (applied === undefined) throw new Error("it was applied");
    expect(markdown({ ...review, applied: { ...applied, interrupted: true } })).toContain(
      "**Apply interrupted. Resources: ",
    );
    const results = new Map([...applied.results].map(([id]) => [id, { status: "succeeded" } as const]));
    expect(markdown({ ...review, applied: { ...applied, results } })).toContain("**Apply complete! Resources: ");
  });
});
