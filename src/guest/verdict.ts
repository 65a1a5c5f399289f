import { checkToken, textOf, unreadable } from "./frame.ts";

/** Why a script would not do what it was to do, in a word. */
export const REFUSALS = [
  "no-folder",
  "is-directory",
  "is-symlink",
  "not-directory",
  "no-sha256",
  "disk-full",
  "unwritten",
  "cut-off",
  "no-owner",
  "no-mode",
  "unmoved",
  "differs",
  "not-empty",
  "unremoved",
  "no-workdir",
  "no-user",
  "another-user",
  "no-home",
  "no-package",
  "not-installed",
  "still-installed",
  "needed",
  "others-go",
  "too-old",
  "no-service",
  "not-so",
  "failed",
] as const;

/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[number];

/** How a script ended by its own word. No verdict at all is another matter: the connection failed, or something killed it. */
export type Verdict =
  | { readonly status: "done"; readonly changed: boolean; readonly output: string }
  /** The machine said no; `detail` names what it is about, or what a program said. */
  | { readonly status: "refused"; readonly reason: Refusal; readonly detail: string; readonly output: string }
  /** The command was run and ended with this code; `output` is what it printed. */
  | { readonly status: "ended"; readonly code: number; readonly output: string };

/**
 * Shell functions that end a script with its verdict, and with exit code 0: any other is the client's own, whose words
 * are then read for why (contract 4.3). So that those are nobody else's, the script's standard error is its standard
 * output. Call them in the script itself: in a subshell they would end only that. `$tmp` is a file to
 * be taken away again if it ends badly, `$made` the name of a folder that we are in then, and `$hidden` that of the
 * private folder that we are in (private-folder.ts). `leave` is of the script around (hold.ts). `$why` is read in an assignment
 * of its own: the simulator's shell takes a `"${2:-}"` that is a whole word for a mistake where there is no `$2`.
 */
export function verdictFunctions(token: string): string {
  return `exec 2>&1
token=${checkToken(token)}
tmp= made= hidden=
cleanup() {
  [ -z "$hidden" ] || unhide
  [ -z "$tmp" ] || rm -f "$tmp"
  [ -z "$made" ] || { cd -P .. && rmdir "./$made"; }
  tmp= made=
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM
ok() { made=; cleanup; leave done; printf '\\n%s verdict done-%s  .\\n' "$token" "$1"; exit 0; }
no() {
  why=\${2:-}
  cleanup
  leave refused
  printf '\\n%s verdict refused-%s %s .\\n' "$token" "$1" "$(printf '%s' "$why" | hex)"
  exit 0
}
ended() {
  if [ "$1" -eq 0 ]; then leave done; else leave "ended-$1"; fi
  printf '\\n%s verdict ended-%s  .\\n' "$token" "$1"
  exit 0
}
refuse() {
  case "$1 \${2:-}" in 'unwritten '*'No space left'* | 'no-folder '*'No space left'* | 'unwritten '*quota*) no disk-full ;; esac
  no "$@"
}
changed=unchanged
`;
}

/** The verdict a script ended with. Throws `ORB_GUEST_UNREADABLE` where there is none: what it did is unknown. */
export function readVerdict(stdout: string, token: string): Verdict {
  const pattern = new RegExp(
    `\\n${checkToken(token)} verdict (done|refused|ended)-([a-z0-9-]+) ([0-9a-f]*) \\.\\n`,
    "g",
  );
  const found = [...stdout.matchAll(pattern)].at(-1);
  if (!found) throw unreadable("It ended without a verdict, so how far it came is not known.");
  const [line, status = "", word = "", hex = ""] = found;
  const output = stdout.slice(0, found.index) + stdout.slice(found.index + line.length);
  if (status === "ended" && /^\d+$/.test(word)) return { status, code: Number(word), output };
  if (status === "done" && (word === "changed" || word === "unchanged"))
    return { status, changed: word === "changed", output };
  const reason = REFUSALS.find((each) => each === word);
  if (status !== "refused" || !reason) throw unreadable("Its verdict is a word that is not known.");
  return { status, reason, detail: textOf(hex), output };
}

/** What a refusal means, as a sentence. `detail` is of the machine's making: strip it before it is shown. */
export function refusalSentence(reason: Refusal, detail: string): string {
  return REFUSAL_SENTENCES[reason].replace("%", () => (detail === "" ? "" : ` (${detail})`));
}

const REFUSAL_SENTENCES: { readonly [reason in Refusal]: string } = {
  "no-folder": "The folder it is to be in is not there%.",
  "is-directory": "A directory stands at the path.",
  "is-symlink":
    "A symbolic link stands at the path%; it is not followed where another than root can have put it there.",
  "not-directory": "Something that is no directory stands at the path.",
  "no-sha256": "There is no sha256sum, openssl or busybox to tell what a file holds.",
  "disk-full": "There is no space left for it; what stood there before stands there still.",
  unwritten: "It could not be written%; what stood there before stands there still.",
  "cut-off": "What arrived is not what was sent; what stood there before stands there still.",
  "no-owner": "It could not be given to that owner or group%.",
  "no-mode": "Its permissions could not be set.",
  unmoved: "It could not be moved to its place; what stood there before stands there still.",
  differs: "What stands there is not what was put there, so it is left alone.",
  "not-empty": "The directory is not empty, so it is left alone.",
  unremoved: "It could not be removed.",
  "no-workdir": "The directory to run it in is not there.",
  "no-user": "There is no such user%.",
  "another-user": "It is not the user that was looked at%: somebody has made it meanwhile.",
  "no-home": "The user's home is not there%, so keys can't be put into it.",
  "no-package":
    "No package is called so as far as the machine's package manager knows%. What else it might take that for was not installed.",
  "not-installed": "The package manager ended, but a package is not installed as asked%.",
  "still-installed": "The package manager ended, but a package is still installed%.",
  needed: "Other packages depend on what is to be removed%, so nothing was removed.",
  "others-go": "Other packages would have had to go for what is to be installed%, so it was not installed.",
  "too-old":
    "The machine's package database does not have what is asked, and it can be fetched only together with newer versions of all packages%.",
  "no-service": "There is no such service%.",
  "not-so": "The service manager ended, but the service is not as asked%.",
  failed: "A program that was to do it failed%.",
};
