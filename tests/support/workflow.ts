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
  const either = expression.split(" || ");
  if (either.length > 1) return either.map((each) => valueOf(each, context)).find((each) => each !== "") ?? "";
  const [condition, then] = expression.split(" && ");
  if (condition !== undefined && then !== undefined)
    return valueOf(condition, context) === "" ? "" : valueOf(then, context);
  const [, literal] = /^'([^']*)'$/.exec(expression) ?? [];
  if (literal !== undefined) return literal;
  const [, words] = /^format\((.*)\)$/.exec(expression) ?? [];
  if (words !== undefined) {
    const [form = "", ...values] = words.split(/, /).map((each) => valueOf(each, context));
    return form.replaceAll(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? "");
  }
  const value = context[expression];
  if (value === undefined) throw new Error(`nobody says what ${expression} is`);
  return value;
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
