import type { Applied, Planned } from "../engine.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ExecuteEvent } from "../model/execute-event.ts";
import { countApplied, tally } from "../report/count-applied.ts";
import type { AppliedReview } from "../report/review.ts";
import type { ToldCall } from "./apply-flow.ts";
import type { Interrupts } from "./interrupts.ts";
import type { ReportSource } from "./report-source.ts";
import { reviewOf } from "./review-of.ts";

/** The files that an apply reports to: written once, when it has ended. */
export interface Reporting {
  readonly planned: (planned: Planned) => void;
  /** What an action warns of is a warning of the report. */
  readonly event: (event: ExecuteEvent) => void;
  write(applied: Applied, interrupts: Interrupts): Promise<void>;
  /** It ended before anything was done: the plan is reported, where it had got so far, and what ended it. */
  writeUnapplied(error: unknown): Promise<void>;
}

/** Reports an apply to the files it was given; to none, it costs nothing. */
export function reporting(call: ToldCall, found: ReportSource["found"]): Reporting {
  const { flags, console, operation, request } = call;
  const files = flags.report ?? [];
  let latest: Planned | undefined;
  const noticed: Diagnostic[] = [];
  // What can't be written is thrown too: it is no reason to write that there was no plan.
  let isWritten = files.length === 0;
  const write = async (planned: Planned, applied?: AppliedReview): Promise<void> => {
    if (isWritten) return;
    isWritten = true;
    const { writeReports } = await import("./reports.ts");
    const plan = { ...planned.plan, diagnostics: [...planned.plan.diagnostics, ...noticed] };
    await writeReports(files, reviewOf({ ...planned, plan }, request, applied), {
      console,
      found,
      resources: planned.stack.value.resources,
    });
  };
  return {
    planned: (planned) => void (latest = planned),
    event: (event) => {
      if (event.event === "notice") noticed.push(event.notice);
    },
    write: async ({ planned, results }, interrupts) => {
      const counts = countApplied(planned.plan, results);
      const { failed, skipped, unknown } = tally(results);
      const interrupted = failed + skipped + unknown > 0 && interrupts.first() !== undefined;
      const told = operation === "adopt" ? undefined : { operation, counts, results, interrupted };
      await write(planned, told);
    },
    writeUnapplied: async (error) => {
      if (isWritten) return undefined;
      const { reportFailure, withFailure } = await import("./report-failure.ts");
      if (latest !== undefined) return write(withFailure(latest, error));
      return reportFailure(error, { ...call, command: operation, found });
    },
  };
}
