import { withoutSequences } from "../../model/printable.ts";
import { outputLines } from "./output-lines.ts";

/**
 * The JSON document in what orbctl printed: the whole of it, or, with other text around it, the first document that
 * begins a line, ends a line and is whole. `undefined` where there is none: half a document is none.
 */
export function findJson(stdout: string, opener: "[" | "{"): unknown {
  // Nearly always there is nothing else; then no line need be looked at.
  const clean = withoutSequences(stdout) === stdout ? parsed(stdout) : undefined;
  if (clean !== undefined) return clean;
  const lines = outputLines(stdout);
  const whole = parsed(lines.join("\n"));
  if (whole !== undefined) return whole;
  let tries = 0;
  for (const [index, line] of lines.entries()) {
    if (!opens(line, opener)) continue;
    tries += 1;
    if (tries > MOST_BEGINNINGS) return undefined;
    const found = firstDocument(lines.slice(index).join("\n"));
    if (found !== undefined) return found;
    // A document that was begun and never ended: what follows in it is not to be taken for another.
    if (line.startsWith(opener)) return undefined;
  }
  return undefined;
}

/** Text around a document hardly looks like one: after so many false beginnings it is no answer that can be read. */
const MOST_BEGINNINGS = 50;

function opens(line: string, opener: "[" | "{"): boolean {
  return (opener === "[" ? /^\s*\[\s*(?:\{|\]|$)/ : /^\s*\{\s*(?:"|\}|$)/).test(line);
}

/** The document at the beginning of the text, if it ends at the end of a line. */
function firstDocument(text: string): unknown {
  const end = documentEnd(text);
  if (end === undefined || !/^[^\S\n]*(?:\n|$)/.test(text.slice(end))) return undefined;
  return parsed(text.slice(0, end));
}

/** Where the bracket that opens the text is closed, outside of strings. One pass: a string ends in its line, or it is none. */
function documentEnd(text: string): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === "\n") return undefined;
      if (character === "\\") at += 1;
      else if (character === '"') isString = false;
      continue;
    }
    if (character === '"') isString = true;
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.trim());
  } catch {
    // Not JSON as a whole: the caller looks for a document among other text, or says that it can't be read.
    return undefined;
  }
}
