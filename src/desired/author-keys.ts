import { isKey } from "../model/address.ts";
import { defaultName } from "./rules-names.ts";

/**
 * Keys for machines by their names, each an identifier and none twice: `web-front` is `webFront`, and `web-1` is `web_1`,
 * so that most have their names by their keys alone. The same names in the same order give the same keys.
 */
export function keysFor(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const key = unlike(keyFor(name), taken);
    taken.add(key);
    return key;
  });
}

function keyFor(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const keys = [camel(words), words.join("_").toLowerCase()].map(begun);
  return keys.find((key) => defaultName([], key) === name) ?? keys[0] ?? "machine";
}

function camel(words: readonly string[]): string {
  return words
    .map((word, at) => {
      if (at === 0) return word.charAt(0).toLowerCase() + word.slice(1);
      return /^\d/.test(word) ? `_${word}` : word.charAt(0).toUpperCase() + word.slice(1);
    })
    .join("");
}

/** A key begins with a letter. */
function begun(key: string): string {
  return isKey(key) ? key : `m${key}`;
}

function unlike(key: string, taken: ReadonlySet<string>): string {
  let free = key;
  for (let count = 2; taken.has(free); count += 1) free = `${key}_${count}`;
  return free;
}
