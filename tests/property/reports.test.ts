import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable } from "../../src/model/printable.ts";
import { fingerprints } from "../../src/report/fingerprints.ts";
import { findingsOf } from "../../src/report/findings.ts";
import { junitOf, sarifOf } from "../../src/report/findings-files.ts";
import { bytesIn, codeSpan, fenced, marker } from "../../src/report/markdown-text.ts";
import { LONGEST_COMMENT, markdown } from "../../src/report/markdown.ts";
import { xmlDocument } from "../../src/report/xml-text.ts";
import { hostile, hostileReview, plainReviews } from "../support/hostile-reviews.ts";
import { skeletonOf } from "../support/markdown-skeleton.ts";
import { shapeErrors } from "../support/sarif-shape.ts";
import { readXml, type Read } from "../support/xml-check.ts";

/** Controls but line feed, what has no width or turns the direction, and halves of characters. */
const UNFIT = new RegExp(
  String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]`,
  "u",
);

/** The same reviews with harmless names: what is left of them is our own words. */
const OURS = new Set(plainReviews.flatMap((review) => skeletonOf(markdown(review))));
const COUNTS =
  /^- and 0 more$|^- ·: (?:content|warns|denies)$|^\*\*Not shown here, for want of room:\*\* [\w ,]+\.$|^\[The whole report\]\(<https:\/\/[^<>\s]*>\)$/;

describe("a comment of anything", () => {
  test("holds nothing but our own words outside of code", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        const [first, ...rest] = skeletonOf(markdown(review));
        expect(first).toMatch(/^<!-- orbform:stack=[\w.%/-]* env=[\w.%/-]* -->$/);
        expect(first?.slice(4, -3)).not.toContain("--");
        expect(rest.filter((line) => !OURS.has(line) && !COUNTS.test(line))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("fits, has no character that hides or turns another, and is the same each time", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        const text = markdown(review);
        expect(bytesIn(text)).toBeLessThanOrEqual(LONGEST_COMMENT);
        expect(UNFIT.exec(text)).toBeNull();
        expect(markdown(review)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
});

test("a code span is one, and says what it is given", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(skeletonOf(codeSpan(text))).toEqual(["·"]);
    }),
    { numRuns: 1000 },
  );
});

test("a fence ends where it should", () => {
  fc.assert(
    fc.property(fc.array(hostile), (texts) => {
      const lines = texts.map((each) => printable(each).replaceAll("\n", " "));
      expect(skeletonOf(fenced("text", lines))).toEqual(["```text"]);
    }),
  );
});

test("markers are told apart, whatever the names", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.option(fc.string(), { nil: undefined }), (one, other, env) => {
      const of = (stack: string) => marker({ stack, ...(env !== undefined && { env }) });
      expect(of(one) === of(other)).toBe(one.toWellFormed() === other.toWellFormed());
    }),
  );
});

/** All texts and attributes of a document. */
function textsIn({ attributes, text, children }: Read): readonly string[] {
  return [...Object.values(attributes), text, ...children.flatMap(textsIn)];
}

describe("XML", () => {
  test("is well-formed, and reads back as what was written", () => {
    fc.assert(
      fc.property(hostile, hostile, (attribute, text) => {
        const read = readXml(xmlDocument({ name: "a", attributes: { b: attribute, c: undefined }, inside: text }));
        const shown = (value: string) => printable(value).replaceAll(/[\ufffe\uffff]/g, "\ufffd");
        expect(read).toEqual({ name: "a", attributes: { b: shown(attribute) }, children: [], text: shown(text) });
      }),
      { numRuns: 1000 },
    );
  });

  test("of JUnit is well-formed, and counts its own cases", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        const { attributes, children } = readXml(junitOf(review));
        const cases = children.flatMap((suite) => suite.children).filter(({ name }) => name === "testcase");
        const having = (name: string) =>
          cases.filter((each) => each.children.some((child) => child.name === name)).length;
        expect(attributes).toMatchObject({
          tests: `${cases.length}`,
          failures: `${having("failure")}`,
          skipped: `${having("skipped")}`,
        });
        expect(children.flatMap(textsIn).filter((each) => UNFIT.test(each.replaceAll("\t", "")))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("SARIF", () => {
  test("has the standard's shape", () => {
    fc.assert(
      fc.property(hostileReview, (review) => {
        expect(shapeErrors(JSON.parse(sarifOf(review)))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("knows what it found by the same print, on whichever line it stands", () => {
    fc.assert(
      fc.property(hostileReview, fc.nat(500), (review, down) => {
        const all = findingsOf(review).suites.flatMap(({ cases }) => cases.flatMap((each) => each.findings));
        const moved = all.map((each) =>
          each.place === undefined ? each : { ...each, place: { ...each.place, line: 1 + down } },
        );
        const prints = fingerprints(all);
        expect(fingerprints(moved)).toEqual(prints);
        expect(new Set(prints).size).toBe(all.length);
      }),
    );
  });
});
