/** Finds places in a snapshot's text, for messages: in a file as Orbform writes it, else not at all. */
import { parseAddress } from "../model/address.ts";

/** The line (from 1) at which a path of keys stands, as deep as it can be followed; `undefined` where not at all. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number | undefined {
  let found: number | undefined;
  for (const [depth, key] of path.entries()) {
    if (typeof key !== "string") break;
    const at = text.indexOf(`\n${"  ".repeat(depth + 1)}${JSON.stringify(key)}:`, found ?? 0);
    if (at === -1) break;
    found = at + 1;
  }
  return found === undefined ? undefined : lineAt(text, found);
}

/** An address whose key stands twice in the text: JSON keeps only the last, and a machine would be forgotten. */
export function repeatedAddress(text: string): { readonly address: string; readonly line: number } | undefined {
  const seen = new Set<string>();
  for (let at = text.indexOf(ENTRY); at !== -1; at = text.indexOf(ENTRY, at + 1)) {
    const end = text.indexOf('"', at + ENTRY.length);
    const address = text.slice(at + ENTRY.length, end);
    if (!text.startsWith('": {', end) || parseAddress(address) === undefined) continue;
    if (seen.has(address)) return { address, line: lineAt(text, at + 1) };
    seen.add(address);
  }
  return undefined;
}

/** What stands before a resource's address. Searched for as it is: a regular expression takes several times as long. */
const ENTRY = '\n    "';

/** What a syntax error is about, without quoting the text. `message` is V8's. */
export function syntaxTrouble(text: string, message: string): { readonly why: string; readonly line?: number } {
  const marker = /^(?:<{7}|={7}|>{7})/m.exec(text);
  if (marker) return { why: "an unresolved merge conflict", line: lineAt(text, marker.index) };
  if (message.includes("Unexpected end")) return { why: "it ends in the middle", line: lineAt(text, text.length) };
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return { why: "it is not JSON" };
  const at = Number(position);
  const why = at >= text.trimEnd().length ? "it ends in the middle" : "it is not JSON from here on";
  return { why, line: lineAt(text, at) };
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
