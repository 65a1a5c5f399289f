import { resolve } from "node:path";
import type { Planned, PlanRequest } from "../engine.ts";
import { OrbformError } from "../model/errors.ts";
import type { Project } from "./context.ts";
import { SOURCE } from "./names-plan-file.ts";
import { reviewOf } from "./review-of.ts";

/** Which plan is kept, and where. */
export interface KeepPlan {
  readonly request: PlanRequest;
  readonly out: string;
  readonly cwd: string;
}

/** Keeps a plan in a file; one with errors too, so that no older one is taken for it. Error: `ORB_REPORT_UNWRITABLE`. */
export async function keepPlan(project: Project, planned: Planned, { request, out, cwd }: KeepPlan): Promise<void> {
  const { writePlanFile } = await import("./plan-file.ts");
  await writePlanFile(
    resolve(cwd, out),
    await (await project.kept()).save(planned, request),
    reviewOf(planned, request),
  );
}

/** Flags that have to do with keeping a plan. */
interface KeepingFlags {
  readonly report?: readonly string[] | undefined;
  readonly untrusted?: boolean | undefined;
  readonly config?: string | undefined;
}

/**
 * Looks, before anything is planned, where a plan is to be kept; a report is not written over it. Errors: `ORB_USAGE`,
 * `ORB_FILE_EXISTS`, `ORB_REPORT_UNWRITABLE`.
 */
export async function checkOut(
  out: string,
  { report = [], untrusted = false, config }: KeepingFlags,
  cwd: string,
): Promise<void> {
  if (untrusted && config === undefined)
    throw new OrbformError("ORB_USAGE", {
      summary: "Nobody's policies would judge this plan",
      detail:
        "A plan that is kept is applied without being judged again, and an untrusted checkout's own configuration is not loaded. Nothing was written.",
      hint: "Name a configuration that is trusted: --config FILE (one without policies will do).",
    });
  if (report.some((each) => resolve(cwd, each) === resolve(cwd, out)))
    throw new OrbformError("ORB_USAGE", {
      summary: "One file can't be both",
      detail: `--out and --report both name ${JSON.stringify(out)}. Nothing was written.`,
      hint: "Name two files: orb plan --out plan.json --report plan.md",
    });
  const { checkPlanFile } = await import("./plan-file.ts");
  await checkPlanFile(resolve(cwd, out));
}

/** Where a plan may be written. Error: `ORB_USAGE` for the file of a stack. */
export function refuseSource(word: string): string {
  if (!SOURCE.test(word)) return word;
  throw new OrbformError("ORB_USAGE", {
    summary: "A plan is not written over a program",
    detail: `${JSON.stringify(word)} is named like a stack's file, which a plan must not overwrite. Nothing was written.`,
    hint: "Name another file: --out plan.json",
  });
}
