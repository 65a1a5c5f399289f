import { describe, expect, test } from "vitest";
import type { Faults } from "../../../src/report/findings.ts";
import { junitOf, junitOfFaults, sarifOf, sarifOfFaults } from "../../../src/report/findings-files.ts";
import { faultsMarkdown } from "../../../src/report/markdown-faults.ts";
import { bytesIn } from "../../../src/report/markdown-text.ts";
import { LONGEST_COMMENT, markdown } from "../../../src/report/markdown.ts";
import { OF_FIVE_HUNDRED, reviewOf, REVIEWS, SECRET } from "../../support/reviews.ts";

const all = Object.entries(REVIEWS).map(([name, make]) => ({ name, review: make() }));
const short = all.filter(({ name }) => name !== "five-hundred");
const large = REVIEWS["five-hundred"]();

/** What stands outside of any fold. */
const headOf = (text: string) => text.slice(0, text.indexOf("<details"));

test.each(short)("$name reads as it read before as a comment", async ({ name, review }) => {
  await expect(markdown(review)).toMatchFileSnapshot(`reviews/${name}.md`);
});

test.each(all)("$name reads as it read before as JUnit", async ({ name, review }) => {
  await expect(junitOf(review)).toMatchFileSnapshot(`reviews/${name}.xml`);
});

test.each(all)("$name reads as it read before as SARIF", async ({ name, review }) => {
  await expect(sarifOf({ ...review, file: "stacks/dev.ts" })).toMatchFileSnapshot(`reviews/${name}.sarif`);
});

test.each(all)("$name tells no secret", ({ review }) => {
  for (const text of [markdown(review), junitOf(review), sarifOf(review)]) expect(text).not.toContain(SECRET);
});

describe("five hundred changes as a comment", () => {
  const text = markdown(large);

  test("begin as they began before", async () => {
    await expect(headOf(text)).toMatchFileSnapshot("reviews/five-hundred-head.md");
  });

  test("fit, and use the room there is", () => {
    expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(bytesIn(text)).toBeGreaterThan(LONGEST_COMMENT - 3000);
  });

  test("are the same each time", () => {
    expect(markdown(REVIEWS["five-hundred"]())).toBe(text);
  });

  test("name every machine that is destroyed, replaced or restarted before anything is folded", () => {
    const items = headOf(text).split("\n").filter((line) => line.startsWith("- `machine."));
    const { destroyed, replaced, restarted } = OF_FIVE_HUNDRED;
    expect(items.length).toBe(destroyed + replaced + restarted);
  });

  test("say how many are left out, and show the others whole", () => {
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(headOf(text)).toContain(`**Not shown here, for want of room:** ${500 - shown} of 500 changes.`);
    expect(text.match(/<\/details>/g)).toHaveLength(shown);
    expect(text.endsWith("</details>\n")).toBe(true);
  });

  test("link to the whole", () => {
    expect(headOf(text)).toContain("[The whole report](<https://ci.example/runs/500>)");
  });
});

test("names as many as there is room for, where each machine is destroyed, and counts the others", () => {
  const one = large.plan.changes.find((each) => each.action === "delete");
  if (one === undefined) throw new Error("none is deleted");
  const changes = Array.from({ length: 2000 }, (_, index) => ({ ...one, name: `m${index}` }));
  const text = markdown(reviewOf({ ...large.plan, changes }));
  const named = headOf(text).match(/^- `machine\./gm)?.length ?? 0;
  expect(named).toBeGreaterThan(250);
  expect(headOf(text)).toContain(`- and ${2000 - named} more\n`);
  expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_COMMENT);
});

const invalid: Faults = {
  command: "validate",
  stack: "dev",
  env: "prod",
  version: "0.1.0",
  file: "stacks/dev.ts",
  diagnostics: [
    {
      severity: "error",
      code: "ORB_PROPERTY_INVALID",
      summary: "A property is not right",
      detail: "memory is 12 bytes; the least is 64 MiB.",
      hint: 'Write memory: "1G".',
      address: "machine.web",
      place: { file: "stacks/dev.ts", line: 12, column: 7 },
    },
    { severity: "warning", code: "ORB_RESOURCE_UNLISTED", summary: "A resource is not listed", detail: "It is not part of the stack." },
  ],
};

describe("what is found without a plan", () => {
  test("reads as it read before as a comment", async () => {
    await expect(faultsMarkdown(invalid)).toMatchFileSnapshot("reviews/invalid.md");
  });

  test("reads as it read before as JUnit", async () => {
    await expect(junitOfFaults(invalid)).toMatchFileSnapshot("reviews/invalid.xml");
  });

  test("reads as it read before as SARIF", async () => {
    await expect(sarifOfFaults(invalid)).toMatchFileSnapshot("reviews/invalid.sarif");
  });

  test("is said to be nothing, where the stack is valid", () => {
    const valid = { ...invalid, diagnostics: [] };
    expect(faultsMarkdown(valid)).toContain("**The stack is valid.**");
    expect(junitOfFaults(valid)).toContain('tests="1" failures="0"');
    expect(JSON.parse(sarifOfFaults(valid)).runs[0].results).toEqual([]);
  });
});
