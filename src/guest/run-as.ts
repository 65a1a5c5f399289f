import { quote, quoteWords } from "./quote.ts";
import { checkAccount, checkPath } from "./words.ts";

/** What is run, by whom, and where. */
export interface Running {
  readonly run: readonly string[] | string;
  readonly user?: string;
  readonly workdir?: string;
}

/** Shell function: a user's line of /etc/passwd, or of wherever else the machine knows users from. */
export const ACCOUNT = `account() {
  while IFS= read -r line; do
    case $line in "$1":*) printf '%s\\n' "$line"; return 0 ;; esac
  done </etc/passwd
  has getent && getent passwd "$1"
}
`;

/** Shell functions: `as USER SCRIPT` runs a script as a user, with the environment as it is. */
export const AS = `${ACCOUNT}as() {
  found=$(account "$1") || return 1
  gid=\${found#*:*:*:} home=\${found#*:*:*:*:*:}
  gid=\${gid%%:*} home=\${home%%:*}
  HOME=$home USER=$1 LOGNAME=$1
  export HOME USER LOGNAME
  if has runuser; then exec runuser -u "$1" -- sh -c "$2"; fi
  if has setpriv && setpriv --help 2>&1 | grep -q init-groups; then
    exec setpriv --reuid "$1" --regid "$gid" --init-groups sh -c "$2"
  fi
  exec su -s /bin/sh -c "$2" "$1"
}
`;

/** Runs it in a subshell, with nothing on standard input. Needs `as`. */
export function runLine({ run, user, workdir }: Running): string {
  const words = typeof run === "string" ? ["sh", "-c", run] : run;
  // `exec` finds programs only: a function or a builtin of the script would be taken otherwise.
  const line = `exec ${quoteWords(words)}`;
  const acted = user === undefined || user === "root" ? line : `as ${quote(checkAccount(user))} ${quote(line)}`;
  return `( cd ${quote(checkPath(workdir ?? "/"))} && ${acted} ) </dev/null`;
}
