import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";

/** What every copy of our own `bin/orb.js` has within its first kilobytes. */
const OUR_MARK = "orbform:hand-through";

/** How much of a file is looked at. */
const HEAD_BYTES = 4096;

/** OrbStack's `orb`: where it is and how it may be started. */
export interface FoundOrb {
  readonly path: string;
  /** The kernel can start it: a binary, or a script that names an interpreter that exists. */
  readonly executable: boolean;
}

/**
 * Finds the first `orb` on the PATH that is not a copy of ourselves: not this program, not another installation, not a
 * shim that starts one, and none of `skip` (real paths that already led back to us).
 */
export function findOrb(path: string, skip: ReadonlySet<string>): FoundOrb | undefined {
  for (const folder of path.split(delimiter)) {
    const found = lookAt(join(folder === "" ? "." : folder, "orb"), skip);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lookAt(candidate: string, skip: ReadonlySet<string>): FoundOrb | undefined {
  try {
    accessSync(candidate, constants.X_OK);
    const real = realpathSync(candidate);
    if (!statSync(real).isFile() || skip.has(real)) return undefined;
    const head = headOf(real);
    if (isOurScript(head) || leadsToUs(head, candidate)) return undefined;
    return { path: resolve(candidate), executable: canStart(head) };
  } catch {
    // Not there, not ours to read, or a broken link: the next one on the PATH may be good.
    return undefined;
  }
}

function headOf(file: string): string {
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    const length = readSync(handle, bytes, 0, HEAD_BYTES, 0);
    return bytes.toString("latin1", 0, length);
  } finally {
    closeSync(handle);
  }
}

function isOurScript(head: string): boolean {
  return head.startsWith("#!") && head.includes(OUR_MARK);
}

/** A shell shim (pnpm, cmd-shim) names the script it starts: `"$basedir/../orbform/bin/orb.js"`. */
function leadsToUs(head: string, shim: string): boolean {
  if (!head.startsWith("#!")) return false;
  const named = head.matchAll(/["'\s]([^"'\s]*orb\.js)(?=["'\s]|$)/g);
  return [...named].some(([, script = ""]) => startsUs(script, dirname(shim)));
}

function startsUs(script: string, folder: string): boolean {
  const path = script.replace(/^\$\{?basedir\}?/, folder);
  try {
    return isOurScript(headOf(isAbsolute(path) ? path : join(folder, path)));
  } catch {
    return false;
  }
}

/** Mach-O in its byte orders, universal binaries, and ELF. */
const MAGIC = ["\u00cf\u00fa\u00ed\u00fe", "\u00ce\u00fa\u00ed\u00fe", "\u00ca\u00fe\u00ba\u00be", "\u007fELF"];

/**
 * Whether `execve` can be trusted with it. Node ends in a core dump where execve fails, so a script without an
 * interpreter line, or with one that isn't there, is started the other way.
 */
function canStart(head: string): boolean {
  if (!head.startsWith("#!")) return MAGIC.some((magic) => head.startsWith(magic));
  const interpreter = /^#!\s*(\S+)/.exec(head)?.[1];
  if (interpreter === undefined || !isAbsolute(interpreter)) return false;
  try {
    accessSync(interpreter, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
