import type { Applied, Planned } from "../engine.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { countApplied, tally } from "../report/count-applied.ts";
import type { AppliedReview } from "../report/review.ts";
import type { ToldCall } from "./apply-flow.ts";
import type { Interrupts } from "./interrupts.ts";
import { failureOf } from "./exit.ts";
import type { ReportSource } from "./report-source.ts";
import { reviewOf } from "./review-of.ts";

/** The files that an apply reports to: written once, when it has ended. */
export interface Reporting {
  readonly planned: (planned: Planned) => void;
  write(applied: Applied, interrupts: Interrupts): Promise<void>;
  /** It ended before anything was done: the plan is reported, where it had got so far, and what ended it. */
  writeUnapplied(error: unknown): Promise<void>;
}

/** Reports an apply to the files it was given; to none, it costs nothing. */
export function reporting(call: ToldCall, found: ReportSource["found"]): Reporting {
  const { flags, console, operation, request } = call;
  const files = flags.report ?? [];
  let latest: Planned | undefined;
  const write = async (planned: Planned | undefined, applied?: AppliedReview): Promise<void> => {
    if (files.length === 0 || planned === undefined) return;
    latest = undefined;
    const { writeReports } = await import("./reports.ts");
    await writeReports(files, reviewOf(planned, request, applied), {
      console,
      found,
      resources: planned.stack.value.resources,
    });
  };
  return {
    planned: (planned) => void (latest = planned),
    write: async ({ planned, results }, interrupts) => {
      const counts = countApplied(planned.plan, results);
      const { failed, skipped, unknown } = tally(results);
      const interrupted = failed + skipped + unknown > 0 && interrupts.first() !== undefined;
      const told = operation === "adopt" ? undefined : { operation, counts, results, interrupted };
      await write(planned, told);
    },
    writeUnapplied: async (error) => {
      if (latest !== undefined) return write(withFailure(latest, error));
      const { reportFailure } = await import("./report-failure.ts");
      return reportFailure(error, { ...call, command: operation, found });
    },
  };
}

/** A plan with what kept it from being applied, unless that is one of its own errors. */
function withFailure(planned: Planned, error: unknown): Planned {
  const { plan } = planned;
  const isKnown = ({ code, address, detail }: Diagnostic): boolean =>
    plan.diagnostics.some((each) => each.code === code && each.address === address && each.detail === detail);
  const more = failureOf(error).diagnostics.filter((each) => !isKnown(each));
  return { ...planned, plan: { ...plan, diagnostics: [...plan.diagnostics, ...more] } };
}
