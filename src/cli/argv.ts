import { OrbformError } from "../model/errors.ts";

/** What is known of a command's flags: names and aliases, and whether they take a value. */
export interface KnownFlags {
  readonly [name: string]: {
    readonly type: string;
    readonly aliases?: readonly string[];
  };
}

/** The same, as a command's class declares it. */
type FlagFacts = {
  readonly [name: string]: { readonly type?: string | undefined; readonly aliases?: readonly string[] | undefined };
};

/**
 * Terraform's spelling into oclif's: `-out=x` and `-auto-approve` become `--out=x` and `--auto-approve`, and
 * `--yes=false` is not read as `--yes`. Everything after `--` stays as it is.
 */
export function normaliseArgv(argv: readonly string[], flags: KnownFlags): readonly string[] {
  const end = argv.indexOf("--");
  const before = end === -1 ? argv : argv.slice(0, end);
  const after = end === -1 ? [] : argv.slice(end);
  return [...before.flatMap((word) => normalise(word, flags)), ...after];
}

/** An argument list taken apart: our flags with their values, our words, and what follows `--`. */
export interface Apart {
  readonly own: readonly string[];
  readonly words: readonly string[];
  readonly rest: readonly string[];
}

/** Takes an argument list apart. A word that looks like a flag counts as one, known or not. */
export function apart(argv: readonly string[], flags: FlagFacts): Apart {
  const end = argv.indexOf("--");
  const own: string[] = [];
  const words: string[] = [];
  for (const { word, isWord } of marked(end === -1 ? argv : argv.slice(0, end), flags))
    (isWord ? words : own).push(word);
  return { own, words, rest: end === -1 ? [] : argv.slice(end + 1) };
}

/** Puts `--` before the second word, where somebody else's command begins; a `--` that stands there already stays. */
export function partCommand(argv: readonly string[], flags: FlagFacts): readonly string[] {
  let words = 0;
  for (const [at, { word, isWord }] of marked(argv, flags).entries()) {
    if (word === "--") return argv;
    words += isWord ? 1 : 0;
    if (words === 2) return [...argv.slice(0, at), "--", ...argv.slice(at)];
  }
  return argv;
}

interface Marked {
  readonly word: string;
  readonly isWord: boolean;
}

function marked(argv: readonly string[], flags: FlagFacts): readonly Marked[] {
  let isValue = false;
  return argv.map((word) => {
    const isFlag = word.length > 1 && word.startsWith("-");
    const isWord = !isValue && !isFlag;
    const name = /^--?([A-Za-z][A-Za-z0-9-]*)$/.exec(word)?.[1];
    isValue = !isValue && name !== undefined && find(name, flags)?.type === "option";
    return { word, isWord };
  });
}

function normalise(word: string, flags: KnownFlags): readonly string[] {
  const match = /^--?([A-Za-z][A-Za-z0-9-]+)(=[\s\S]*)?$/.exec(word);
  if (match === null) return [word];
  const [, name = "", value = ""] = match;
  const flag = find(name, flags);
  if (flag === undefined) return [word];
  return flag.type === "boolean" && value !== "" ? switched(name, value.slice(1)) : [`--${name}${value}`];
}

function find<T extends FlagFacts[string]>(name: string, flags: { readonly [name: string]: T }): T | undefined {
  const known = Object.entries(flags);
  return known.find(([each, flag]) => each === name || flag.aliases?.includes(name))?.[1];
}

function switched(name: string, value: string): readonly string[] {
  if (value === "true") return [`--${name}`];
  if (value === "false") return [];
  throw new OrbformError("ORB_USAGE", {
    summary: "A flag has a wrong value",
    detail: `--${name} is on or off: it takes no value but true or false.`,
    hint: `Write --${name} alone, or leave it out.`,
  });
}
