import type { Address } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import { addressOf } from "./request.ts";

/** What `orb adopt ADDRESS NAME` was given. Error: `ORB_USAGE`. */
export function adoptionOf(words: readonly string[]): { readonly address: Address; readonly name: string } {
  const [address, name, ...more] = words;
  if (address !== undefined && name !== undefined && more.length === 0) return { address: addressOf(address), name };
  throw new OrbformError("ORB_USAGE", {
    summary: "An address and a name are needed",
    detail: `It takes an address of the stack and the name of a machine, and was given ${words.length} ${words.length === 1 ? "word" : "words"}. Nothing was touched.`,
    hint: "Write for example `orb adopt machine.web web-1`, or `orb adopt --all`.",
  });
}

/** For a command that takes no words with this flag. Error: `ORB_USAGE`. */
export function noWords(words: readonly string[]): void {
  if (words.length === 0) return;
  throw new OrbformError("ORB_USAGE", {
    summary: "--all takes no address and no name",
    detail: `It was given ${JSON.stringify(words.join(" "))}. The stack is named by --stack. Nothing was touched.`,
    hint: "Write `orb adopt --all`.",
  });
}

/** A stack's name and a serial, in this order, each of which may be missing: digits alone are a serial. Error: `ORB_USAGE`. */
export function historyWords(
  words: readonly (string | undefined)[],
  needsSerial: boolean,
): { readonly stack?: string; readonly serial: number | undefined } {
  const given = words.filter((word) => word !== undefined);
  const last = given.at(-1) ?? "";
  const isSerial = given.length === 2 || /^\d+$/.test(last);
  const stack = isSerial ? given.at(-2) : given[0];
  const serial = isSerial ? serialOf(last) : undefined;
  if (needsSerial && serial === undefined) throw notASerial("");
  return { ...(stack !== undefined && { stack }), serial };
}

/** Reads the number of a snapshot. Error: `ORB_USAGE`. */
export function serialOf(word: string): number {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  throw notASerial(word);
}

function notASerial(word: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "A snapshot's number is needed",
    detail: `${word === "" ? "None was given" : `${JSON.stringify(word)} is none`}: a snapshot is named by its serial, like 12.`,
    hint: "To see the snapshots that are kept, run: orb history",
  });
}
