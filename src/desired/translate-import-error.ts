import { readFileSync, statSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { InvariantError, OrbformError, isOrbformError } from "../model/errors.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Place } from "../model/place.ts";
import { printable } from "../model/printable.ts";
import { filePath, placeOf } from "./place-of.ts";
import { commonJsPackage, notAModule } from "./not-a-module.ts";
import { readThrown } from "./thrown.ts";

/** What was being loaded when the error came. */
export interface Loading {
  /** The file that was asked for. */
  readonly file: string;
  /** URL of the module that Node loaded last: where an error without a place most likely is. */
  readonly lastLoaded: string;
  /** Where it most likely is, if no frame of the stack trace tells better. @default the beginning of `file` */
  readonly place?: Place;
  /** Our own library, whose frames are not shown. */
  readonly selfUrl: string;
}

/**
 * What Node or the file itself threw while it was loaded, as an error for its author. Codes: `ORB_STACK_SYNTAX` (not
 * TypeScript, or TypeScript that can't be stripped), `ORB_STACK_FAILED` (it threw, or imports what isn't there); an
 * error of ours keeps its code and gets the place.
 */
export function translateImportError(error: unknown, loading: Loading): OrbformError {
  const thrown = readThrown(error);
  const { code, stack } = thrown;
  const place = authorsPlace(stack, loading.selfUrl) ?? loading.place ?? { file: loading.file, line: 1, column: 1 };
  if (isOrbformError(error)) return withPlace(error, place);
  const message = printable(thrown.message).replace(/\.$/, "");
  if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNSUPPORTED_DIR_IMPORT" || code.startsWith("ERR_PACKAGE_PATH")) {
    return missingModule(error, message, loading);
  }
  if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") return typesInPackage(error, message, loading);
  if (thrown.isSyntax) return syntaxError(error, { message, code, stack, loading });
  const name = thrown.name === undefined || thrown.name === "Error" ? "" : `${printable(thrown.name)}: `;
  return made("ORB_STACK_FAILED", error, {
    summary: `${whatIs(loading.file)} threw an error`,
    detail: `The file failed while it was loaded: ${name}${message === "" ? "an error without a message" : message}. No machine was looked at.`,
    place,
  });
}

/**
 * Whether something was thrown by what an author wrote, though it was us who looked at a value: a getter, a trap of a
 * proxy. What else comes out of our own code is a bug of ours, and is to be told as one.
 */
export function isAuthors(error: unknown, selfUrl: string): boolean {
  if (error instanceof InvariantError) return false;
  // Nothing of ours throws anything but errors.
  if (!(error instanceof Error)) return true;
  const { stack, message } = readThrown(error);
  const thrower = placeOf(stack);
  if (thrower !== undefined && !isOurs(thrower.file, selfUrl)) return true;
  return /\bproxy\b/.test(message);
}

/** Whether something that nobody caught was thrown by our own code. */
function isOwnFault(error: unknown, selfUrl: string): boolean {
  if (error instanceof InvariantError) return true;
  const thrower = placeOf(readThrown(error).stack);
  return !isOrbformError(error) && thrower !== undefined && isOurs(thrower.file, selfUrl);
}

interface Told {
  readonly summary: string;
  readonly detail: string;
  readonly hint?: string;
  readonly place: Place;
}

function made(code: ErrorCode, cause: unknown, told: Told): OrbformError {
  return new OrbformError(code, { ...told, cause });
}

/** An error that nobody caught, and that came when the file was loaded already. `undefined` where it is a fault of our own. */
export function translateLate(error: unknown, loading: Loading): OrbformError | undefined {
  if (isOwnFault(error, loading.selfUrl)) return undefined;
  const { message, stack } = readThrown(error);
  const place = authorsPlace(stack, loading.selfUrl) ?? { file: loading.file, line: 1, column: 1 };
  if (isOrbformError(error)) return withPlace(error, place);
  return made("ORB_STACK_FAILED", error, {
    summary: "Stack file failed after it was loaded",
    detail: `Something that the file began and did not wait for failed: ${printable(message).replace(/\.$/, "")}. What Orbform did went on.`,
    hint: "Await it in the file, or catch its error.",
    place,
  });
}

/** The frame that tells the author most: in a file of the project, else in a package; never Node's or ours. */
export function authorsPlace(stack: string | undefined, selfUrl: string): Place | undefined {
  const isForeign = (file: string): boolean => !isOurs(file, selfUrl);
  return placeOf(stack, (file) => isForeign(file) && !file.includes("/node_modules/")) ?? placeOf(stack, isForeign);
}

function isOurs(file: string, selfUrl: string): boolean {
  const ours = [filePath(new URL("../", import.meta.url).href), filePath(new URL("./", selfUrl).href)];
  return ours.some((folder) => file.startsWith(folder));
}

function withPlace(error: OrbformError, place: Place): OrbformError {
  if (error.place !== undefined) return error;
  const { code, summary, detail, hint, address, others } = error;
  return new OrbformError(code, {
    summary,
    detail,
    ...(hint === undefined ? {} : { hint }),
    ...(address === undefined ? {} : { address }),
    others,
    place,
    cause: error,
  });
}

