import { createHash } from "node:crypto";
import { InvariantError } from "../model/errors.ts";
import type { Faults } from "../report/findings.ts";
import type { Review } from "../report/review.ts";
import type { Console } from "./console.ts";
import { formatOf } from "./report-format.ts";
import { writeReport } from "./report-target.ts";
import { aboutReport, seenFaults, seenReview, type ReportSource } from "./report-source.ts";

/** Writes a review in one format: a whole document, with a line feed at its end. */
type Render = (review: Review) => string;

/** Formats by their word, each loaded when it is asked for. */
const FORMATS: { readonly [format: string]: () => Promise<Render> } = {
  json: async () => (await import("./shown-json.ts")).planJsonText,
  markdown: async () => (await import("../report/markdown.ts")).markdown,
  html: async () => {
    const { htmlReport } = await import("../report/html/page.ts");
    return (review) => htmlReport(review, sha256);
  },
  junit: async () => (await import("../report/findings-files.ts")).junitOf,
  sarif: async () => (await import("../report/findings-files.ts")).sarifOf,
};

/** Formats that can also say what was found where there is no plan. */
const FAULT_FORMATS: { readonly [format: string]: () => Promise<(faults: Faults) => string> } = {
  json: async () => {
    const { validationJson } = await import("../report/diagnostics.ts");
    return ({ diagnostics, notices }) => {
      const found = { ...validationJson(diagnostics), ...(notices && { notices }) };
      return `${JSON.stringify(found, null, 2)}\n`;
    };
  },
  markdown: async () => (await import("../report/markdown-faults.ts")).faultsMarkdown,
  html: async () => {
    const { htmlFaults } = await import("../report/html/page.ts");
    return (faults) => htmlFaults(faults, sha256);
  },
  junit: async () => (await import("../report/findings-files.ts")).junitOfFaults,
  sarif: async () => (await import("../report/findings-files.ts")).sarifOfFaults,
};

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** How a plan is reported. */
interface Reported extends ReportSource {
  readonly console: Pick<Console, "cwd" | "env" | "out">;
  readonly format: string;
  readonly report?: readonly string[] | undefined;
}

/** Writes a plan in the format that was asked for, where that is not text, and to the files of reports. */
export async function reportPlan(review: Review, asked: Reported): Promise<void> {
  if (asked.format !== "text") asked.console.out(await rendered(asked.format, review, asked));
  await writeReports(asked.report ?? [], review, asked);
}

/** A review in a format. */
async function rendered(format: string, review: Review, source: ReportSource): Promise<string> {
  const render = await FORMATS[format]?.();
  if (render === undefined) throw new InvariantError(`there is no format ${format}`);
  return render({ ...seenReview(review, source), ...aboutReport(source) });
}

/** What was found where there is no plan, in a format. */
export async function renderedFaults(format: string, faults: Faults, source: ReportSource): Promise<string> {
  const render = await FAULT_FORMATS[format]?.();
  if (render === undefined) throw new InvariantError(`there is no format ${format} of what has no plan`);
  return render({ ...seenFaults(faults, source), ...aboutReport(source) });
}

/** Writes a review to files, each in the format that its name's ending says. Error: `ORB_REPORT_UNWRITABLE`. */
export async function writeReports(files: readonly string[], review: Review, source: ReportSource): Promise<void> {
  for (const file of files) await writeReport(file, await rendered(formatOf(file), review, source), source.console.cwd);
}

/** The same of what was found where there is no plan. A format that can't say it leaves its file unwritten. */
export async function writeFaults(files: readonly string[], faults: Faults, source: ReportSource): Promise<void> {
  for (const file of files) {
    const format = formatOf(file);
    if (format in FAULT_FORMATS)
      await writeReport(file, await renderedFaults(format, faults, source), source.console.cwd);
  }
}
