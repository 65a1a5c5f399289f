import type { FileFacts, FileWish, Unavailable } from "../model/inside.ts";
import { InvariantError } from "../model/errors.ts";
import { needed, properTextOf, type RawFacts, unreadable } from "./frame.ts";
import { readKind } from "./path-kind.ts";
import { PRIVATE_FOLDER } from "./private-folder.ts";
import { quote } from "./quote.ts";
import { readRights, rightsVariables, SETTLE } from "./rights.ts";
import { HAS_SHA256, SHA256 } from "./shell.ts";
import { checkPath, folderOf, nameOf } from "./words.ts";

/** Bytes of a file that are sent at most, for showing how it differs. */
const MAX_TEXT_BYTES = 65_536;

/** Shell functions that find out about files: `file_facts PATH DIGEST`. Needs `kind_of` and `rights`. */
export const FILE_FACTS = `${SHA256}${HAS_SHA256}file_facts() {
  has_sha256 || { say lacks sha256; return; }
  kind=$(kind_of "$1")
  say kind "$kind"
  [ "$kind" = file ] || return
  rights "$1"
  digest=$(sha256 <"$1")
  size=$(stat -c %s "$1")
  say digest "$digest"
  say size "$size"
  if [ "$digest" != "$2" ] && [ "$size" -le ${MAX_TEXT_BYTES} ]; then say text "$(hex <"$1")"; fi
}
`;

/** The call that finds out about one file. */
export function fileFactsCall({ path, digest }: FileWish): string {
  return `file_facts ${quote(checkPath(path))} ${quote(checkDigest(digest))}`;
}

/** Reads what `file_facts` said. */
export function readFile(raw: RawFacts, wish: FileWish): FileFacts | Unavailable {
  if (raw.has("lacks"))
    return { type: "unavailable", why: "There is no sha256sum, openssl or busybox to tell what a file holds." };
  const kind = readKind(raw);
  if (kind !== "file") return { type: "file", kind };
  const digest = needed(raw, "digest");
  const size = needed(raw, "size");
  if (!/^[0-9a-f]{64}$/.test(digest) || !/^\d+$/.test(size)) throw unreadable("It does not say what a file holds.");
  const text = properTextOf(raw.get("text") ?? "");
  const facts = { type: "file", kind, ...readRights(raw, wish), digest, size: Number(size) } as const;
  return raw.has("text") && text !== undefined ? { ...facts, text } : facts;
}

/** Whether a file's content has to be sent, or only its rights are to be set. */
export function needsContent(wish: FileWish, facts: FileFacts): boolean {
  return facts.kind !== "file" || facts.digest !== wish.digest;
}

/**
 * What scripts that change a file get first on standard input: what it is to hold. An argument list is for everybody in the
 * machine to see, and from the digest of a short secret the secret can be guessed.
 */
export function digestLine({ digest }: Pick<FileWish, "digest">): string {
  return `${checkDigest(digest)}\n`;
}

/** Makes a file so from what follows its {@link digestLine}, whatever stands there, at once or not at all. */
export function writeFile(wish: Placed): string {
  return `${fileVariables(wish)}${FILL}${WRITE}`;
}

/** Gives a file that already has its content the rights it is to have. */
export function settleFile(wish: Placed): string {
  return `${fileVariables(wish)}${FILL}reach "$folder"
is_wanted || no differs
settle_file
ok "$changed"
`;
}

/** Takes a file away if it still holds what was put there. */
export function removeFile({ path }: Pick<FileWish, "path">): string {
  return `${fileVariables({ path })}if [ ! -e "$path" ] && [ ! -L "$path" ]; then ok unchanged; fi
has_sha256 || no no-sha256
reach "$folder"
is_wanted || no differs
rm -f "./$name" || no unremoved
ok changed
`;
}

/** Where a file is to be, and with which rights. */
type Placed = Omit<FileWish, "type" | "digest">;

function fileVariables(wish: Placed): string {
  const path = checkPath(wish.path);
  return `${SHA256}${HAS_SHA256}${PRIVATE_FOLDER}${SETTLE}path=${quote(path)}
folder=${quote(folderOf(path))}
name=${quote(nameOf(path))}
want=
read -r want && [ "\${#want}" -eq 64 ] || no cut-off
${rightsVariables(wish)}is_wanted() { [ -f "./$name" ] && [ ! -L "./$name" ] && [ "$(sha256 <"./$name")" = "$want" ]; }
`;
}

function checkDigest(digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new InvariantError("a digest is 64 hexadecimal digits");
  return digest;
}

/**
 * `fill` makes the file anew from standard input: nobody else can get at it before it has its owner and its mode, and
 * then it is moved. `settle_file` gives it its rights; where somebody else could put a link in its place it is made anew.
 */
const FILL = `fill() {
  old_mode=644 old_owner=
  if [ -f "./$name" ] && [ ! -L "./$name" ]; then
    old_mode=$(stat -c %a "./$name")
    old_owner=$(stat -c %u:%g "./$name")
  fi
  hide
  if ! said=$( (umask 077; set -C; cat >./.orbform-part) 2>&1 ); then
    case $said in
      *'No space left'* | *quota*) no disk-full ;;
      *) no unwritten "$said" ;;
    esac
  fi
  [ "$(sha256 <./.orbform-part)" = "$want" ] || no cut-off
  [ -z "$old_owner" ] || chown -h "$old_owner" ./.orbform-part || no no-owner "$old_owner"
  mode=\${mode:-$old_mode}
  give ./.orbform-part
  seat "$name"
  changed=changed
}
settle_file() {
  if guarded .; then settle "./$name"
  elif ! is_settled "./$name"; then fill <"./$name"
  fi
}
`;

const WRITE = `reach "$folder"
if [ -d "./$name" ] && [ ! -L "./$name" ]; then no is-directory; fi
has_sha256 || no no-sha256
if is_wanted; then
  cat >/dev/null
  settle_file
else
  fill
fi
ok "$changed"
`;
