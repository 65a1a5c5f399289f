import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { OrbformError } from "../model/errors.ts";
import { FAULT_FORMATS, FORMATS, formatOf, REPORT_ENDINGS } from "./report-format.ts";

const list = { multiple: true, multipleNonGreedy: true } as const;

/** Where a command works on a stack: its name, the environment, how it is driven. Every command has these. */
export const PROJECT_FLAGS = {
  env: Flags.string({
    description: "environment: keeps a state of its own; the stack sees it as ctx.env",
    helpValue: "NAME",
  }),
  driver: Flags.string({
    description: "what to drive: orbstack (the default) or simulator",
    helpValue: "NAME",
  }),
  json: Flags.boolean({ description: "one JSON object per line on standard output, for programs" }),
  "no-color": Flags.boolean({ description: "no colour, whatever the terminal can do" }),
  input: Flags.string({
    description: "false: ask nothing",
    options: ["true", "false"],
    default: "true",
    helpValue: "BOOL",
  }),
};

/** Of every command that calls orbctl. */
export const TIMINGS_FLAG = {
  timings: Flags.boolean({ description: "tell at the end how long actions and calls of orbctl took" }),
};

/** Files that are written besides. */
const REPORT_FILE = {
  report: Flags.string({
    ...list,
    description: `write a report to this file too; its ending says the format: ${REPORT_ENDINGS.join(", ")}`,
    parse: async (file: string) => {
      formatOf(file);
      return file;
    },
    helpValue: "FILE",
  }),
};

/** What a plan is written as. */
export const REPORT_FLAGS = {
  format: Flags.string({
    description: "what the plan is written as",
    options: ["text", ...FORMATS],
    default: "text",
    helpValue: "FORMAT",
  }),
  ...REPORT_FILE,
};

/** What `validate` writes its findings as: there is no plan. */
export const FINDINGS_FLAGS = {
  format: Flags.string({
    description: "what the findings are written as",
    options: ["text", ...FAULT_FORMATS],
    default: "text",
    helpValue: "FORMAT",
  }),
  ...REPORT_FILE,
};

/** Values for a stack's inputs. */
export const INPUT_FLAGS = {
  var: Flags.string({ ...list, description: "value of an input: --var size=2", helpValue: "KEY=VALUE" }),
  "var-file": Flags.string({ ...list, description: "JSON file with values of inputs", helpValue: "FILE" }),
};

/** How a stack is loaded that somebody else wrote. */
export const UNTRUSTED_FLAGS = {
  untrusted: Flags.boolean({
    description: "evaluate the stack in a process that may do next to nothing: for pull requests of others",
  }),
  config: Flags.string({
    description: "with --untrusted: a configuration that is trusted, from outside of the checkout",
    dependsOn: ["untrusted"],
    helpValue: "FILE",
  }),
};

/** What narrows or bends a plan. */
export const PLAN_FLAGS = {
  target: Flags.string({ ...list, description: "only this address and what it needs", helpValue: "ADDRESS" }),
  exclude: Flags.string({ ...list, description: "not this address, nor what needs it", helpValue: "ADDRESS" }),
  replace: Flags.string({
    ...list,
    description: "replace this resource, whether it changed or not",
    helpValue: "ADDRESS",
  }),
  adopt: Flags.string({
    ...list,
    description: "take over the machine that holds this address's name",
    helpValue: "ADDRESS",
  }),
};

/** How a plan is made of more than the differences. */
export const MODE_FLAGS = {
  destroy: Flags.boolean({ description: "plan to delete everything the state holds", exclusive: ["refresh-only"] }),
  "refresh-only": Flags.boolean({ description: "only take in what changed outside" }),
};

/** How a plan is carried out. */
export const APPLY_FLAGS = {
  yes: Flags.boolean({ aliases: ["auto-approve"], description: "apply without asking" }),
  expect: Flags.string({ description: "apply only if the plan has this digest", helpValue: "DIGEST" }),
  parallelism: Flags.integer({ description: "how many actions at once, of all kinds", min: 1, helpValue: "N" }),
  "lock-timeout": Flags.string({
    description: "how long to wait for a held lock",
    default: "0s",
    helpValue: "DURATION",
  }),
  "fail-fast": Flags.boolean({ description: "begin nothing new after the first failure" }),
  "recreate-all": Flags.boolean({ description: "go on although all recorded machines are gone" }),
  ...REPORT_FILE,
  ...TIMINGS_FLAG,
};

/** How work on several machines goes. */
export const MANY_FLAGS = {
  start: Flags.boolean({ description: "start machines that are stopped; they stay started" }),
  timeout: Flags.string({ description: "how long it may take on each machine", helpValue: "DURATION" }),
  parallelism: Flags.integer({ description: "how many machines at once", min: 1, default: 10, helpValue: "N" }),
  "fail-fast": Flags.boolean({ description: "begin on no other machine after the first failure" }),
  ...TIMINGS_FLAG,
};

/** oclif fills an argument that is left out from standard input, and what a script pipes by chance is no stack's name. */
export const FROM_ARGV = { ignoreStdin: true } as const;

/** The stack a command is about. */
export const STACK_ARG = {
  stack: Args.string({
    ...FROM_ARGV,
    description: "name or path of the stack; may be left out where there is only one",
    name: "STACK",
  }),
};

/** The same, or a plan that was kept. */
export const STACK_OR_PLAN_ARG = {
  stack: Args.string({
    ...FROM_ARGV,
    description:
      "name or path of the stack, or a file that orb plan --out wrote; may be left out where there is only one stack",
    name: "STACK|PLANFILE",
  }),
};

/** What `--var k=v` gives, in order; the last of a key counts. Error: `ORB_USAGE` where there is no `=`. */
export function varsOf(words: readonly string[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((words ?? []).map(keyAndValue));
}

function keyAndValue(word: string): [string, string] {
  const at = word.indexOf("=");
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  throw new OrbformError("ORB_USAGE", {
    summary: "An input's value is not written right",
    detail: `--var takes a key and a value: --var size=2; this one is ${JSON.stringify(word)}.`,
    hint: "Write --var KEY=VALUE.",
  });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `30s`, `1m30s`, `500ms`, `2h`, or a bare number of seconds; `flag` is what it was given to. Error: `ORB_USAGE`. */
export function durationMs(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (/^(?:\d+(?:ms|s|m|h))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)];
    return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
  }
  throw new OrbformError("ORB_USAGE", {
    summary: "A duration is not written right",
    detail: `${JSON.stringify(text)} is no duration: 30s, 1m30s, 500ms and 2h are.`,
    hint: `Write --${flag}=30s.`,
  });
}

/** The stack, for commands whose arguments are something else. */
export const STACK_FLAG = {
  stack: Flags.string({
    description: "name or path of the stack; may be left out where there is only one",
    helpValue: "STACK",
  }),
};
