import type { Unreached } from "../model/probe.ts";

/** What tools of many kinds say of a host that they did not reach, in the order it is looked for. */
const WORDS: readonly (readonly [Unreached, RegExp])[] = [
  [
    "unresolved",
    /not known|could not resolve|bad address|name resolution|unable to resolve|no address associated|NXDOMAIN|name does not resolve|unknown host/i,
  ],
  ["refused", /refused/i],
  ["timed out", /timed? ?out/i],
];

/** Why a host was not reached, by the words of the tool. */
export function unreached(output: string): Unreached {
  return WORDS.find(([, pattern]) => pattern.test(output))?.[0] ?? "failed";
}

/** The last line that says anything. */
export function lastLine(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "") ?? "";
}
