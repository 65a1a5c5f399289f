import { createHash } from "node:crypto";
import { htmlReport } from "../../src/report/html/page.ts";
import type { Review } from "../../src/report/review.ts";

/** SHA-256 in base64, as a content security policy has it. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** A review as a page. */
export function page(review: Review): string {
  return htmlReport(review, sha256);
}
