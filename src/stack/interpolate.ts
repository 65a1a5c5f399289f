import { concat } from "./ref.ts";
import type { Ref } from "./ref.ts";

/**
 * Builds a string that may hold references: it is put together when they are known.
 *
 * @example
 * const url = interpolate`http://${web.ip4}:8080/`;
 */
export function interpolate(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | boolean | Ref<string> | Ref<number>)[]
): Ref<string> {
  const parts = texts.flatMap((text, index) => (index < values.length ? [text, values[index]] : [text]));
  return concat(parts.filter((part) => part !== ""));
}
