import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { quoted } from "./quoted.ts";

/** Reads `--var-file`s: JSON objects, later ones over earlier ones. Errors: `ORB_INPUT_INVALID`, naming the file. */
export async function readVarFiles(
  cwd: string,
  files: readonly string[],
): Promise<{ readonly [name: string]: unknown }> {
  const entries: [string, unknown][] = [];
  for (const file of files) {
    const path = resolve(cwd, file);
    entries.push(...Object.entries(parsed(await textOf(path), path)));
  }
  return Object.fromEntries(entries);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw invalid(path, "it can't be read", cause);
  }
}

function parsed(text: string, path: string): { readonly [name: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, "it is not JSON", cause);
  }
  if (!isPlainObject(value)) throw invalid(path, "it is no JSON object", undefined);
  if (Object.hasOwn(value, "__proto__")) throw invalid(path, 'it has a key "__proto__"', undefined);
  return value;
}

function invalid(path: string, why: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_INPUT_INVALID", {
    summary: "File of inputs can't be used",
    detail: `The file of inputs is ${quoted(path)}, but ${why}. No machine was looked at.`,
    hint: 'Write a JSON object: { "name": "value" }.',
    cause,
  });
}
