import { OrbformError } from "../model/errors.ts";

/** What is known of a command's flags: names and aliases, and whether they take a value. */
export interface KnownFlags {
  readonly [name: string]: {
    readonly type: string;
    readonly aliases?: readonly string[];
  };
}

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

function normalise(word: string, flags: KnownFlags): readonly string[] {
  const match = /^--?([A-Za-z][A-Za-z0-9-]+)(=[\s\S]*)?$/.exec(word);
  if (match === null) return [word];
  const [, name = "", value = ""] = match;
  const flag = find(name, flags);
  if (flag === undefined) return [word];
  return flag.type === "boolean" && value !== "" ? switched(name, value.slice(1)) : [`--${name}${value}`];
}

function find(name: string, flags: KnownFlags): KnownFlags[string] | undefined {
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
