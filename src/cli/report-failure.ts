import type { Diagnostic } from "../model/diagnostic.ts";
import type { Faults } from "../report/findings.ts";
import { failureOf } from "./exit.ts";
import type { ReportSource } from "./report-source.ts";
import type { Teller } from "./teller.ts";
import { VERSION } from "./version.ts";

/** What was asked for when something was found wrong. */
export interface FaultsAsked extends ReportSource {
  readonly command: string;
  /** The stack's name as it was typed. */
  readonly stack?: string | undefined;
  readonly flags: { readonly env?: string | undefined; readonly report?: readonly string[] | undefined };
}

/** What was found where there is no plan, as it is reported. */
export function faultsOf(diagnostics: readonly Diagnostic[], { command, stack, flags, found }: FaultsAsked): Faults {
  const name = found?.name ?? stack;
  return {
    command,
    diagnostics,
    version: VERSION,
    ...(name !== undefined && { stack: name }),
    ...(flags.env !== undefined && { env: flags.env }),
  };
}

/** Tells in the files of reports why there is no plan. How a command was written wrong is told on the terminal only. */
export async function reportFailure(error: unknown, asked: FaultsAsked & { readonly tell: Teller }): Promise<void> {
  const files = asked.flags.report ?? [];
  const { diagnostics } = failureOf(error);
  if (files.length === 0 || diagnostics[0].code === "ORB_USAGE") return;
  const { writeFaults } = await import("./reports.ts");
  try {
    await writeFaults(files, faultsOf(diagnostics, asked), asked);
  } catch (unwritable) {
    asked.tell.diagnostics(failureOf(unwritable).diagnostics);
  }
}
