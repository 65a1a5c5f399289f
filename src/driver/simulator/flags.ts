import { Failure } from "./failure.ts";

/** One flag of a command. */
export interface Flag {
  readonly long: string;
  readonly short?: string;
  /** `list`: may be given several times. */
  readonly kind: "bool" | "string" | "int" | "list";
  readonly help: string;
  /** The word for its value in the help text; default by kind. */
  readonly value?: string;
  /** What an OrbStack must be able to do to know it; absent: every one does. */
  readonly since?: "isolation" | "limits";
}

/** A command line taken apart. */
export interface Parsed {
  readonly args: readonly string[];
  readonly bools: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Whether `--` ended the flags. */
  readonly dashed: boolean;
}

interface Parsing {
  readonly flags: readonly Flag[];
  readonly rest: string[];
  readonly args: string[];
  readonly bools: Set<string>;
  readonly values: Map<string, string[]>;
  dashed: boolean;
}

/** `--help`, which every command takes. */
export const HELP_FLAG: Flag = { long: "help", short: "h", kind: "bool", help: "" };

/**
 * Reads flags and arguments as pflag does: long, short, combined, `=` or the next word, `--` ends them. `interspersed`:
 * flags may come after arguments. Throws a {@link Failure} for what is no flag, in cobra's words.
 */
export function parseFlags(words: readonly string[], flags: readonly Flag[], interspersed: boolean): Parsed {
  const parsing: Parsing = {
    flags: [...flags, HELP_FLAG],
    rest: [...words],
    args: [],
    bools: new Set(),
    values: new Map(),
    dashed: false,
  };
  while (parsing.rest.length > 0) {
    const word = parsing.rest.shift() ?? "";
    if (word === "--") {
      parsing.dashed = true;
      parsing.args.push(...parsing.rest.splice(0));
    } else if (word.startsWith("--")) {
      readLong(parsing, word);
    } else if (word.startsWith("-") && word !== "-") {
      readShorts(parsing, word);
    } else {
      parsing.args.push(word);
      if (!interspersed) parsing.args.push(...parsing.rest.splice(0));
    }
  }
  return parsing;
}

function readLong(parsing: Parsing, word: string): void {
  const [, name = "", given] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === "" || name.startsWith("-")) throw usageFailure(`bad flag syntax: ${word}`);
  const flag = parsing.flags.find((each) => each.long === name);
  if (!flag) throw usageFailure(`unknown flag: --${name}`);
  store(parsing, flag, given ?? (flag.kind === "bool" ? "true" : next(parsing, `--${name}`)));
}

function readShorts(parsing: Parsing, word: string): void {
  let letters = word.slice(1);
  while (letters !== "") {
    const letter = letters.slice(0, 1);
    const flag = parsing.flags.find((each) => each.short === letter);
    if (!flag) throw usageFailure(`unknown shorthand flag: '${letter}' in -${letters}`);
    const after = letters.slice(1);
    letters = after;
    if (after.startsWith("=")) {
      store(parsing, flag, after.slice(1));
      return;
    }
    if (flag.kind === "bool") {
      store(parsing, flag, "true");
      continue;
    }
    store(parsing, flag, after === "" ? next(parsing, `'${letter}' in ${word}`) : after);
    return;
  }
}

function next(parsing: Parsing, what: string): string {
  const word = parsing.rest.shift();
  if (word === undefined) throw usageFailure(`flag needs an argument: ${what}`);
  return word;
}

function store(parsing: Parsing, flag: Flag, value: string): void {
  if (flag.kind === "bool") {
    if (readBool(flag, value)) parsing.bools.add(flag.long);
    else parsing.bools.delete(flag.long);
    return;
  }
  if (flag.kind === "int" && !/^-?\d+$/.test(value)) throw badValue(flag, value, "ParseInt");
  const earlier = flag.kind === "list" ? (parsing.values.get(flag.long) ?? []) : [];
  parsing.values.set(flag.long, [...earlier, value]);
}

function readBool(flag: Flag, value: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
  throw badValue(flag, value, "ParseBool");
}

function badValue(flag: Flag, value: string, parser: string): Failure {
  const names = flag.short === undefined ? `--${flag.long}` : `-${flag.short}, --${flag.long}`;
  return usageFailure(
    `invalid argument "${value}" for "${names}" flag: strconv.${parser}: parsing "${value}": invalid syntax`,
  );
}

/** A failure of the command line itself, as cobra words it. */
export function usageFailure(text: string): Failure {
  return new Failure(`Error: ${text}`);
}
