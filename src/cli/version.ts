import { readFileSync } from "node:fs";

/** Orbform's version, from its package.json. The build puts the number in its place: nothing is read then. */
export const VERSION: string = typeof __ORBFORM_VERSION__ === "string" ? __ORBFORM_VERSION__ : fromPackage();

function fromPackage(): string {
  const parsed: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const known = typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : undefined;
  return typeof known === "string" ? known : "0.0.0";
}

declare const __ORBFORM_VERSION__: string | undefined;
