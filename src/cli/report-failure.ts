import type { Planned } from "../engine.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Faults } from "../report/findings.ts";
import type { Console } from "./console.ts";
import { failureOf } from "./exit.ts";
import type { ReportSource } from "./report-source.ts";
import type { Teller } from "./teller.ts";
import { VERSION } from "./version.ts";

/** What was asked for when something was found wrong. */
export interface FaultsAsked extends ReportSource {
  readonly command: string;
  /** The stack's name as it was typed. */
  readonly stack?: string | undefined;
  readonly flags: {
    readonly env?: string | undefined;
    readonly report?: readonly string[] | undefined;
    readonly format?: string | undefined;
  };
}

/** Reports what was found where there is no plan; gives what is to be written instead of text, if anything. */
export async function reportFaults(
  diagnostics: readonly Diagnostic[],
  asked: FaultsAsked & { readonly format: string; readonly notices?: readonly string[] },
): Promise<string> {
  const { renderedFaults, writeFaults } = await import("./reports.ts");
  const { notices = [] } = asked;
  const faults = { ...faultsOf(diagnostics, asked), ...(notices.length > 0 && { notices }) };
  const text = asked.format === "text" ? "" : await renderedFaults(asked.format, faults, asked);
  await writeFaults(asked.flags.report ?? [], faults, asked);
  return text;
}

/** What was found where there is no plan, as it is reported. */
function faultsOf(diagnostics: readonly Diagnostic[], { command, stack, flags, found }: FaultsAsked): Faults {
  const name = found?.name ?? stack;
  return {
    command,
    diagnostics,
    version: VERSION,
    ...(name !== undefined && { stack: name }),
    ...(flags.env !== undefined && { env: flags.env }),
  };
}

/** How a plan that could not be made is told. */
interface FailureAsked extends FaultsAsked {
  readonly console: Console;
  readonly tell: Teller;
  readonly json?: boolean;
}

/**
 * Tells, in the format that was asked for and in the files of reports, why there is no plan. How a command was written wrong
 * is told on the terminal only.
 */
export async function reportFailure(error: unknown, asked: FailureAsked): Promise<void> {
  const { report: files = [], format = "text" } = asked.flags;
  const isText = format === "text" || asked.json === true;
  const { diagnostics, notices } = failureOf(error);
  for (const each of notices) asked.tell.notice(each);
  if ((files.length === 0 && isText) || diagnostics[0].code === "ORB_USAGE") return;
  try {
    const text = await reportFaults(diagnostics, { ...asked, notices, format: isText ? "text" : format });
    if (text !== "") asked.console.out(text);
  } catch (unwritable) {
    asked.tell.diagnostics(failureOf(unwritable).diagnostics);
  }
}

/** A plan with what kept it from being applied, unless that is one of its own errors. */
export function withFailure(planned: Planned, error: unknown): Planned {
  const { plan } = planned;
  const isKnown = ({ code, address, detail }: Diagnostic): boolean =>
    plan.diagnostics.some((each) => each.code === code && each.address === address && each.detail === detail);
  const more = failureOf(error).diagnostics.filter((each) => !isKnown(each));
  return { ...planned, plan: { ...plan, diagnostics: [...plan.diagnostics, ...more] } };
}
