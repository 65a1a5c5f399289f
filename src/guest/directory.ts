import type { DirectoryFacts, DirectoryWish } from "../model/inside.ts";
import { type RawFacts, yesOrNo } from "./frame.ts";
import { readKind } from "./path-kind.ts";
import { IS_EMPTY, PRIVATE_FOLDER } from "./private-folder.ts";
import { quote } from "./quote.ts";
import { readRights, rightsVariables, SETTLE } from "./rights.ts";
import { checkPath, folderOf, nameOf } from "./words.ts";

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
export function readDirectory(raw: RawFacts, wish: DirectoryWish): DirectoryFacts {
  const kind = readKind(raw);
  if (kind !== "directory") return { type: "directory", kind };
  return { type: "directory", kind, ...readRights(raw, wish), isEmpty: yesOrNo(raw, "empty") };
}

/** Makes a directory, or gives one that is there the rights it is to have. The folder it is in must be there. */
export function changeDirectory(wish: DirectoryWish): string {
  return `${SETTLE}${reached(wish.path)}${rightsVariables(wish)}[ ! -L "./$name" ] || no is-symlink
if [ ! -d "./$name" ]; then
  [ ! -e "./$name" ] || no not-directory
  mkdir -m 700 "./$name" || no unwritten
  descend "$name" && is_ours && is_empty . || no unwritten
  made=$name changed=changed mode=\${mode:-755}
else
  descend "$name" || no is-symlink
fi
settle .
ok "$changed"
`;
}

/** Takes a directory away if nothing is in it. */
export function removeDirectory(given: string): string {
  const path = quote(checkPath(given));
  return `if [ ! -e ${path} ] && [ ! -L ${path} ]; then ok unchanged; fi
${reached(given)}if [ -L "./$name" ] || [ ! -d "./$name" ]; then no differs; fi
is_empty "./$name" || no not-empty
rmdir "./$name" || no unremoved
ok changed
`;
}

/** Lines that go to the folder that a path is in; `$name` is its name there. */
function reached(given: string): string {
  const path = checkPath(given);
  return `${PRIVATE_FOLDER}folder=${quote(folderOf(path))}
name=${quote(nameOf(path))}
reach "$folder"
`;
}
