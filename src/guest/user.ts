import type { UserFacts, UserWish } from "../model/inside.ts";
import { needed, type RawFacts, textOf, unreadable, yesOrNo } from "./frame.ts";
import { PRIVATE_FOLDER } from "./private-folder.ts";
import { quote, quoteWords } from "./quote.ts";
import { ACCOUNT } from "./run-as.ts";
import { ACCOUNT_TOOLS, WRITE_KEYS } from "./user-tools.ts";
import { checkAccount, checkKey, checkPasswdPath } from "./words.ts";

/** Shell function: a user's supplementary groups, a line each. */
const GROUPS_OF = `groups_of() {
  while IFS=: read -r group _ _ members; do
    case ,$members, in *,"$1",*) printf '%s\\n' "$group" ;; esac
  done </etc/group
}
`;

/** Bytes of keys that are read at most: a file of more is none that anybody can log in by. */
const MAX_KEYS_BYTES = 65_536;

/**
 * Shell function: the keys in a home, as root reads them. The folder is the user's, who may have put a link to somebody
 * else's file there: what it leads to would be shown as keys.
 */
const KEYS_OF = `keys_of() (
  refuse() { exit 0; }
  reach "$1"
  if [ -L ./.ssh ] || ! descend .ssh; then exit 0; fi
  if [ -L ./authorized_keys ] || [ ! -f ./authorized_keys ]; then exit 0; fi
  head -c ${MAX_KEYS_BYTES + 1} <./authorized_keys | hex
)
`;

/** Shell functions that find out about users: `user_facts NAME [keys]`. */
export const USER_FACTS = `${ACCOUNT}${GROUPS_OF}${PRIVATE_FOLDER}${KEYS_OF}user_facts() {
  if ! found=$(account "$1"); then say exists no; return; fi
  say exists yes
  asked=\${2:-}
  shell=\${found##*:}
  home=\${found%:*} home=\${home##*:}
  uid=\${found#*:*:} uid=\${uid%%:*}
  [ "$uid" -ge 0 ] 2>/dev/null || uid=-
  say uid "$uid"
  say shell "$(printf '%s' "$shell" | hex)"
  say home "$(printf '%s' "$home" | hex)"
  say groups "$(groups_of "$1" | hex)"
  if [ "$asked" = keys ]; then say keys "$(keys_of "$home")"; fi
}
`;

/** The call that finds out about one user. */
export function userFactsCall({ name, authorizedKeys }: UserWish): string {
  return `user_facts ${quote(checkAccount(name))}${authorizedKeys === undefined ? "" : " keys"}`;
}

/** Reads what `user_facts` said. */
export function readUser(raw: RawFacts, wish: UserWish): UserFacts {
  if (!yesOrNo(raw, "exists")) return { type: "user", exists: false };
  const facts: UserFacts = {
    type: "user",
    exists: true,
    uid: numberOf(needed(raw, "uid")),
    shell: textOf(needed(raw, "shell")),
    home: textOf(needed(raw, "home")),
    groups: [...new Set(linesOf(textOf(needed(raw, "groups"))))].toSorted(),
  };
  if (!facts.home?.startsWith("/")) throw unreadable("It does not say where a user's home is.");
  if (wish.authorizedKeys === undefined) return facts;
  const hex = needed(raw, "keys");
  if (hex.length > MAX_KEYS_BYTES * 2) throw unreadable(`The keys of ${facts.home} have over 64 KiB.`);
  const keys = linesOf(textOf(hex)).filter((line) => !/^\s*(?:#|$)/.test(line));
  return { ...facts, authorizedKeys: keys };
}

function numberOf(digits: string): number {
  if (!/^\d{1,10}$/.test(digits)) throw unreadable("It does not say what number a user has.");
  return Number(digits);
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/**
 * Makes a user so; all its keys come on standard input, behind a line of how many bytes they are: whoever sends them may die
 * at any. A home that moves is not carried over.
 */
export function changeUser(wish: UserWish, facts: UserFacts): { readonly script: string; readonly keys?: string } {
  const { shell, home, groups, authorizedKeys } = wish;
  const script = `${ACCOUNT}${GROUPS_OF}${ACCOUNT_TOOLS}name=${quote(checkAccount(wish.name))}
only=${onlyOf(facts)}
shell=${quote(shell === undefined ? "" : checkPasswdPath(shell))}
home=${quote(home === undefined ? "" : checkPasswdPath(home))}
`;
  const groupsLine =
    groups === undefined ? "" : `ensure_groups ${quoteWords([...new Set(groups)].map(checkAccount))}\n`;
  const keys = authorizedKeys?.map((key) => `${checkKey(key)}\n`).join("");
  const moves = facts.exists && home !== undefined && home !== facts.home;
  const sends = keys !== undefined && (moves || !hasKeys(facts, authorizedKeys ?? []));
  if (!sends) return { script: `${script}ensure_user\n${groupsLine}ok "$changed"\n` };
  const { before, after } = moves ? moving(keys) : { before: "", after: "" };
  const written = `${after}${PRIVATE_FOLDER}${WRITE_KEYS}ok "$changed"\n`;
  return {
    script: `${script}bytes=\nread -r bytes || no cut-off\n${before}ensure_user\n${groupsLine}${written}`,
    keys: `${Buffer.byteLength(keys)}\n${keys}`,
  };
}

/** Whose account it may be: one that was made anew since it was looked at is somebody else's. */
function onlyOf({ exists, uid }: UserFacts): string {
  return exists ? String(uid ?? "") : "none";
}

/** What was found of keys was found in the old home. Nobody is sent to a home where no key can be put. */
function moving(keys: string): { readonly before: string; readonly after: string } {
  return keys === ""
    ? { before: "", after: `[ -d "$home" ] || ok "$changed"\n` }
    : { before: `[ -d "$home" ] || no no-home "$home"\n`, after: "" };
}

function hasKeys(facts: UserFacts, wanted: readonly string[]): boolean {
  const present = facts.authorizedKeys ?? [];
  return present.length === wanted.length && present.every((key, at) => key === wanted[at]);
}

/** Takes a user away and leaves the home; `uid`: only the one with that number. */
export function removeUser(name: string, uid?: number): string {
  return `${ACCOUNT}${ACCOUNT_TOOLS}name=${quote(checkAccount(name))}
only=${uid ?? ""}
found=$(account "$name") || ok unchanged
uid=\${found#*:*:} uid=\${uid%%:*}
[ -z "$only" ] || [ "$uid" = "$only" ] || ok unchanged
delete_user
ok changed
`;
}
