import { OrbformError } from "../model/errors.ts";

/** What a plan can be written as instead of its text. */
export const FORMATS = ["json", "markdown", "junit", "sarif"] as const;

/** What can be told in it where there is no plan. */
export const FAULT_FORMATS = ["json", "markdown", "junit", "sarif"] as const;

/** Formats by the ending of a file's name. */
const ENDINGS: readonly (readonly [ending: string, format: (typeof FORMATS)[number]])[] = [
  [".sarif.json", "sarif"],
  [".json", "json"],
  [".md", "markdown"],
  [".xml", "junit"],
  [".sarif", "sarif"],
];

/** The endings that files of reports may have. */
export const REPORT_ENDINGS: readonly string[] = ENDINGS.map(([ending]) => ending);

/** The format a report's file is written in. Error: `ORB_USAGE` where its ending says none. */
export function formatOf(file: string): (typeof FORMATS)[number] {
  const [, format] = ENDINGS.find(([ending]) => file.toLowerCase().endsWith(ending)) ?? [];
  if (format !== undefined) return format;
  throw new OrbformError("ORB_USAGE", {
    summary: "There is no such format",
    detail: `The ending of ${JSON.stringify(file)} says no format; these do: ${REPORT_ENDINGS.join(", ")}.`,
    hint: "Write --report plan.json.",
  });
}
