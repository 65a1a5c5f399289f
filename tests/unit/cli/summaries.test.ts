import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../../src");
const text = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join(src, name), "utf8"))
  .join("\n");

test("no summary of an error has more than eight words", () => {
  const summaries = [...text.matchAll(/\bsummary:[^"\n]*"([^"]+)"/g)].map(([, summary = ""]) => summary);
  expect(summaries.length).toBeGreaterThan(100);
  expect(summaries.filter((summary) => summary.split(" ").length > 8)).toEqual([]);
});
