import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InvariantError, OrbformError } from "../model/errors.ts";
import type { Review } from "../report/review.ts";
import { formatOf } from "./report-format.ts";

/** Writes a review in one format: a whole document, with a line feed at its end. */
export type Render = (review: Review) => string;

/** Formats by their word, each loaded when it is asked for. */
const FORMATS: { readonly [format: string]: () => Promise<Render> } = {
  json: async () => {
    const { planJson } = await import("../report/plan-json.ts");
    return ({ plan, ...around }) =>
      `${JSON.stringify(planJson(plan, { ...around, diagnostics: plan.diagnostics }), null, 2)}\n`;
  },
};

/** A review in a format. */
export async function rendered(format: string, review: Review): Promise<string> {
  const render = await FORMATS[format]?.();
  if (render === undefined) throw new InvariantError(`there is no format ${format}`);
  return render(review);
}

/** Writes a review to files, each in the format that its name's ending says. Error: `ORB_REPORT_UNWRITABLE`. */
export async function writeReports(files: readonly string[], review: Review, cwd: string): Promise<void> {
  for (const file of files) {
    const text = await rendered(formatOf(file), review);
    const path = resolve(cwd, file);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    } catch (error) {
      throw unwritable(path, error);
    }
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
