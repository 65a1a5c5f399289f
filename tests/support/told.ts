/** What every reader owes its caller, whatever it is given: a value, or an error of ours that is fit to be shown. */
import { failureOf } from "../../src/cli/exit.ts";
import { diagnosticText } from "../../src/report/diagnostics.ts";
import { PLAIN } from "../../src/report/theme.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import { SECRET } from "./mangle.ts";

/** What came of reading: its value, or the code of the error. */
export type Told<T> = { readonly value: T; readonly code?: never } | { readonly code: string; readonly value?: never };

/** Reads; throws where anything else than an error of ours came out, or one that shows what it must not. */
export async function told<T>(read: () => T | Promise<T>): Promise<Told<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    const { diagnostics, exit } = failureOf(error);
    if (exit === 70) throw new Error("neither a value nor an error of ours", { cause: error });
    checkShown(diagnostics);
    return { code: diagnostics[0].code };
  }
}

/** Throws where what is shown holds terminal controls, a secret or a stack trace. */
export function checkShown(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.code === "ORB_BUG") throw new Error(`told as a bug: ${diagnostic.detail}`);
    checkText(diagnosticText(diagnostic, { theme: PLAIN, ruled: false }));
  }
}

/** Throws where text that is shown holds terminal controls, a secret or a stack trace. */
export function checkText(text: string): void {
  const problem = shownProblem(text);
  if (problem !== undefined) throw new Error(`${problem} is shown: ${JSON.stringify(text.slice(0, 2000))}`);
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

function shownProblem(text: string): string | undefined {
  if (CONTROLS.test(text)) return "a control character";
  if (text.includes(SECRET)) return "a secret";
  if (/^\s+at \S.*:\d+:\d+\)?$/m.test(text)) return "a stack trace";
  return text.isWellFormed() ? undefined : "half a character";
}
