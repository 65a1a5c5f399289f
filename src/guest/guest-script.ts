import type { ErrorCode } from "../model/errors.ts";
import { PRIVATE_FOLDER } from "./private-folder.ts";
import { SEARCH_PATH } from "./shell.ts";

/**
 * The scripts that put and get files, for the shells of bare images: POSIX sh, and of programs only those that busybox,
 * coreutils and NixOS all bring. Each looks first whether they are there. A script ends with one of these exit codes and
 * says on standard error what it is about (a path, the words of the program that failed).
 */
export const SCRIPT_FAILURES: { readonly [exitCode: number]: ScriptFailure } = {
  60: { code: "ORB_NOT_CAPABLE", summary: "A program is missing inside", says: "The machine has no program" },
  61: { code: "ORB_COMMAND_FAILED", summary: "A folder can't be made inside", says: "This folder can't be made" },
  62: {
    code: "ORB_FILE_EXISTS",
    summary: "Another kind of thing stands there",
    says: "A folder stands where a file shall be, or something else where a folder shall be",
  },
  63: { code: "ORB_COMMAND_FAILED", summary: "A file can't be written inside", says: "Writing failed" },
  64: {
    code: "ORB_CONNECTION",
    summary: "A file did not arrive whole",
    says: "What arrived is not what was sent (the file changed meanwhile, or the connection was cut); for",
  },
  65: { code: "ORB_COMMAND_FAILED", summary: "A file can't be given away inside", says: "Owner or mode can't be set" },
  66: { code: "ORB_COMMAND_FAILED", summary: "A file can't be moved inside", says: "The file can't be put in place" },
  67: { code: "ORB_COMMAND_FAILED", summary: "There is no such file inside", says: "There is nothing at" },
  68: { code: "ORB_COMMAND_FAILED", summary: "A file can't be read inside", says: "This can't be read" },
  69: {
    code: "ORB_COMMAND_FAILED",
    summary: "A link leads elsewhere inside",
    says: "On the way there stands a link that another than root can have put there, and it is not followed",
  },
};

/** How a script's exit code is told. */
export interface ScriptFailure {
  readonly code: ErrorCode;
  readonly summary: string;
  /** The sentence that what the script printed completes. */
  readonly says: string;
}

/** A shell script: backslashes as they stand, `$\{…}` for the shell's own braces, `${…}` for parts of ours. */
function sh(text: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw(text, ...parts).replaceAll("$\\{", "${");
}

const COMMON = sh`${SEARCH_PATH}LC_ALL=C; export LC_ALL; umask 077
clean() { :; }
die() { code=$1; shift; clean; printf '%s\n' "$*" >&2; exit "$code"; }
need() { for p; do command -v "$p" >/dev/null 2>&1 || die 60 "$p"; done; }
if command -v sha256sum >/dev/null 2>&1; then sum() { sha256sum; }
elif command -v openssl >/dev/null 2>&1; then sum() { openssl dgst -sha256 -r; }
elif command -v shasum >/dev/null 2>&1; then sum() { shasum -a 256; }
else die 60 'sha256sum, openssl or shasum'; fi
digest() { d=$(sum); printf '%s' "$\{d%% *}"; }
`;

/**
 * Receiving and placing, in folders that may be somebody else's. `land MODE TARGET` puts standard input in its place, by
 * way of a folder that only we can look into, with the owner that was asked for, else that of what stood there, else that
 * of the folder. A link that stands there is replaced, never written through.
 */
const PLACING = sh`${COMMON}${PRIVATE_FOLDER}need cat mv rm rmdir chmod chown mkdir stat wc readlink
clean() { [ -z "$hidden" ] || unhide; }
at_end() { trap 'clean; exit 64' HUP INT TERM PIPE; }
at_end
refuse() {
  case $1 in
    no-folder) die 61 "$2" ;;
    is-symlink) die 69 "$2" ;;
    unwritten) die 63 "$2" ;;
    *) die 66 "$2" ;;
  esac
}
receive() {
  words=$( (set -C; cat >"$1") 2>&1 ) || die 63 "$words"
  got=$(digest <"$1")
  [ "$got" = "$2" ] || die 64 "$3"
}
ownerof() {
  if [ -n "$owner" ]; then o=$owner
  elif [ -e "$1" ] || [ -L "$1" ]; then o=$(stat -c %u:%g "$1")
  else o=$(stat -c %u:%g "$\{1%/*}/.")
  fi
}
stands() { [ -d "$1" ] && [ ! -L "$1" ]; }
give() { words=$( { chown -h "$o" "$2" && chmod "$1" "$2"; } 2>&1 ) || die 65 "$words"; }
`;

/**
 * One file: a line with its digest is standard input (an argument list is for everybody in the machine to see, and from the
 * digest of a short secret the secret can be guessed), then its content. Arguments: target, mode, owner or nothing, a fresh
 * word.
 */
export const PUT_FILE = sh`${PLACING}target=$1 mode=$2 owner=$3 token=$4
read -r sent || die 64 "$target"
reach "$\{target%/*}" make
name=$\{target##*/}
if stands "./$name"; then die 62 "$target"; fi
hide
receive ./.orbform-part "$sent" "$target"
if stands "../$name"; then die 62 "$target"; fi
ownerof "../$name"
give "$mode" ./.orbform-part
seat "$name"
clean
`;

