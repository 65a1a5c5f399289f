import type { Ended } from "../count-applied.ts";
import { markup, type Markup } from "./markup.ts";

/** A sign for how something ended. */
export const END_SIGNS = { succeeded: "✓", failed: "✗", skipped: "↷", unknown: "?" } as const;

/** How something ended, as a word with a sign. */
export function endView(ended: Ended["status"]): Markup {
  return markup`<span class="tag ${ended}"><span aria-hidden="true">${END_SIGNS[ended]} </span>${ended}</span>`;
}
