import { array, assert, constantFrom, integer, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { MarkedStream } from "../../../src/guest/marker.ts";

const TOKEN = { first: "aa", second: "bb" };
const MARK = "\u001ebbaa ";

/** What is given of a stream that comes in these pieces, and what is known at its end. */
function read(pieces: readonly Uint8Array[]): readonly [string, string] {
  const stream = new MarkedStream(TOKEN);
  const given = pieces.flatMap((piece) => stream.push(piece));
  return [Buffer.concat(given).toString("latin1"), JSON.stringify(stream.said)];
}

const whole = (text: string): readonly [string, string] => read([Buffer.from(text, "latin1")]);

describe("a marked stream", () => {
  test("gives what stands between the markers, and nothing of the client's around them", () => {
    const text = `box\n${MARK}begin\nout\nno end of line${MARK}end 7\nbox\n`;
    expect(whole(text)).toEqual(["out\nno end of line", '{"kind":"ended","exitCode":7}']);
  });

  test.each([
    ["nothing came", "", "", '{"kind":"nothing"}'],
    ["only the client spoke", "[-32098] machine not found: 'x'\n", "", '{"kind":"nothing"}'],
    ["it ended before its end", `${MARK}begin\nhalf`, "half", '{"kind":"begun"}'],
    ["its folder was missing", `${MARK}begin\n${MARK}no workdir\n`, "", '{"kind":"refused","why":"workdir"}'],
    ["an end came without a beginning", `${MARK}end 0\n`, "", '{"kind":"nothing"}'],
    [
      "the argument list was printed",
      `${MARK}begin\n\u001eaabb end 0\naa bb end 0\n`,
      "\u001eaabb end 0\naa bb end 0\n",
      '{"kind":"begun"}',
    ],
  ])("tells that %s", (_, text, given, said) => {
    expect(whole(text)).toEqual([given, said]);
  });

  test("holds nothing back that can't be a marker", () => {
    const stream = new MarkedStream(TOKEN);
    stream.push(Buffer.from(`${MARK}begin\n`));
    expect(stream.push(Buffer.from("line\n")).map(String)).toEqual(["line\n"]);
  });

  test("gives any bytes however they are cut", () => {
    const bytes = uint8Array({ maxLength: 80 });
    const noise = constantFrom("", "\u001e", "\u001ebb", MARK.slice(0, -1), "\n");
    assert(
      property(bytes, noise, array(integer({ min: 1, max: 9 }), { minLength: 1 }), (body, extra, sizes) => {
        const inside = Buffer.concat([body, Buffer.from(extra, "latin1")]);
        const all = Buffer.concat([Buffer.from(`x${MARK}begin\n`), inside, Buffer.from(`${MARK}end 0\n`)]);
        const pieces: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(all.subarray(at, at + size));
          at += size;
        }
        expect(read(pieces)).toEqual([inside.toString("latin1"), '{"kind":"ended","exitCode":0}']);
      }),
      { numRuns: 300 },
    );
  });
});
