import type { Json } from "./json.ts";

/** A global setting's value as OrbStack prints it: `true`, `4096`, lists joined by commas; `null` is empty. */
export function settingText(value: Json): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(settingText).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
