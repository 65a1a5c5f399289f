import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFacts } from "../../../src/guest/facts.ts";
import { posixChecksum } from "../../../src/guest/posix-checksum.ts";
import { readVerdict, REFUSALS, refusalSentence } from "../../../src/guest/verdict.ts";
import { isOrbformError } from "../../../src/model/errors.ts";
import type { InsideWish } from "../../../src/model/inside.ts";

const TOKEN = "token-of-the-tests";
const WISHES: readonly InsideWish[] = [
  { type: "directory", path: "/srv" },
  { type: "command", run: ["true"], creates: "/x", unless: "y" },
];
const BODY = ["0 kind directory", "0 rights 37353520302030", "0 empty yes", "1 created no", "1 unless yes"]
  .join("\n")
  .replace("37353520302030", Buffer.from("755 0 0\nroot\nroot\n").toString("hex"));
const ANSWER = `\n${TOKEN} facts\n${BODY}\n${TOKEN} end ${posixChecksum(BODY)} ${BODY.length}\n`;
const FOUND = [
  { type: "directory", kind: "directory", mode: 0o755, owner: "root", group: "root", isEmpty: true },
  { type: "command", created: false, unless: true },
];

/** Facts that are right, or an error that says they can't be read: never others. */
function isHonest(stdout: string): boolean {
  try {
    expect(readFacts(stdout, WISHES, TOKEN)).toEqual(FOUND);
    return true;
  } catch (error) {
    return isOrbformError(error) && error.code === "ORB_GUEST_UNREADABLE";
  }
}

describe("facts", () => {
  it("are read whatever is printed around them", () => {
    expect(readFacts(`Welcome!${ANSWER}bye`, WISHES, TOKEN)).toEqual(FOUND);
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(readFacts(before + ANSWER + after, WISHES, TOKEN)).toEqual(FOUND);
      }),
      { numRuns: 200 },
    );
  });

  it("are never wrong, wherever they are cut off", () => {
    for (let at = 0; at < ANSWER.length; at += 1) expect(isHonest(ANSWER.slice(0, at))).toBe(true);
    for (let at = 1; at < ANSWER.length; at += 1) expect(isHonest(ANSWER.slice(at))).toBe(true);
    expect(() => readFacts("", WISHES, TOKEN)).toThrow("can't be relied on");
  });

  it("are never wrong, however they are spoilt", () => {
    const place = fc.nat({ max: ANSWER.length });
    const spoilt = fc.tuple(place, place, fc.oneof(fc.string(), fc.constantFrom(ANSWER, "0", "1 unless no\n")));
    fc.assert(
      fc.property(spoilt, ([from, to, put]) => {
        const [start, end] = [Math.min(from, to), Math.max(from, to)];
        expect(isHonest(ANSWER.slice(0, start) + put + ANSWER.slice(end))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("are never wrong where one character became another", () => {
    for (let at = 0; at < ANSWER.length; at += 1) {
      for (const put of ["3", "6", "a", "y"])
        expect(isHonest(ANSWER.slice(0, at) + put + ANSWER.slice(at + 1))).toBe(true);
    }
  });

  it("are refused where they are there twice, or are another script's", () => {
    expect(() => readFacts(ANSWER + ANSWER, WISHES, TOKEN)).toThrow("beginning");
    expect(() => readFacts(ANSWER, WISHES, "another-token-of-tests")).toThrow("beginning");
    expect(() => readFacts(ANSWER, WISHES.slice(1), TOKEN)).toThrow("nothing that was asked");
  });
});

it("has the checksum that cksum prints", () => {
  expect([posixChecksum(""), posixChecksum("123456789"), posixChecksum("a".repeat(300))]).toEqual([
    4_294_967_295, 930_766_865, 1_664_553_091,
  ]);
});

describe("a verdict", () => {
  it("is told from what a program printed", () => {
    const stdout = `Setting up nginx ...\n${TOKEN} verdict x\n\n${TOKEN} verdict refused-not-installed 6e67 .\n`;
    expect(readVerdict(stdout, TOKEN)).toEqual({
      status: "refused",
      reason: "not-installed",
      detail: "ng",
      output: `Setting up nginx ...\n${TOKEN} verdict x\n`,
    });
    expect(readVerdict(`out\n${TOKEN} verdict ended-7  .\n`, TOKEN)).toEqual({
      status: "ended",
      code: 7,
      output: "out",
    });
  });

  it("that is missing, cut off or not known is an error", () => {
    const whole = `\n${TOKEN} verdict done-changed  .\n`;
    for (let at = 0; at < whole.length; at += 1)
      expect(() => readVerdict(whole.slice(0, at), TOKEN)).toThrow("verdict");
    expect(() => readVerdict(whole.replace("changed", "perhaps"), TOKEN)).toThrow("not known");
  });

  it("has a sentence for each refusal", () => {
    expect(refusalSentence("no-owner", "$& bob")).toBe("It could not be given to that owner or group ($& bob).");
    expect(REFUSALS.map((each) => refusalSentence(each, ""))).not.toContainEqual(expect.stringContaining("%"));
  });
});
