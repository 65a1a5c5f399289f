import type { Diagnostic } from "../model/diagnostic.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Place } from "../model/place.ts";

/** What one finding says; the summary has at most eight words, none of them the user's data. */
interface Finding {
  readonly summary: string;
  readonly detail: string;
  readonly hint?: string;
}

/** Collects what rules find about one resource (or about the stack itself). */
export interface Findings {
  error(code: ErrorCode, finding: Finding): void;
  warning(code: ErrorCode, finding: Finding): void;
}

/** Findings about one subject, added to `list` in the order they are found. */
export function findingsAbout(
  list: Diagnostic[],
  subject: { readonly address?: string | undefined; readonly place?: Place | undefined },
): Findings {
  const about = {
    ...(subject.address === undefined ? {} : { address: subject.address }),
    ...(subject.place === undefined ? {} : { place: subject.place }),
  };
  return {
    error: (code, finding) => list.push({ severity: "error", code, ...finding, ...about }),
    warning: (code, finding) => list.push({ severity: "warning", code, ...finding, ...about }),
  };
}
