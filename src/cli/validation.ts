import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import { validationJson } from "../report/diagnostics.ts";
import type { Console } from "./console.ts";
import { failureOf } from "./exit.ts";
import type { FaultsAsked } from "./report-failure.ts";
import { seenFrom } from "./source-of.ts";
import type { Teller } from "./teller.ts";

/** What was found, and what is to be said of how it was looked at. */
interface Validated {
  readonly diagnostics: readonly Diagnostic[];
  readonly notices?: readonly string[];
}

/** What `validate` found. A stack that can't even be loaded is a finding too; a bug of ours isn't, and is thrown on. */
export async function validated(work: () => Promise<Validated>): Promise<Validated> {
  try {
    return await work();
  } catch (error) {
    const { diagnostics, notices } = failureOf(error);
    if (["ORB_BUG", "ORB_USAGE"].includes(diagnostics[0].code)) throw error;
    return { diagnostics, notices };
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
export async function showValidation(found: Validated, shown: Shown): Promise<number> {
  const { diagnostics } = found;
  const { console, tell, json, format, flags } = shown;
  const files = flags.report ?? [];
  if (format === "text") say(found, { console, tell, json });
  if (format !== "text" || files.length > 0) {
    const { reportFaults } = await import("./report-failure.ts");
    console.out(await reportFaults(diagnostics, { ...shown, notices: found.notices ?? [], command: "validate" }));
  }
  return hasErrors(diagnostics) ? 1 : 0;
}

function say(
  { diagnostics, notices = [] }: Validated,
  { console, tell, json }: Pick<Shown, "console" | "tell" | "json">,
): void {
  const failed = hasErrors(diagnostics);
  if (json) {
    const found = validationJson(diagnostics.map((each) => seenFrom(console.cwd, each)));
    console.out(`${JSON.stringify(notices.length === 0 ? found : { ...found, notices })}\n`);
    return;
  }
  for (const notice of notices) tell.notice(notice);
  tell.diagnostics(diagnostics);
  const { add, strong } = console.outTheme;
  if (!failed) console.out(`${add(strong("Success!"))} The stack is valid.\n`);
}
