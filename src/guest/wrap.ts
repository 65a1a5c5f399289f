import type { Token } from "./marker.ts";

/**
 * Runs a command and says on both streams where it begins and what it ended with; itself it exits 0. So an exit code
 * of `orbctl run` is always the client's own, and a command that ended is never taken for a connection that failed
 * (contract 4.3: both exit 1). Plain POSIX, without functions: some shells hand on what a function prints only at its end.
 * `exec` in a shell of its own starts programs and nothing else: an argument list `exit 3` is no word of this script.
 */
const wrapper = (inner: string): string => String.raw`m=$2$1 dir=$3
shift 3
printf '\036%s begin\n' "$m"
printf '\036%s begin\n' "$m" >&2
if cd "$dir" 2>/dev/null; then
  (
${inner}
  )
  said="end $?"
else
  said='no workdir'
fi
printf '\036%s %s\n' "$m" "$said"
printf '\036%s %s\n' "$m" "$said" >&2`;

/** What is run, and where. */
export interface Wrapped {
  readonly token: Token;
  /** Absolute. */
  readonly workdir: string;
  readonly what: What;
}

/** An argument list; or a script of ours, which needs no shell of its own, with its arguments. */
export type What =
  | { readonly command: readonly string[] }
  | { readonly script: string; readonly args: readonly string[] };

/** The argument list of a command with its wrapper. */
export function wrap({ token, workdir, what }: Wrapped): readonly string[] {
  const [inner, words] = "script" in what ? [what.script, what.args] : ['exec "$@"', what.command];
  return ["sh", "-c", wrapper(inner), "orbform", token.first, token.second, workdir, ...words];
}
