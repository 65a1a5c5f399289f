import type { FileFacts, FileWish, Unavailable } from "../model/inside.ts";
import { InvariantError } from "../model/errors.ts";
import { needed, properTextOf, type RawFacts, unreadable } from "./frame.ts";
import { readKind } from "./path-kind.ts";
import { quote } from "./quote.ts";
import { readRights, rightsVariables, SETTLE } from "./rights.ts";
import { HAS_SHA256, SHA256 } from "./shell.ts";
import { checkPath, folderOf } from "./words.ts";

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
export function readFile(raw: RawFacts): FileFacts | Unavailable {
  if (raw.has("lacks"))
    return { type: "unavailable", why: "There is no sha256sum, openssl or busybox to tell what a file holds." };
  const kind = readKind(raw);
  if (kind !== "file") return { type: "file", kind };
  const digest = needed(raw, "digest");
  const size = needed(raw, "size");
  if (!/^[0-9a-f]{64}$/.test(digest) || !/^\d+$/.test(size)) throw unreadable("It does not say what a file holds.");
  const text = properTextOf(raw.get("text") ?? "");
  const facts = { type: "file", kind, ...readRights(raw), digest, size: Number(size) } as const;
  return raw.has("text") && text !== undefined ? { ...facts, text } : facts;
}

/** Whether a file's content has to be sent, or only its rights are to be set. */
export function needsContent(wish: FileWish, facts: FileFacts): boolean {
  return facts.kind !== "file" || facts.digest !== wish.digest;
}

/** Makes a file so from the content on standard input, whatever stands there, at once or not at all. */
export function writeFile(wish: FileWish): string {
  return `${fileVariables(wish)}${WRITE}`;
}

/** Gives a file that already has its content the rights it is to have. */
export function settleFile(wish: FileWish): string {
  return `${fileVariables(wish)}is_wanted || no differs
settle "$path"
ok "$changed"
`;
}

/** Takes a file away if it still holds what was put there. */
export function removeFile({ path, digest }: Pick<FileWish, "path" | "digest">): string {
  return `${fileVariables({ path, digest })}if [ ! -e "$path" ] && [ ! -L "$path" ]; then ok unchanged; fi
has_sha256 || no no-sha256
is_wanted || no differs
rm -f "$path" || no unremoved
ok changed
`;
}

function fileVariables(wish: Omit<FileWish, "type">): string {
  const path = checkPath(wish.path);
  return `${SHA256}${HAS_SHA256}${SETTLE}path=${quote(path)}
folder=${quote(folderOf(path))}
want=${quote(checkDigest(wish.digest))}
${rightsVariables(wish)}is_wanted() { [ -f "$path" ] && [ ! -L "$path" ] && [ "$(sha256 <"$path")" = "$want" ]; }
`;
}

function checkDigest(digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new InvariantError("a digest is 64 hexadecimal digits");
  return digest;
}

/**
 * Nobody else can read the new content before it has its owner and its mode, in that order: giving a file away takes
 * set-user-id from it. `mv` would follow a link to a folder, so such a link goes first.
 */
const WRITE = `[ -d "$folder" ] || no no-folder
if [ -d "$path" ] && [ ! -L "$path" ]; then no is-directory; fi
has_sha256 || no no-sha256
if is_wanted; then
  cat >/dev/null
  settle "$path"
  ok "$changed"
fi
old_mode=644 old_owner=
if [ -f "$path" ] && [ ! -L "$path" ]; then
  old_mode=$(stat -c %a "$path")
  old_owner=$(stat -c %u:%g "$path")
fi
tmp=\${folder%/}/.orbform-$token
rm -f "$tmp"
if ! said=$( (umask 077; set -C; cat >"$tmp") 2>&1 ); then
  case $said in
    *'No space left'* | *quota*) no disk-full ;;
    *) no unwritten "$said" ;;
  esac
fi
[ "$(sha256 <"$tmp")" = "$want" ] || no cut-off
[ -z "$old_owner" ] || chown "$old_owner" "$tmp" || no no-owner "$old_owner"
[ -z "$owner" ] || chown "$owner" "$tmp" || no no-owner "$owner"
[ -z "$group" ] || chown ":$group" "$tmp" || no no-owner "$group"
chmod "\${mode:-$old_mode}" "$tmp" || no no-mode
if [ -L "$path" ] && [ -d "$path" ]; then rm -f "$path" || no unmoved; fi
mv -f "$tmp" "$path" || no unmoved
tmp=
ok changed
`;
