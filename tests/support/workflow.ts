import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** One step of a job or of a composite action. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: { readonly [name: string]: unknown };
  readonly "working-directory"?: string;
}

/** One job of a workflow. */
export interface Job {
  readonly permissions?: unknown;
  readonly steps: readonly Step[];
}

/** A workflow or a composite action, as far as tests look at it. */
export interface Workflow {
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly inputs?: Inputs;
  readonly jobs?: { readonly [name: string]: Job };
  readonly runs?: { readonly steps: readonly Step[] };
}

type Inputs = { readonly [name: string]: { readonly default?: string | boolean } };

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Reads one, by its path in the repository. */
export function workflow(path: string): Workflow {
  return parse(readFileSync(`${root}${path}`, "utf8"), { strict: true, uniqueKeys: true });
}

/** The values of a run: `inputs.stack`, `runner.temp`, `github.token`. */
export type Context = { readonly [name: string]: string };

/** What a text with `${{ … }}` in it is; only the few forms that the files use are known. */
export function evaluated(text: string, context: Context): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => valueOf(expression, context));
}

function valueOf(expression: string, context: Context): string {
  const words = expression.match(/'[^']*'|[\w.-]+|&&|\|\||\S/g) ?? [];
  const value = eitherOf(words, context);
  if (words.length > 0) throw new Error(`what is ${words.join(" ")} in ${expression}`);
  return value;
}

/** Reads from the front of the words, and takes them away: `a || b`, which binds less than `a && b`. */
function eitherOf(words: string[], context: Context): string {
  let value = bothOf(words, context);
  while (words[0] === "||") {
    words.shift();
    const other = bothOf(words, context);
    value = value === "" ? other : value;
  }
  return value;
}

function bothOf(words: string[], context: Context): string {
  let value = oneOf(words, context);
  while (words[0] === "&&") {
    words.shift();
    const other = oneOf(words, context);
    value = value === "" ? "" : other;
  }
  return value;
}

function oneOf(words: string[], context: Context): string {
  const word = words.shift() ?? "";
  if (word.startsWith("'")) return word.slice(1, -1);
  if (word === "format") {
    const [form = "", ...values] = listOf(words, context);
    return form.replaceAll(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? "");
  }
  const value = context[word];
  if (value === undefined) throw new Error(`nobody says what ${word} is`);
  return value;
}

/** What stands in brackets, with commas between. */
function listOf(words: string[], context: Context): readonly string[] {
  const values: string[] = [];
  do {
    words.shift();
    values.push(eitherOf(words, context));
  } while (words[0] === ",");
  if (words.shift() !== ")") throw new Error("a bracket is not closed");
  return values;
}

/** The defaults of inputs, as a context has them. */
export function defaultsOf({ on, inputs }: Workflow): Context {
  const called = typeof on === "object" && on !== null && "workflow_call" in on ? on.workflow_call : undefined;
  const declared = inputs ?? (isCall(called) ? called.inputs : {});
  return Object.fromEntries(
    Object.entries(declared).map(([name, each]) => [`inputs.${name}`, String(each.default ?? "")]),
  );
}

function isCall(value: unknown): value is { readonly inputs: Inputs } {
  return typeof value === "object" && value !== null && "inputs" in value;
}
