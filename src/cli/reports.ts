import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InvariantError, OrbformError } from "../model/errors.ts";
import type { Faults } from "../report/findings.ts";
import type { Review } from "../report/review.ts";
import { formatOf } from "./report-format.ts";
import { aboutReport, seenFaults, seenReview, type ReportSource } from "./report-source.ts";

/** Writes a review in one format: a whole document, with a line feed at its end. */
type Render = (review: Review) => string;

/** Formats by their word, each loaded when it is asked for. */
const FORMATS: { readonly [format: string]: () => Promise<Render> } = {
  json: async () => {
    const { planJson } = await import("../report/plan-json.ts");
    return ({ plan, ...around }) =>
      `${JSON.stringify(planJson(plan, { ...around, diagnostics: plan.diagnostics }), null, 2)}\n`;
  },
  markdown: async () => (await import("../report/markdown.ts")).markdown,
  junit: async () => (await import("../report/findings-files.ts")).junitOf,
  sarif: async () => (await import("../report/findings-files.ts")).sarifOf,
};

/** Formats that can also say what was found where there is no plan. */
const FAULT_FORMATS: { readonly [format: string]: () => Promise<(faults: Faults) => string> } = {
  json: async () => {
    const { validationJson } = await import("../report/diagnostics.ts");
    return ({ diagnostics }) => `${JSON.stringify(validationJson(diagnostics), null, 2)}\n`;
  },
  markdown: async () => (await import("../report/markdown-faults.ts")).faultsMarkdown,
  junit: async () => (await import("../report/findings-files.ts")).junitOfFaults,
  sarif: async () => (await import("../report/findings-files.ts")).sarifOfFaults,
};

/** A review in a format. */
export async function rendered(format: string, review: Review, source: ReportSource): Promise<string> {
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
  for (const file of files) await write(file, await rendered(formatOf(file), review, source), source);
}

/** The same of what was found where there is no plan. A format that can't say it leaves its file unwritten. */
export async function writeFaults(files: readonly string[], faults: Faults, source: ReportSource): Promise<void> {
  for (const file of files) {
    const format = formatOf(file);
    if (format in FAULT_FORMATS) await write(file, await renderedFaults(format, faults, source), source);
  }
}

async function write(file: string, text: string, { console }: ReportSource): Promise<void> {
  const path = resolve(console.cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): OrbformError {
  return new OrbformError("ORB_REPORT_UNWRITABLE", {
    summary: "A report could not be written",
    detail: `${path} could not be written. What was planned or applied is not affected.`,
    hint: "Name a file in a folder that can be written to: --report FILE.",
    cause,
  });
}
