import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { isKey } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { printable } from "../model/printable.ts";
import { stackCode } from "../report/stack-code.ts";
import { oneLine } from "../report/value-text.ts";
import type { ProjectFlags, Voice } from "./base-command.ts";
import type { Generated } from "./context-generate.ts";
import { typed } from "./hints.ts";

/** The flags that code is written with. */
export interface GenerateFlags extends ProjectFlags {
  readonly out?: string | undefined;
  readonly stack?: string | undefined;
}

/** Which machines, and with what. */
export interface GenerateAsked {
  /** Names of machines; none: all. */
  readonly machines: readonly string[];
  readonly flags: GenerateFlags;
}

/**
 * Writes the code of a stack for machines that exist: to a file, or as the answer. Tells which machines were left out, and
 * the commands that come next. Exits with 1 where machines were named, and all of them left out. Errors:
 * `ORB_FILE_EXISTS`, `ORB_STACK_NAME`, and those of looking at machines.
 */
export async function generateFlow(voice: Voice, { machines, flags }: GenerateAsked): Promise<number> {
  const { console, watch, tell } = voice;
  const { out, stack, env, driver } = flags;
  if (out !== undefined) checkFile(out);
  const { generate } = await import("./context-generate.ts");
  const said = { ...(env && { env }), ...(driver && { driver }) };
  const made = await generate({
    ...said,
    name: out === undefined ? stack : nameOf(out),
    file: out,
    machines,
    cwd: console.cwd,
    processEnv: console.env,
    watch,
    driving: (drives) => tell.about({ ...said, drives }),
  });
  const code = stackCode(made.machines);
  if (out !== undefined && made.machines.length > 0) await write(resolve(console.cwd, out), code);
  const named = stackWord(made, flags);
  const next = ["orb adopt --all", "orb plan"].map((command) => typed(command, { ...said, ...named }));
  const isNamed = machines.length > 0;
  if (voice.json) answerJson(voice, { made, code, out, next, isNamed });
  else answerText(voice, { made, code, out, next, isNamed });
  return isNamed && made.machines.length === 0 ? 1 : 0;
}

interface Answer {
  readonly made: Generated;
  readonly code: string;
  readonly out: string | undefined;
  readonly next: readonly string[];
  /** Machines were named. */
  readonly isNamed: boolean;
}

function answerJson({ console }: Voice, { made, code, out, next }: Answer): void {
  const isWritten = out !== undefined && made.machines.length > 0;
  const facts: JsonObject = {
    format_version: "1.0",
    operation: "generate",
    ...(isWritten ? { file: out } : { code }),
    machines: made.machines.map(({ key, name, remarks }) => ({ address: `machine.${key}`, name, remarks })),
    left_out: made.left.map(({ name, why }) => ({ name, why })),
    next,
  };
  console.out(`${JSON.stringify(facts)}\n`);
}

function answerText({ console }: Voice, { made, code, out, next, isNamed }: Answer): void {
  const { machines, left } = made;
  for (const { name, why } of left) console.err(`Left out: ${oneLine(name)}. ${oneLine(why)}\n`);
  if (machines.length === 0) {
    const none = isNamed ? "There is no code to write for what was named" : "There is no machine to write code for";
    console.err(`${none}: nothing was written.\n`);
    return;
  }
  const remarked = machines.filter(({ remarks }) => remarks.length > 0).map(({ name }) => oneLine(name));
  const steps = `Next:\n${next.map((each) => `  ${each}\n`).join("")}`;
  // The answer may go to a file, so that nothing stands above.
  if (out === undefined) console.out(code);
  const where = out === undefined ? "the code" : printable(out);
  if (remarked.length > 0) console.err(`Read the comments in ${where}: ${remarked.join(", ")}.\n`);
  if (out === undefined) {
    console.err(`\nPut this into a file of its own in the folder of the stacks. ${steps}`);
    return;
  }
  const amount = `${machines.length} ${machines.length === 1 ? "machine" : "machines"}`;
  console.out(`Wrote ${amount} to ${printable(out)}.\n\n${steps}`);
}

/** The name where that is enough, else the path. */
function stackWord({ amongStacks }: Generated, { out, stack }: GenerateFlags): { readonly stack?: string } {
  if (out !== undefined) return { stack: amongStacks ? nameOf(out) : out };
  return stack === undefined ? {} : { stack };
}

function nameOf(file: string): string {
  return basename(file).replace(/\.(?:ts|mts)$/, "");
}

function checkFile(file: string): void {
  if (/\.(?:ts|mts)$/.test(file) && isKey(nameOf(file))) return;
  throw new OrbformError("ORB_STACK_NAME", {
    summary: "Stack name is not allowed",
    detail: `A stack is named by its file, and ${JSON.stringify(file)} names none: the file's name must begin with a letter, have letters, digits, "_" and "-" only, and end in .ts. Nothing was written.`,
    hint: "Write for example --out stacks/found.ts.",
  });
}

async function write(file: string, code: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, code, { flag: "wx" });
  } catch (error) {
    throw notWritten(file, error);
  }
}

function notWritten(file: string, cause: unknown): OrbformError {
  const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
  if (!isThere) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new OrbformError("ORB_REPORT_UNWRITABLE", {
      summary: "The file can't be written",
      detail: `${file}: ${why}. No machine was touched.`,
      hint: "Name another file with --out.",
      cause,
    });
  }
  return new OrbformError("ORB_FILE_EXISTS", {
    summary: "The file is there already",
    detail: `${file} was not overwritten. No machine was touched.`,
    hint: "Name another file with --out, or leave it out and take from the code what you need.",
    cause,
  });
}
