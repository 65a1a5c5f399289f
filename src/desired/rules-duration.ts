import { refuse } from "./field.ts";
import type { Field } from "./field.ts";

const MS_PER: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A day: longer waits are mistakes. */
const LONGEST_MS = 86_400_000;

/** A duration like `"90s"`, from 1 ms to a day. Gives milliseconds. */
export function readDuration(field: Field): number | undefined {
  const [, digits, unit] =
    (typeof field.value === "string" && /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(field.value)) || [];
  const factor = unit === undefined ? undefined : MS_PER[unit];
  const ms = digits === undefined || factor === undefined ? 0 : Math.round(Number(digits) * factor);
  return ms >= 1 && ms <= LONGEST_MS ? ms : refuse(field, 'a duration like "90s", "10m" or "1h", at most a day');
}