function whatIs(file: string): string {
  return basename(file).startsWith("orb.config.") ? "Config file" : "Stack file";
}

function missingModule(error: unknown, message: string, loading: Loading): OrbformError {
  const [, wanted = "", from] =
    /^(?:Cannot find (?:module|package)|Directory import) '([^']+)'(?:.*?)(?: imported from (.+))?$/m.exec(message) ??
    [];
  const file = from === undefined ? loading.file : filePath(from);
  const isFile = wanted.startsWith("/") || wanted.startsWith("file:");
  return made("ORB_STACK_FAILED", error, {
    summary: "Import can't be found",
    detail: `${message}. No machine was looked at.`,
    hint: isFile
      ? `Write the whole file name with its ending: "${specifierOf(file, filePath(wanted))}".`
      : `Install it: npm install ${wanted}`,
    place: importPlace(file, wanted),
  });
}

/** How the file that was meant is imported: with the ending that is there, else with TypeScript's. */
function specifierOf(from: string, wanted: string): string {
  const endings = ["", ".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"];
  const bare = wanted.replace(/\.(?:[mc]?js|ts)$/, "");
  const there = [wanted, bare].flatMap((stem) => endings.map((ending) => `${stem}${ending}`)).find(isFileThere);
  const path = relative(dirname(from), there ?? `${bare}.ts`);
  return path.startsWith(".") ? path : `./${path}`;
}

function isFileThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function typesInPackage(error: unknown, message: string, loading: Loading): OrbformError {
  return made("ORB_STACK_FAILED", error, {
    summary: "Package contains TypeScript files",
    detail: `${message}. Node strips types in the project's own files only, so a package must be published as JavaScript.`,
    hint: "Import a package that is built.",
    place: { file: loading.file, line: 1, column: 1 },
  });
}

interface Syntax {
  readonly message: string;
  readonly code: string;
  readonly stack: string | undefined;
  readonly loading: Loading;
}

function syntaxError(error: unknown, { message, code, stack, loading }: Syntax): OrbformError {
  const place = arrowPlace(stack) ?? wordPlace(filePath(loading.lastLoaded), message);
  if (message.includes("does not provide an export named")) {
    return made("ORB_STACK_FAILED", error, {
      summary: "Import can't be found",
      detail: `${message}. No machine was looked at.`,
      hint: "Correct the name; a type is imported with: import type { … }.",
      place,
    });
  }
  const commonJs = commonJsPackage(filePath(loading.lastLoaded), message);
  if (commonJs !== undefined) return notAModule(error, { file: loading.file, commonJs });
  const isTypes = code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
  return made("ORB_STACK_SYNTAX", error, {
    summary: isTypes ? "TypeScript syntax is not supported" : `${whatIs(loading.file)} has a syntax error`,
    detail: isTypes
      ? `${message.trim()}: Node removes types but translates nothing, so enums, namespaces, parameter properties and decorators can't be used. No machine was looked at.`
      : `${message.trim()}. No machine was looked at.`,
    hint: isTypes ? 'Use a union of strings, or an object "as const", in place of an enum.' : "Correct the line.",
    place,
  });
}

/** Node writes `file:line`, the line and a row of arrows before some syntax errors. */
function arrowPlace(stack: string | undefined): Place | undefined {
  const lines = (stack ?? "").split("\n");
  const [, url, line] = /^(file:\/\/.+?|\/.+?):(\d+)$/.exec(lines[0] ?? "") ?? [];
  if (url === undefined) return undefined;
  const arrows = lines.find((each) => /^\s*\^+\s*$/.test(each)) ?? "^";
  return { file: filePath(url), line: Number(line), column: arrows.indexOf("^") + 1 };
}

/** V8 gives no place for some early errors ("Identifier 'a' has already been declared"): the last such word is it. */
function wordPlace(file: string, message: string): Place {
  const [, word] = /'([\w$]+)'/.exec(message) ?? [];
  return word === undefined
    ? { file, line: 1, column: 1 }
    : lastWord(file, new RegExp(String.raw`(?<![\w$])${word.replaceAll("$", String.raw`\$`)}(?![\w$])`));
}

function importPlace(file: string, wanted: string): Place {
  const word = wanted.split("/").at(-1) ?? wanted;
  return lastWord(file, new RegExp(String.raw`["'][^"']*${word.replaceAll(/[^\w]/g, String.raw`\$&`)}["']`));
}

function lastWord(file: string, pattern: RegExp): Place {
  const lines = sourceOf(file).split("\n");
  const line = lines.findLastIndex((each) => pattern.test(each));
  return line < 0
    ? { file, line: 1, column: 1 }
    : { file, line: line + 1, column: (lines[line] ?? "").search(pattern) + 1 };
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The place is a service to the reader; the error itself is told anyway.
    return "";
  }
}
