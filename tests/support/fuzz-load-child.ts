/**
 * Loads stacks in a process of its own, by Node's type stripping. argv: a file with a JSON array of load options.
 * stdout: a JSON array of what each gave: what can be shown of it, or what was thrown that is no error of ours.
 */
import { readFileSync } from "node:fs";
import { failureOf } from "../../src/cli/exit.ts";
import { loadStack, type LoadOptions } from "../../src/desired/load-stack.ts";
import { diagnosticText } from "../../src/report/diagnostics.ts";
import { PLAIN } from "../../src/report/theme.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";

/** What loading one stack gave. */
export interface LoadEnding {
  readonly codes: readonly string[];
  readonly shown: readonly string[];
  /** The stack trace of what is no error of ours. */
  readonly bug?: string;
}

// A stack may leave promises behind that are rejected later; the program has no say in that.
process.on("unhandledRejection", () => undefined);

const requests: readonly LoadOptions[] = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const endings: LoadEnding[] = [];
for (const request of requests) endings.push(await ending(request));
process.stdout.write(JSON.stringify(endings), () => process.exit(0));

async function ending(request: LoadOptions): Promise<LoadEnding> {
  try {
    const { diagnostics, value } = await loadStack(request);
    JSON.stringify(value);
    return told(diagnostics);
  } catch (error) {
    const { diagnostics, exit } = failureOf(error);
    return { ...told(diagnostics), ...(exit === 70 ? { bug: traceOf(error) } : {}) };
  }
}

function told(diagnostics: readonly Diagnostic[]): LoadEnding {
  return {
    codes: diagnostics.map(({ code }) => code),
    shown: diagnostics.map((each) => diagnosticText(each, { theme: PLAIN, ruled: false })),
  };
}

function traceOf(error: unknown): string {
  return error instanceof Error ? String(error.stack) : "something that is no error";
}
