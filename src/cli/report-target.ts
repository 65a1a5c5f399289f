import { realpath } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { isPlanText } from "./plan-text.ts";
import { formatOf } from "./report-format.ts";
import { putFile, reasonOf, tryFile } from "./whole-file.ts";

/**
 * Looks, before anything is planned or applied, whether reports can be written there: their folders are made. A report is
 * written over a report of its format, and over nothing else. Errors: `ORB_REPORT_UNWRITABLE`, `ORB_FILE_EXISTS`.
 */
export async function checkTargets(files: readonly string[], cwd: string): Promise<void> {
  for (const file of files) {
    const path = resolve(cwd, file);
    const held = await tryFile(path).catch((error: unknown) => {
      throw unwritable(path, error);
    });
    if (held === undefined || held === "" || IS_REPORT[formatOf(file)](held)) continue;
    throw new OrbformError("ORB_FILE_EXISTS", {
      summary: "Something else stands there",
      detail: `${path} exists and is no report. It was left as it is, and nothing was done.`,
      hint: "Name another file, or remove that one: --report FILE.",
    });
  }
}

/** Refuses files beside states, and where a state's history and scratch files lie, however a link leads there. Error: `ORB_USAGE`. */
export async function refuseInside(folder: string, files: readonly string[], cwd: string): Promise<void> {
  const states = await realpath(folder).catch(() => folder);
  for (const file of files) {
    const path = resolve(cwd, file);
    const parent = await realpath(dirname(path)).catch(() => dirname(path));
    const [first = ""] = relative(states, parent).split(sep);
    if (first !== "" && !/\.(?:history|scratch)$/.test(first)) continue;
    throw new OrbformError("ORB_USAGE", {
      summary: "The state folder is for states only",
      detail: `${path} is in the folder of states, where it would be taken for one. It was not written, and nothing was done.`,
      hint: "Name a file in another folder: --report FILE.",
    });
  }
}

/** Writes a report, whole or not at all. Error: `ORB_REPORT_UNWRITABLE`. */
export async function writeReport(file: string, text: string, cwd: string): Promise<void> {
  const path = resolve(cwd, file);
  try {
    await putFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Whether a text is a report, by the format it would be one of: a word too many must not take somebody's file. */
const IS_REPORT: { readonly [format in ReturnType<typeof formatOf>]: (text: string) => boolean } = {
  json: (text) => isJsonReport(jsonIn(text)) && !isPlanText(text),
  markdown: (text) => /^<!-- orbform:(?:(?:stack|env)=[\w.%/-]+ ?)*(?: ?apply)? ?-->\n/.test(text),
  html: (text) => /^<!doctype html>\n(?:(?!<\/head>|<style>)[^])*<meta name="generator" content="Orbform /.test(text),
  junit: (text) => /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="orbform[" ]/.test(text),
  sarif: (text) => at(jsonIn(text), ["runs", "0", "tool", "driver", "name"]) === "Orbform",
};

/** A plan's, or what a stack's mistakes are written as: as Terraform writes them, but that each has a code of ours. */
function isJsonReport(value: unknown): boolean {
  const has = (key: string): boolean => at(value, [key]) !== undefined;
  if (!has("format_version")) return false;
  const found = at(value, ["diagnostics"]);
  const isOurs = (each: unknown): boolean => String(at(each, ["code"])).startsWith("ORB_");
  return has("orbform") || (has("valid") && has("error_count") && Array.isArray(found) && found.every(isOurs));
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands there in JSON. */
function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => Object.getOwnPropertyDescriptor(Object(inside), key)?.value, value);
}

function unwritable(path: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_REPORT_UNWRITABLE", {
    summary: "A report could not be written",
    detail: `${path} could not be written${reasonOf(cause)}. What was planned or applied is not affected.`,
    hint: "Name a file in a folder that can be written to: --report FILE.",
    cause,
  });
}
