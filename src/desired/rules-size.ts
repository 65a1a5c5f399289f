import type { Value } from "../model/value.ts";
import { isReference, refuse } from "./field.ts";
import type { Field } from "./field.ts";
import { toValue } from "./to-value.ts";

const MIB_PER: { readonly [unit: string]: number } = { M: 1, G: 1024, T: 1024 * 1024 };
const BYTES_PER_MIB = 1024 * 1024;

/** Memory: `"4G"`, `"2048M"`, a number of MiB; 0 = no limit; `null` = OrbStack's default. Gives MiB. */
export function readMemory(field: Field): Value | undefined {
  return readSize(field, 1);
}

/** Disk: as memory, but gives bytes. */
export function readDisk(field: Field): Value | undefined {
  return readSize(field, BYTES_PER_MIB);
}

function readSize(field: Field, factor: number): Value | undefined {
  const { value } = field;
  if (value === null || isReference(value)) return toValue(field);
  const mib = typeof value === "string" ? parsed(value) : value;
  const fits = typeof mib === "number" && Number.isInteger(mib) && mib >= 0 && Number.isSafeInteger(mib * factor);
  return fits ? mib * factor : refuse(field, 'a size in whole MiB: "4G", "2048M", or a number of MiB', meant(value));
}

/** Contract 3.1: `4G`, `8G`, `2048M`; a bare number is MiB. */
function parsed(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?)([MGT])$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : MIB_PER[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function meant(value: unknown): string {
  const [, digits, unit] = (typeof value === "string" && /^\s*(\d{1,12})\s*([mgt])i?b?\s*$/i.exec(value)) || [];
  return digits === undefined || unit === undefined
    ? 'Write it like "4G".'
    : `Did you mean "${digits}${unit.toUpperCase()}"?`;
}
