import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../../../src/model/printable.ts";
import { markup } from "../../../../src/report/html/markup.ts";
import { hostileReview } from "../../../support/hostile-review.ts";
import { page, sha256 } from "../../../support/html-reports.ts";
import { REVIEWS, SECRET } from "../../../support/reviews.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&#96;": "`",
};
const read = (html: string): string => html.replaceAll(/&[#\w]+;/g, (entity) => ENTITIES[entity] ?? "\u0000");

/** A page's elements and their attributes, without values and texts. */
const skeleton = (html: string): readonly string[] =>
  [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, "="));

const inner = (html: string, tag: string): string => new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html)?.[1] ?? "";

/** Texts as stacks and machines write them at worst: of one line, for more are shown as lines. */
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "<",
        ">",
        '"',
        "'",
        "`",
        "&",
        "lt;",
        "</script>",
        "<!--",
        "]]>",
        "${x}",
        "=",
        "\u2028",
        "\u202e",
        "/",
      ),
    )
    .map((parts) => parts.join("")),
);
const lines = hostile.map((text) => text.replaceAll(/[\n\r]/g, ""));

test("lets only its own style and script be used, and nothing be loaded", () => {
  const html = page(REVIEWS["one-change"]());
  const policy = read(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "");
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${sha256(inner(html, "style"))}'`,
    `script-src 'sha256-${sha256(inner(html, "script"))}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
});

test("names no address outside of itself but that of the run", () => {
  const html = page(REVIEWS["every-action"]());
  const addresses = [...html.matchAll(/\b(?:href|src|action|data|poster)="([^"#][^"]*)"/g)].map(([, target]) => target);
  expect(addresses).toEqual(["https://ci.example/runs/17"]);
  expect(html).not.toMatch(/@import|url\((?!#)/);
});

test("makes no HTML in its script", () => {
  expect(inner(page(REVIEWS["one-change"]()), "script")).not.toMatch(
    /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|DOMParser|fetch|XMLHttp|<\//,
  );
});

test.each(Object.entries(REVIEWS))("is the same each time: %s", (_name, make) => {
  expect(page(make())).toBe(page(make()));
});

test("keeps secrets to itself", () => {
  expect(page(REVIEWS["every-action"]())).not.toContain(SECRET);
});

test("reads back what was written, but for what is invisible", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { html } = markup`<b title="${text}">${text}</b>`;
      const [, title = "", body = ""] = /^<b title="([^"<>]*)">([^<>]*)<\/b>$/.exec(html) ?? [];
      expect([read(title), read(body)]).toEqual([printable(text), printable(text)]);
    }),
    { numRuns: 500 },
  );
});

test("has the same elements and attributes, whatever names and contents say", () => {
  const plain = skeleton(page(hostileReview("plain")));
  expect(plain.length).toBeGreaterThan(150);
  fc.assert(
    fc.property(lines, (text) => {
      expect(skeleton(page(hostileReview(text)))).toEqual(plain);
    }),
    { numRuns: 200 },
  );
});

test.each(["javascript:alert(1)", "data:text/html,x", " https://ci.example", "//ci.example", "file:///etc/passwd"])(
  "makes no link of %s",
  (link) => {
    const html = page({ ...REVIEWS["one-change"](), link });
    expect([...html.matchAll(/href="([^#"][^"]*)"/g)]).toEqual([]);
    expect(html).toContain(`<dd>${link}</dd>`);
  },
);

test("lays 500 changes out in under a second", () => {
  const review = REVIEWS["five-hundred"]();
  const began = process.cpuUsage();
  const html = page(review);
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
  expect([...html.matchAll(/<details class="change /g)].length).toBe(500);
});
