import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { validationJson } from "../report/diagnostics.ts";
import type { Console } from "./console.ts";
import { failureOf } from "./exit.ts";
import type { FaultsAsked } from "./report-failure.ts";
import { seenFrom } from "./source-of.ts";
import type { Teller } from "./teller.ts";

/** What `validate` found. A stack that can't even be loaded is a finding too; a bug of ours isn't, and is thrown on. */
export async function validated(
  work: () => Promise<{ readonly diagnostics: readonly Diagnostic[] }>,
): Promise<readonly Diagnostic[]> {
  try {
    return (await work()).diagnostics;
  } catch (error) {
    const { diagnostics } = failureOf(error);
    if (["ORB_BUG", "ORB_USAGE"].includes(diagnostics[0].code)) throw error;
    return diagnostics;
  }
}

/** How `validate` answers. */
interface Shown extends Omit<FaultsAsked, "command"> {
  readonly console: Console;
  readonly tell: Teller;
  readonly json: boolean;
  /** `text`, or what the findings are written as instead. */
  readonly format: string;
}

/** Shows what `validate` found. Exit: 1 with errors, else 0. */
export async function showValidation(diagnostics: readonly Diagnostic[], shown: Shown): Promise<number> {
  const { console, tell, json, format, flags } = shown;
  const files = flags.report ?? [];
  if (format === "text") say(diagnostics, { console, tell, json });
  if (format !== "text" || files.length > 0) {
    const { reportFaults } = await import("./report-failure.ts");
    console.out(await reportFaults(diagnostics, { ...shown, command: "validate" }));
  }
  return hasErrors(diagnostics) ? 1 : 0;
}

function say(
  diagnostics: readonly Diagnostic[],
  { console, tell, json }: Pick<Shown, "console" | "tell" | "json">,
): void {
  const failed = hasErrors(diagnostics);
  if (json) {
    console.out(`${JSON.stringify(validationJson(diagnostics.map((each) => seenFrom(console.cwd, each))))}\n`);
    return;
  }
  tell.diagnostics(diagnostics);
  const { add, strong } = console.outTheme;
  if (!failed) console.out(`${add(strong("Success!"))} The stack is valid.\n`);
}
