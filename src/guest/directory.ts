import type { DirectoryFacts, DirectoryWish } from "../model/inside.ts";
import { type RawFacts, yesOrNo } from "./frame.ts";
import { readKind } from "./path-kind.ts";
import { quote } from "./quote.ts";
import { readRights, rightsVariables, SETTLE } from "./rights.ts";
import { checkPath, folderOf } from "./words.ts";

/** Shell function: whether nothing is in a directory. A pattern that finds nothing stands for itself. */
const IS_EMPTY = `is_empty() {
  for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$each" ] || [ -L "$each" ]; then return 1; fi
  done
  return 0
}
`;

/** Shell functions that find out about directories: `directory_facts PATH`. Needs `kind_of` and `rights`. */
export const DIRECTORY_FACTS = `${IS_EMPTY}directory_facts() {
  kind=$(kind_of "$1")
  say kind "$kind"
  [ "$kind" = directory ] || return
  rights "$1"
  if is_empty "$1"; then say empty yes; else say empty no; fi
}
`;

/** The call that finds out about one directory. */
export function directoryFactsCall({ path }: DirectoryWish): string {
  return `directory_facts ${quote(checkPath(path))}`;
}

/** Reads what `directory_facts` said. */
export function readDirectory(raw: RawFacts): DirectoryFacts {
  const kind = readKind(raw);
  if (kind !== "directory") return { type: "directory", kind };
  return { type: "directory", kind, ...readRights(raw), isEmpty: yesOrNo(raw, "empty") };
}

/** Makes a directory, or gives one that is there the rights it is to have. The folder it is in must be there. */
export function changeDirectory(wish: DirectoryWish): string {
  const path = checkPath(wish.path);
  return `${SETTLE}path=${quote(path)}
folder=${quote(folderOf(path))}
${rightsVariables(wish)}[ ! -L "$path" ] || no is-symlink
if [ ! -d "$path" ]; then
  [ ! -e "$path" ] || no not-directory
  [ -d "$folder" ] || no no-folder
  mkdir "$path" || no unwritten
  made=$path changed=changed
  mode=\${mode:-755}
fi
settle "$path"
ok "$changed"
`;
}

/** Takes a directory away if nothing is in it. */
export function removeDirectory(path: string): string {
  return `${IS_EMPTY}path=${quote(checkPath(path))}
if [ ! -e "$path" ] && [ ! -L "$path" ]; then ok unchanged; fi
if [ -L "$path" ] || [ ! -d "$path" ]; then no differs; fi
is_empty "$path" || no not-empty
rmdir "$path" || no unremoved
ok changed
`;
}
