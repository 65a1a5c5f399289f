/** One part of a selector. */
export type Term =
  | { readonly kind: "address"; readonly pattern: string }
  | { readonly kind: "label"; readonly key: string; readonly value: string }
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "pattern"; readonly pattern: string }
  /** A machine's name, else a group's. */
  | { readonly kind: "name"; readonly name: string };

/** Reads one part of a selector: which kind it is shows in how it is written. */
export function termOf(word: string): Term {
  const [, key, value = ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (key !== undefined) return { kind: "label", key, value };
  if (word.startsWith("@")) return { kind: "group", name: word.slice(1) };
  if (/(?:^|\/)machine\./.test(word) || word.includes("/")) return { kind: "address", pattern: word };
  return /[*?]/.test(word) ? { kind: "pattern", pattern: word } : { kind: "name", name: word };
}

/** Whether a text is what a pattern says: `*` stands for any characters, `?` for one. */
export function nameMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[\\^$.+()|[\]{}]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(text);
}

/** Whether labels have the one that is asked for; its value may be a pattern. */
export function isLabelled(
  labels: { readonly [key: string]: string },
  { key, value }: { readonly key: string; readonly value: string },
): boolean {
  const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return found !== undefined && nameMatches(value, found);
}
