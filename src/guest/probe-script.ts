import { SEARCH_PATH } from "./shell.ts";

/** A way to ask: a program that the machine may have, and the command line that asks by it. */
export interface Attempt {
  readonly tool: string;
  /** Shell text. What comes from outside stands in it as `"$1"`, `"$2"`, never itself. */
  readonly run: string;
}

/** What came of the first program that was there and knew its options. */
export interface Tried {
  /** `null`: none was. */
  readonly tool: string | null;
  /** Both streams together. */
  readonly output: string;
  readonly exitCode: number;
}

const TOOL = "orbform-probe tool";
const END = "orbform-probe end";

/**
 * A program that is missing, can't run or doesn't know an option (busybox leaves many out, and its wget even crashes over
 * one) tells nothing: then the next one is asked.
 */
const PRELUDE = `LC_ALL=C
export LC_ALL
${SEARCH_PATH}suits() {
  case $code in 126|127|139) return 1 ;; esac
  case $out in *nvalid\\ option*|*nrecognized\\ option*|*llegal\\ option*|*nknown\\ option*) return 1 ;; esac
  return 0
}
tell() {
  printf '%s\\n' "${TOOL} $1" "$out" "${END} $code"
  exit 0
}
`;

/**
 * A script for any POSIX shell that asks by the first attempt that suits. It ends with a line of its own and exit code 0
 * whatever came of it, so that a failed probe is told from a failed connection, whose exit code may be the same
 * (contract 4.3).
 */
function probeScript(attempts: readonly Attempt[]): string {
  const lines = attempts.map(
    ({ tool, run }) =>
      `if command -v ${tool} >/dev/null 2>&1; then\n  out=$(${run} 2>&1 </dev/null)\n  code=$?\n  suits && tell ${tool}\nfi\n`,
  );
  return `${PRELUDE}${lines.join("")}out=\ncode=127\ntell none\n`;
}

/** The argument list that runs a probe's script with its words. */
export function probeCommand(attempts: readonly Attempt[], words: readonly string[]): readonly string[] {
  return ["sh", "-c", probeScript(attempts), "orbform-probe", ...words];
}

/** What a probe's script printed, or `undefined` where it didn't get to its end: the connection failed. */
export function readTried(stdout: string): Tried | undefined {
  const lines = stdout.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${TOOL} `));
  const last = lines.findLastIndex((line) => line.startsWith(`${END} `));
  if (first === -1 || last <= first) return undefined;
  const tool = lines[first]?.slice(TOOL.length + 1).trim() ?? "none";
  const exitCode = Number(lines[last]?.slice(END.length + 1));
  return { tool: tool === "none" ? null : tool, output: lines.slice(first + 1, last).join("\n"), exitCode };
}
