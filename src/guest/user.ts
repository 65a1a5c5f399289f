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

/** Shell functions that find out about users: `user_facts NAME [keys]`. */
export const USER_FACTS = `${ACCOUNT}${GROUPS_OF}user_facts() {
  if ! found=$(account "$1"); then say exists no; return; fi
  say exists yes
  asked=\${2:-}
  shell=\${found##*:}
  home=\${found%:*} home=\${home##*:}
  say shell "$(printf '%s' "$shell" | hex)"
  say home "$(printf '%s' "$home" | hex)"
  say groups "$(groups_of "$1" | hex)"
  if [ "$asked" = keys ] && [ -f "$home/.ssh/authorized_keys" ]; then say keys "$(hex <"$home/.ssh/authorized_keys")"; fi
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
    shell: textOf(needed(raw, "shell")),
    home: textOf(needed(raw, "home")),
    groups: [...new Set(linesOf(textOf(needed(raw, "groups"))))].toSorted(),
  };
  if (!facts.home?.startsWith("/")) throw unreadable("It does not say where a user's home is.");
  if (wish.authorizedKeys === undefined) return facts;
  const keys = linesOf(textOf(raw.get("keys") ?? "")).filter((line) => !/^\s*(?:#|$)/.test(line));
  return { ...facts, authorizedKeys: keys };
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Makes a user so; keys come on standard input, all of them. A home that moves is not carried over. */
export function changeUser(wish: UserWish, facts: UserFacts): { readonly script: string; readonly keys?: string } {
  const { shell, home, groups, authorizedKeys } = wish;
  const script = `${ACCOUNT}${GROUPS_OF}${ACCOUNT_TOOLS}name=${quote(checkAccount(wish.name))}
shell=${quote(shell === undefined ? "" : checkPasswdPath(shell))}
home=${quote(home === undefined ? "" : checkPasswdPath(home))}
ensure_user
${groups === undefined ? "" : `ensure_groups ${quoteWords([...new Set(groups)].map(checkAccount))}\n`}`;
  const keys = authorizedKeys?.map((key) => `${checkKey(key)}\n`).join("");
  const sends = keys !== undefined && !hasKeys(facts, authorizedKeys ?? []);
  return sends
    ? { script: `${script}${PRIVATE_FOLDER}${WRITE_KEYS}ok "$changed"\n`, keys }
    : { script: `${script}ok "$changed"\n` };
}

function hasKeys(facts: UserFacts, wanted: readonly string[]): boolean {
  const present = facts.authorizedKeys ?? [];
  return present.length === wanted.length && present.every((key, at) => key === wanted[at]);
}

/** Takes a user away and leaves the home. */
export function removeUser(name: string): string {
  return `${ACCOUNT}${ACCOUNT_TOOLS}name=${quote(checkAccount(name))}
account "$name" >/dev/null || ok unchanged
delete_user
ok changed
`;
}