/**
 * Many small files: standard input is a line with the digest of all that follows: a script that names them and, from the next whole block of 512 bytes on, their
 * contents, each on a whole block. It stays in a folder of ours within the root folder; each thing is made from there in a
 * shell of its own, which goes to the folder that it is for. Arguments: root folder and its mode if it is new, owner or
 * nothing, a fresh word, blocks of the script.
 */
export const PUT_PACK = sh`${PLACING}need dd ln
root=$1 mode=$2 owner=$3 token=$4 blocks=$5
read -r sent || die 64 "$root"
go() {
  hidden= token=$token-in
  at_end
  reach "$\{1%/*}"
  name=$\{1##*/}
}
failed() { code=$?; clean; exit "$code"; }
d() {
  (
    go "$2"
    if [ -L "./$name" ] || { [ -e "./$name" ] && [ ! -d "./$name" ]; }; then die 62 "$2"; fi
    [ ! -d "./$name" ] || exit 0
    ownerof "./$name"
    words=$(mkdir -m 700 "./$name" 2>&1) || die 61 "$words"
    descend "$name" && is_ours && is_empty . || die 61 "$2"
    give "$1" .
  ) || failed
}
f() {
  words=$( : 2>&1 >./.orbform-content) || die 63 "$words"
  if [ "$3" -gt 0 ]; then
    words=$(dd if=./.orbform-pack of=./.orbform-content bs=512 skip="$2" count="$3" 2>&1) || die 63 "$words"
  fi
  if [ "$4" -gt 0 ]; then
    words=$( { dd if=./.orbform-pack bs=1 skip=$((($2 + $3) * 512)) count="$4" 2>/dev/null >>./.orbform-content; } 2>&1 ) ||
      die 63 "$words"
  fi
  (
    go "$5"
    if stands "./$name"; then die 62 "$5"; fi
    hide
    words=$( (set -C; cat >./.orbform-part) 2>&1 ) || die 63 "$words"
    [ "$(wc -c <./.orbform-part)" -eq $(($3 * 512 + $4)) ] || die 63 "$5"
    ownerof "../$name"
    give "$1" ./.orbform-part
    seat "$name"
    clean
  ) <./.orbform-content || failed
}
l() {
  (
    go "$2"
    if stands "./$name"; then die 62 "$2"; fi
    hide
    ownerof "../$name"
    words=$( { ln -s -- "$1" ./.orbform-part && chown -h "$o" ./.orbform-part; } 2>&1 ) || die 66 "$words"
    seat "$name"
    clean
  ) || failed
}
if [ ! -d "$root" ]; then
  reach "$\{root%/*}" make
  d "$mode" "$root"
fi
reach "$root"
hide
receive ./.orbform-pack "$sent" "$root"
dd if=./.orbform-pack of=./.orbform-script bs=512 count="$blocks" 2>/dev/null
. ./.orbform-script
clean
`;

/**
 * A file, or a folder with all in it: to standard output, for each a line `WORD KIND MODE SIZE DIGEST PATH//` and its
 * content (of a link: where it leads), a folder before what is in it. No path holds `//`. A file that grows meanwhile is
 * given as it was when it was measured. The argument list is what is still to be given; contents are printed by the
 * script itself, not by a function of it, which in some shells keeps no bytes. The root is `/.`, so that a slash stands
 * before the name of what is in it. Arguments: the path, a fresh word that
 * begins each line.
 */
export const GET = sh`${COMMON}need cat head wc stat readlink tr
top=$1 word=$2 n=0
[ "$top" != / ] || top=/.
told() { printf '%s %s %s %s %s %s//\n' "$word" "$1" "$2" "$3" "$4" "$5"; }
[ -e "$top" ] || die 67 "$top"
set -- "$top"
while [ $# -gt 0 ]; do
  p=$1
  shift
  path=.$\{p#"$top"}
  n=$((n + 1))
  if [ -L "$p" ] && [ "$p" != "$top" ]; then
    t=$(readlink "$p"; echo x)
    t=$\{t%??}
    told l 777 "$(printf '%s' "$t" | wc -c | tr -d ' ')" "$(printf '%s' "$t" | digest)" "$path"
    printf '%s' "$t"
  elif [ -d "$p" ]; then
    told d "$(stat -L -c %a "$p")" 0 - "$path"
    for f in "$\{p%/}"/* "$\{p%/}"/.[!.]* "$\{p%/}"/..?*; do
      if [ -e "$f" ] || [ -L "$f" ]; then set -- "$@" "$f"; fi
    done
  elif [ -f "$p" ]; then
    size=$(wc -c <"$p" | tr -d ' ')
    [ -n "$size" ] || die 68 "$p"
    told f "$(stat -L -c %a "$p")" "$size" "$(head -c "$size" "$p" | digest)" "$path"
    head -c "$size" "$p"
  else
    told x 0 0 - "$path"
  fi
done
printf '%s z 0 0 - %s//\n' "$word" "$n"
`;
