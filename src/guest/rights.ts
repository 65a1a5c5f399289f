import type { PathRights } from "../model/inside.ts";
import { needed, type RawFacts, textOf, unreadable } from "./frame.ts";
import { quote } from "./quote.ts";
import { checkOwner } from "./words.ts";

/** Shell function that says who owns a path and who may do what with it. */
export const RIGHTS_FACTS = `rights() {
  say rights "$(stat -c '%a %u %g
%U
%G' "$1" | hex)"
}
`;

/** Reads what `rights` said: owner and group by name, or by number where that is how they are wished. */
export function readRights(raw: RawFacts, wish: PathRights): Required<PathRights> {
  const text = textOf(needed(raw, "rights"));
  const [, mode = "", uid = "", gid = "", user = "", group = ""] =
    /^([0-7]{1,4}) (\d+) (\d+)\n([^\n]+)\n([^\n]+)\n$/.exec(text) ?? [];
  if (mode === "") throw unreadable("It does not say who may do what with a path.");
  return {
    mode: Number.parseInt(mode, 8),
    owner: named(user, uid, wish.owner),
    group: named(group, gid, wish.group),
  };
}

/** `stat` says UNKNOWN of a number without a name. */
function named(name: string, number: string, wished: string | undefined): string {
  if (wished !== undefined && /^\d+$/.test(wished) && Number(wished) === Number(number)) return wished;
  return name === "UNKNOWN" ? number : name;
}

/** Variables `mode`, `owner` and `group` of a wish; empty where it has none. */
export function rightsVariables({ mode, owner, group }: PathRights): string {
  const words = {
    mode: mode === undefined ? "" : (mode & 0o7777).toString(8),
    owner: owner === undefined ? "" : checkOwner(owner),
    group: group === undefined ? "" : checkOwner(group),
  };
  return Object.entries(words)
    .map(([name, word]) => `${name}=${quote(word)}\n`)
    .join("");
}

/**
 * Shell functions: `settle PATH` gives a path the wish's rights where it has others, and notes that by `$changed`;
 * `give PATH` gives them. Set-user-id falls when a file is given away: so the mode comes after. `chmod` follows links:
 * only for a path that nobody else can put one at.
 */
export const SETTLE = `is_settled() {
  { [ -z "$owner" ] || [ "$(stat -c %U "$1")" = "$owner" ] || [ "$(stat -c %u "$1")" = "$owner" ]; } || return 1
  { [ -z "$group" ] || [ "$(stat -c %G "$1")" = "$group" ] || [ "$(stat -c %g "$1")" = "$group" ]; } || return 1
  [ -z "$mode" ] || [ "$(stat -c %a "$1")" = "$mode" ]
}
give() {
  [ -z "$owner" ] || chown -h "$owner" "$1" || no no-owner "$owner"
  [ -z "$group" ] || chown -h ":$group" "$1" || no no-owner "$group"
  [ -z "$mode" ] || chmod "$mode" "$1" || no no-mode
}
settle() {
  is_settled "$1" && return
  give "$1"
  changed=changed
}
`;
