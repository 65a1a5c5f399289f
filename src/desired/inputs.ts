import { OrbformError } from "../model/errors.ts";
import type { Place } from "../model/place.ts";
import { printable } from "../model/printable.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import type { SchemaIssue, SchemaResult, StandardSchema } from "../stack/schema.ts";
import { quoted } from "./quoted.ts";
import { suggestion } from "./suggest.ts";

/** Values for inputs, from the weakest to the strongest source. */
export interface GivenInputs {
  /** From `ORB_VAR_k`; texts. Ones that no input takes are left alone. */
  readonly environment: { readonly [name: string]: string };
  /** From `--var-file`, later files over earlier ones; JSON. */
  readonly files: { readonly [name: string]: unknown };
  /** From `--var k=v`; texts. */
  readonly vars: { readonly [name: string]: string };
}

/**
 * The inputs of a stack, checked by its schema. A text that the schema does not take as it is (`--var count=3`) is
 * tried as JSON. Errors: `ORB_INPUT_INVALID`, naming each input.
 */
export async function checkInputs(schema: unknown, given: GivenInputs, place: Place | undefined): Promise<unknown> {
  if (schema === undefined) return noInputs(given, place);
  if (!isSchema(schema)) throw invalid(['"inputs" is no Standard Schema (zod, valibot and others make them)'], place);
  const texts = { ...given.environment, ...given.vars };
  const raw: { readonly [name: string]: unknown } = { ...given.environment, ...given.files, ...given.vars };
  const isText = (name: string): boolean =>
    Object.hasOwn(given.vars, name) || (Object.hasOwn(texts, name) && !Object.hasOwn(given.files, name));
  const checked = await validate(schema, raw, isText);
  if (checked.issues !== undefined) throw invalid(checked.issues.map(issueText), place);
  refuseUnused(given.vars, checked.value, place);
  return checked.value;
}

function noInputs(given: GivenInputs, place: Place | undefined): unknown {
  const names = Object.keys(given.vars);
  if (names.length > 0)
    throw invalid(
      names.map((name) => `the stack has no input ${quoted(name)}`),
      place,
    );
  return Object.freeze({});
}

async function validate(
  schema: StandardSchema,
  raw: { readonly [name: string]: unknown },
  isText: (name: string) => boolean,
): Promise<SchemaResult<unknown>> {
  const first = await schema["~standard"].validate(raw);
  if (first.issues === undefined) return first;
  const refused = first.issues.map(inputName).filter((name) => name !== undefined && isText(name));
  const again = Object.entries(raw).map(([name, value]) => [name, refused.includes(name) ? parsed(value) : value]);
  return refused.length === 0 ? first : schema["~standard"].validate(Object.fromEntries(again));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON, so it was meant as text, and the schema says what is wrong with it.
    return value;
  }
}

function isSchema(value: unknown): value is StandardSchema {
  const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!isHolder || !("~standard" in value)) return false;
  const standard = value["~standard"];
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}

function inputName(issue: SchemaIssue): string | undefined {
  const [first] = issue.path ?? [];
  if (first === undefined) return undefined;
  return String(typeof first === "object" ? first.key : first);
}

function issueText(issue: SchemaIssue): string {
  const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  return path === "" ? printable(issue.message) : `input ${quoted(path)}: ${printable(issue.message)}`;
}

/** A misspelt `--var` must not go unnoticed. */
function refuseUnused(vars: { readonly [name: string]: string }, value: unknown, place: Place | undefined): void {
  if (!isPlainObject(value)) return;
  const unused = Object.keys(vars).filter((name) => !Object.hasOwn(value, name));
  if (unused.length === 0) return;
  const known = Object.keys(value);
  throw invalid(
    unused.map((name) =>
      [`the stack has no input ${quoted(name)}`, suggestion(name, known)].filter(Boolean).join(". "),
    ),
    place,
  );
}

function invalid(problems: readonly string[], place: Place | undefined): OrbformError {
  return new OrbformError("ORB_INPUT_INVALID", {
    summary: "Inputs of the stack are not valid",
    detail: `${problems.join("; ")}. No machine was looked at.`,
    hint: "Give values with --var NAME=VALUE, --var-file FILE, or ORB_VAR_NAME in the environment.",
    ...(place === undefined ? {} : { place }),
  });
}
