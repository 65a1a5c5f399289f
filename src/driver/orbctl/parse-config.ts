import { nameKey, type MachineSettings } from "../../model/machine.ts";
import { withoutSequences } from "../../model/printable.ts";
import { outputLines } from "./output-lines.ts";
import { readSettings } from "./setting-words.ts";

const MACHINE = "machine.";

/** What `config show` printed. */
export interface ConfigShow {
  /** Global settings as printed, by key. */
  readonly global: { readonly [key: string]: string };
  /** Settings by machine, keyed by the name in lower case. */
  readonly machines: ReadonlyMap<string, MachineSettings>;
}

/** Reads `config show`: `key: value` lines, other lines ignored. One pass, however many machines there are. */
export function parseConfigShow(stdout: string): ConfigShow {
  const global: { [key: string]: string } = {};
  const texts = new Map<string, Map<string, string>>();
  for (const line of outputLines(stdout)) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    const part = machinePart(entry.key);
    if (part === undefined) global[entry.key] = entry.value;
    else upsert(texts, nameKey(part.name)).set(part.word, entry.value);
  }
  return { global, machines: new Map([...texts].map(([name, words]) => [name, readSettings(words)])) };
}

/** What a machine has where `config show` has a line of that kind for others and none for it (contract 3.15). */
const UNSET = { cpus: 0, memoryMiB: 0, diskBytes: 0, mounts: [], httpPort: 0, httpsPort: 0 } as const;

/**
 * What is not set where it is not shown. Whether `config show` prints what is unset is not known: only a kind of line
 * that it does print, for one of these machines, tells by its absence. Names in any case.
 */
export function unsetSettings(shown: ConfigShow, names: readonly string[]): MachineSettings {
  const lines = names.map((name) => shown.machines.get(nameKey(name)) ?? {});
  const printed = new Set(lines.flatMap((settings) => Object.keys(settings)));
  return Object.fromEntries(Object.entries(UNSET).filter(([key]) => printed.has(key)));
}

/**
 * Reads the settings of one machine from `config show`, looking at its own lines only: the work hardly grows with the
 * number of machines.
 */
export function parseMachineConfig(stdout: string, name: string): MachineSettings {
  // Mostly the name is printed as it is: then nothing is done to the text as a whole, not even made plain.
  const exact = `${MACHINE}${name}.`;
  const first = stdout.indexOf(exact);
  if (first !== -1) return readSettings(wordsAt({ source: stdout, text: stdout, prefix: exact, first }, name));
  const source = withoutSequences(stdout);
  const text = source.toLowerCase();
  if (text.length !== source.length) return parseConfigShow(stdout).machines.get(nameKey(name)) ?? {};
  const prefix = exact.toLowerCase();
  return readSettings(wordsAt({ source, text, prefix, first: text.indexOf(prefix) }, name));
}

interface Search {
  readonly source: string;
  /** The source, or the source in lower case: for finding only. */
  readonly text: string;
  readonly prefix: string;
  /** Where the prefix stands first; -1: nowhere. */
  readonly first: number;
}

function wordsAt({ source, text, prefix, first }: Search, name: string): Map<string, string> {
  const words = new Map<string, string>();
  for (let at = first; at !== -1;) {
    const start = source.lastIndexOf("\n", at) + 1;
    const found = source.indexOf("\n", at);
    const end = found === -1 ? source.length : found;
    const entry = parseLine(withoutSequences(source.slice(start, end)).trimEnd());
    const part = entry && machinePart(entry.key);
    if (entry && part && nameKey(part.name) === nameKey(name)) words.set(part.word, entry.value);
    // A line has one entry, however often the name stands in it.
    at = text.indexOf(prefix, end);
  }
  return words;
}

function parseLine(line: string): { readonly key: string; readonly value: string } | undefined {
  const found = /^\s*([A-Za-z0-9_][^\s:]*):(?:\s+(.*))?$/.exec(line);
  return found ? { key: found[1] ?? "", value: (found[2] ?? "").trim() } : undefined;
}

/** A machine's name may hold dots, so a key's last segment is the setting and all before it the name. */
function machinePart(key: string): { readonly name: string; readonly word: string } | undefined {
  const last = key.lastIndexOf(".");
  if (!key.toLowerCase().startsWith(MACHINE) || last <= MACHINE.length) return undefined;
  return { name: key.slice(MACHINE.length, last), word: key.slice(last + 1) };
}

function upsert(texts: Map<string, Map<string, string>>, name: string): Map<string, string> {
  const words = texts.get(name) ?? new Map<string, string>();
  texts.set(name, words);
  return words;
}
