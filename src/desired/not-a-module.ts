import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OrbformError } from "../model/errors.ts";

/** What Node says where it takes a module for a CommonJS script. */
const TAKEN_FOR_SCRIPT = /outside a module|Unexpected token 'export'|top level bodies of modules|'import\.meta'/;

/** The `package.json` that makes Node take a file for a CommonJS script, where that is why it failed. */
export function commonJsPackage(file: string, message: string): string | undefined {
  if (!TAKEN_FOR_SCRIPT.test(message)) return undefined;
  let folder = dirname(file);
  for (;;) {
    const path = join(folder, "package.json");
    if (existsSync(path)) return saysCommonJs(path) ? path : undefined;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
}

function saysCommonJs(path: string): boolean {
  try {
    return /"type"\s*:\s*"commonjs"/.test(readFileSync(path, "utf8"));
  } catch {
    // It can't be read: another cause is as likely.
    return false;
  }
}

/** A module in a package that says that its files are none. */
export function notAModule(cause: unknown, { file, commonJs }: { file: string; commonJs: string }): OrbformError {
  return new OrbformError("ORB_STACK_SYNTAX", {
    summary: "File is in a CommonJS package",
    detail: `${commonJs} says "type": "commonjs", so Node does not read the file as the module it is. No machine was looked at.`,
    hint: `Write "type": "module" in ${commonJs}.`,
    place: { file, line: 1, column: 1 },
    cause,
  });
}
