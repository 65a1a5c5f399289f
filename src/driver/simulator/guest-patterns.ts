import { parse, serialize } from "just-bash";

/**
 * The sandbox's shell (just-bash 3.4) takes `[!a-z]` for a set that holds `!` where it compares texts: in `case`, in `[[ ]]`
 * and in `${name#pattern}`. Where it looks for files it reads it as every shell does, and `[^a-z]` it reads so everywhere. A
 * script that compares by one is written anew with that; any other is left as it is.
 * Not mended: a pattern that stands in a variable (`p='[!a]'; case $x in $p)`), and any in a script that can't be written
 * out again from its tree, as one with a here-document inside `$(…)`.
 */
export function withNegatedSets(script: string): string {
  if (!script.includes("[!")) return script;
  try {
    const tree = parse(script);
    if (!mend(tree, false)) return script;
    const text = serialize(tree);
    // Not every script survives being written out again: what can't be read is not used.
    parse(text);
    return text;
  } catch {
    // What is wrong with it the shell says better.
    return script;
  }
}

/** Keys under which a tree holds what texts are compared with. */
const COMPARED: ReadonlySet<string> = new Set(["patterns", "pattern", "right"]);

function mend(node: unknown, isCompared: boolean): boolean {
  if (typeof node !== "object" || node === null) return false;
  let isMended = isCompared && mendGlob(node);
  for (const [key, value] of Object.entries(node)) {
    const isIn = COMPARED.has(key) || (isCompared && key === "parts") || (isCompared && Array.isArray(node));
    if (mend(value, isIn)) isMended = true;
  }
  return isMended;
}

function mendGlob(node: object): boolean {
  if (!("type" in node) || node.type !== "Glob" || !("pattern" in node) || typeof node.pattern !== "string")
    return false;
  if (!node.pattern.includes("[!")) return false;
  node.pattern = node.pattern.replaceAll("[!", "[^");
  return true;
}
