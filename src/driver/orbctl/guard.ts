import { OrbformError } from "../../model/errors.ts";
import { RESERVED_NAMES } from "../../model/machine.ts";

/**
 * The choke point: every word of an argument list that comes from outside passes one of these. What could be read as a
 * flag, as all of OrbStack or as one of its built-ins throws `ORB_NAME_REFUSED`; nothing has been run then.
 */

/** Words that mean more than one machine, or none, where orbctl expects a machine (contract, rules 1 and 4). */
const DANGEROUS: ReadonlySet<string> = new Set(["docker", "k8s", "none"]);

/** Spaces and control characters: no name, key or flag value of OrbStack holds any. */
const UNPRINTABLE = /[\s\p{Cc}]/u;

/** A name or id of a machine that exists. */
export function selector(text: string): string {
  if (DANGEROUS.has(text.toLowerCase())) refuse("a machine", text, "it is one of OrbStack's own");
  return word(text, "a machine");
}

/** A name that a machine is to get. */
export function newName(text: string): string {
  if (RESERVED_NAMES.includes(text.toLowerCase())) refuse("a machine's name", text, "it is one of OrbStack's own");
  return word(text, "a machine's name");
}

/** One word without spaces: a flag's value, a key. */
export function word(text: string, what: string): string {
  if (text === "") refuse(what, text, "it is empty");
  if (UNPRINTABLE.test(text)) refuse(what, text, "it holds spaces or control characters");
  return unflagged(text, what);
}

/** A path; any character but NUL, never empty and never like a flag. */
export function path(text: string): string {
  if (text === "") refuse("a path", text, "it is empty");
  return unflagged(text, "a path");
}

/** The value of a setting. Empty is allowed: it clears a list (contract 3.15). */
export function settingValue(text: string): string {
  if (/\p{Cc}/u.test(text)) refuse("a setting's value", text, "it holds control characters");
  return unflagged(text, "a setting's value");
}

/** The key of a setting; one of a machine is held to the rules of machine names. */
export function settingKey(text: string): string {
  if (text.toLowerCase().startsWith("machine.")) selector(text.slice("machine.".length, text.lastIndexOf(".")));
  return word(text, "a setting's key");
}

/** A command for the inside of a machine. Flags of `run` end at its first word, so that one must be no flag. */
export function command(words: readonly string[]): readonly string[] {
  const [first] = words;
  if (first === undefined || first === "") return refuse("a command", "", "it is empty");
  unflagged(first, "a command");
  if (words.some((each) => each.includes("\0"))) refuse("a command", first, "it holds a NUL character");
  return words;
}

function unflagged(text: string, what: string): string {
  if (text.startsWith("-")) refuse(what, text, "orbctl would read it as a flag");
  if (text.includes("\0")) refuse(what, text, "it holds a NUL character");
  return text;
}

function refuse(what: string, text: string, why: string): never {
  throw new OrbformError("ORB_NAME_REFUSED", {
    summary: "A word is refused as dangerous",
    detail: `${JSON.stringify(text)} can't be used as ${what}: ${why}. Nothing was run.`,
    hint: "Use another name, of letters, digits and hyphens, beginning with a letter or digit.",
  });
}
