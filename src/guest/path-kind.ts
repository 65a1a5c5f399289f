import type { PathKind } from "../model/inside.ts";
import { needed, type RawFacts, unreadable } from "./frame.ts";

const KINDS: readonly PathKind[] = ["absent", "file", "directory", "symlink", "other"];

/** Shell function: what stands at a path, in a word. A link is a link, whatever it leads to. */
export const KIND_OF = `kind_of() {
  if [ -L "$1" ]; then printf symlink
  elif [ -d "$1" ]; then printf directory
  elif [ -f "$1" ]; then printf file
  elif [ -e "$1" ]; then printf other
  else printf absent
  fi
}
`;

/** Reads what `kind_of` said. */
export function readKind(raw: RawFacts): PathKind {
  const word = needed(raw, "kind");
  const kind = KINDS.find((each) => each === word);
  if (!kind) throw unreadable("It does not say what stands at a path.");
  return kind;
}
