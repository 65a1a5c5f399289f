import { InvariantError, isOrbformError, OrbformError } from "../model/errors.ts";
import { isToken } from "../model/inside.ts";
import { posixChecksum } from "./posix-checksum.ts";

/** Facts of one resource as they came: words and hexadecimal bytes, by key. */
export type RawFacts = ReadonlyMap<string, string>;

/** A token as scripts mark their own output with: letters, digits, `-` and `_`, long enough that nothing else prints it. */
export function checkToken(token: string): string {
  if (!isToken(token)) throw new InvariantError("a token must be 12 to 64 letters, digits, - or _");
  return token;
}

/**
 * Prints what `facts` (a shell function) prints, between two lines with the token, and its checksum and length. One line a
 * fact: the number of the resource, a key, a value of `[0-9a-z:-]`. Whatever stands around it doesn't matter; anything
 * in it that does not belong there is noticed. Where there is no `cksum` the length has to do.
 */
export function printFacts(token: string): string {
  return `body=$(facts)
sum=-
if has cksum; then sum=$(printf '%s' "$body" | cksum) sum=\${sum%% *}; fi
printf '\\n%s facts\\n%s\\n%s end %s %s\\n' ${token} "$body" ${token} "$sum" "\${#body}"
`;
}

/** Shell function that prints one fact of resource `$at`. */
export const SAY = `say() { printf '%s %s %s\\n' "$at" "$1" "$2"; }
`;

/**
 * The facts of each of `count` resources. Throws `ORB_GUEST_UNREADABLE` where they are cut off, spoilt, or there twice.
 */
export function readFrame(stdout: string, token: string, count: number): readonly RawFacts[] {
  const parts = stdout.split(`\n${checkToken(token)} facts\n`);
  const [body, rest, ...more] = (parts[1] ?? "").split(`\n${token} end `);
  const [, sum = "", length] = /^(\d+|-) (\d+)\n/.exec(rest ?? "") ?? [];
  if (parts.length !== 2 || more.length > 0 || body === undefined || length === undefined)
    throw unreadable("What it found came without its beginning or its end.");
  if (body.length !== Number(length) || (sum !== "-" && Number(sum) !== posixChecksum(body)))
    throw unreadable("What it found does not have the checksum that came with it.");
  return sorted(body === "" ? [] : body.split("\n"), count);
}

function sorted(lines: readonly string[], count: number): readonly RawFacts[] {
  const found = Array.from({ length: count }, () => new Map<string, string>());
  for (const line of lines) {
    const [, at = "", key = "", value = ""] = /^(\d+) ([a-z][a-z0-9-]*) ([0-9a-z:-]*)$/.exec(line) ?? [];
    const facts = found[Number(at === "" ? -1 : at)];
    if (!facts || facts.has(key)) throw unreadable("A line of what it found says nothing that was asked.");
    facts.set(key, value);
  }
  return found;
}

/** An answer from inside a machine that can't be believed. */
export function unreadable(why: string): OrbformError {
  return new OrbformError("ORB_GUEST_UNREADABLE", {
    summary: "An answer from inside can't be read",
    detail: `A script that ran inside the machine gave an answer that can't be relied on. ${why} Nothing was concluded from it.`,
    hint: "Try again; if it happens each time, look at what the machine prints when a shell starts: orb -m NAME -u root true",
  });
}

/** Whether that is why. */
export function isUnreadable(error: unknown): error is OrbformError {
  return isOrbformError(error) && error.code === "ORB_GUEST_UNREADABLE";
}

/** A fact that must be there. */
export function needed(facts: RawFacts, key: string): string {
  const value = facts.get(key);
  if (value === undefined) throw unreadable(`It does not say "${key}".`);
  return value;
}

/** A fact that is `yes` or `no`. */
export function yesOrNo(facts: RawFacts, key: string): boolean {
  const value = needed(facts, key);
  if (value !== "yes" && value !== "no") throw unreadable(`"${key}" is neither yes nor no.`);
  return value === "yes";
}

/** Bytes of a fact in hexadecimal. */
function bytesOf(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw unreadable("A value is not in hexadecimal.");
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}

/** Text of a fact in hexadecimal; bytes that are no UTF-8 become U+FFFD. */
export function textOf(hex: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOf(hex));
}

/** Text of a fact in hexadecimal, or nothing where it is not UTF-8 without NUL. */
export function properTextOf(hex: string): string | undefined {
  const bytes = bytesOf(hex);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    // Not UTF-8: there is no text to be shown.
    return undefined;
  }
}
