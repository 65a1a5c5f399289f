import type { PackageManager, PackagesFacts, PackagesWish, Unavailable } from "../model/inside.ts";
import { needed, type RawFacts, textOf, unreadable } from "./frame.ts";
import { MANAGERS, PACKAGE_MANAGERS } from "./package-managers.ts";
import { quote, quoteWords } from "./quote.ts";
import { checkPackageWord } from "./words.ts";

/**
 * Shell functions: which package manager there is. A distribution's own goes first, for others can be installed beside it
 * (Fedora has an apt). Of the one it is, `version_of NAME` and `newer_of NAME` are defined.
 */
export const PACKAGES_FACTS = `has_manager() {
  case $1 in
    apt) has apt-get && has dpkg-query ;;
    dnf) has dnf && has rpm ;;
    zypper) has zypper && has rpm ;;
    xbps) has xbps-install && has xbps-query ;;
    *) has "$1" ;;
  esac
}
distribution() {
  [ -r /etc/os-release ] || return 0
  while IFS='=' read -r key value; do
    case $key in ID | ID_LIKE) printf ' %s ' "$value" | tr -d "\\"'" ;; esac
  done </etc/os-release
}
package_manager() {
  case $(distribution) in
    *' nixos '*) printf nixos; return ;;
    *' debian '* | *' ubuntu '* | *' devuan '* | *' kali '*) first=apt ;;
    *' fedora '* | *' rhel '* | *' centos '* | *' openeuler '* | *' openEuler '*) first=dnf ;;
    *' alpine '*) first=apk ;;
    *' arch '*) first=pacman ;;
    *' suse '* | *' opensuse '*) first=zypper ;;
    *' void '*) first=xbps ;;
    *) first= ;;
  esac
  for each in $first ${PACKAGE_MANAGERS.join(" ")}; do
    if has_manager "$each"; then printf '%s' "$each"; return; fi
  done
  printf none
}
manager=
packages_facts() {
  [ -n "$manager" ] || manager=$(package_manager)
  say manager "$manager"
  case $manager in
${PACKAGE_MANAGERS.map((each) => `    ${each})\n${MANAGERS[each].version}${MANAGERS[each].newer}      ;;\n`).join("")}    *) return ;;
  esac
  number=0
  for each in "$@"; do
    number=$((number + 1))
    say "installed-$number" "$(version_of "\${each#latest }" | hex)"
    case $each in latest' '*) say "newer-$number" "$(newer_of "\${each#latest }" | hex)" ;; esac
  done
}
`;

/** The call that finds out about packages. A name behind `latest ` is also asked for what would replace it. */
export function packagesFactsCall(wish: PackagesWish): string {
  const words = namesOf(wish).map((name) => (wish.install[name] === "latest" ? `latest ${name}` : name));
  return `packages_facts ${quoteWords(words)}`;
}

function namesOf(wish: PackagesWish): readonly string[] {
  return [...new Set([...Object.keys(wish.install), ...wish.remove])].map(checkPackageWord);
}

/** Reads what `packages_facts` said. */
export function readPackages(raw: RawFacts, wish: PackagesWish): PackagesFacts | Unavailable {
  const word = needed(raw, "manager");
  if (word === "nixos")
    return { type: "unavailable", why: "The packages of a NixOS machine are declared in its own configuration." };
  if (word === "none")
    return {
      type: "unavailable",
      why: `None of the known package managers is there (${PACKAGE_MANAGERS.join(", ")}).`,
    };
  const manager = PACKAGE_MANAGERS.find((each) => each === word);
  if (!manager) throw unreadable("It names a package manager that is not known.");
  const installed: { [name: string]: string | null } = {};
  const newer: { [name: string]: string } = {};
  for (const [at, name] of namesOf(wish).entries()) {
    const versions = linesOf(raw, `installed-${at + 1}`);
    // Of some packages several versions are installed at once (kernels): the one that is asked for counts, or the last.
    installed[name] = versions.find((each) => each === wish.install[name]) ?? versions.at(-1) ?? null;
    const version = wish.install[name] === "latest" ? linesOf(raw, `newer-${at + 1}`)[0] : undefined;
    if (version !== undefined && installed[name] !== null && version !== installed[name]) newer[name] = version;
  }
  return { type: "packages", manager, installed, newer };
}

function linesOf(raw: RawFacts, key: string): readonly string[] {
  return textOf(needed(raw, key))
    .split("\n")
    .filter((line) => line !== "");
}

/** What a change was decided from: the manager, and of which packages it knew a newer version. */
type Decided = Pick<PackagesFacts, "manager" | "newer">;

/**
 * Installs what is missing and removes what is not to be there. Ends badly where the manager says yes and it isn't so. What
 * is asked for as `latest` is replaced only where a newer version was found before: an index that is fetched to install
 * another may know newer ones that nobody was told of.
 */
export function changePackages(wish: PackagesWish, { manager, newer: found }: Decided): string {
  const { version, newer, functions } = MANAGERS[manager];
  const wanted = Object.entries(wish.install).map(([name, asked]) => {
    const version = asked === "latest" && found[name] === undefined ? "present" : asked;
    return `want ${quote(checkPackageWord(name))} ${quote(checkPackageWord(version))}\n`;
  });
  const removed = wish.remove.map((name) => `unwant ${quote(checkPackageWord(name))}\n`);
  return `${version}${newer}upgrade=\n${functions}${CHANGE}${wanted.join("")}${removed.join("")}carry_out
checking=yes
${wanted.join("")}${removed.join("")}ok "$changed"
`;
}

/** Removes packages that are still there. */
export function removePackages(names: readonly string[], manager: PackageManager): string {
  return changePackages({ type: "packages", install: {}, remove: names }, { manager, newer: {} });
}

/**
 * `want` and `unwant` first gather what is to be done, and after it was done check that it is. An index that is old is
 * fetched first; one that turns out to be too old (a package is not known, or not there any more) is, and it is tried again.
 */
const CHANGE = `install= update= pinned= unwanted= stays= checking= fresh=
want() {
  there=$(version_of "$1")
  [ -z "$there" ] || stays="$stays $1"
  case $2 in
    present) [ -z "$there" ] || return 0 ;;
    latest)
      if [ -n "$there" ]; then
        [ -n "$checking" ] || { update="$update $1"; return 0; }
        case " $outdated " in *" $1 "*) better=$(newer_of "$1") ;; *) better= ;; esac
        [ -z "$better" ] || no not-installed "$1 $better"
        return 0
      fi ;;
    *)
      if printf '%s\\n' "$there" | grep -qxF -e "$2"; then return 0; fi
      [ -z "$checking" ] || no not-installed "$1 $2"
      pinned="$pinned $(pin "$1" "$2")"
      return 0 ;;
  esac
  [ -z "$checking" ] || no not-installed "$1"
  install="$install $1"
}
unwant() {
  [ -n "$(version_of "$1")" ] || return 0
  [ -z "$checking" ] || no still-installed "$1"
  unwanted="$unwanted $1"
}
freshen() {
  [ -z "$fresh" ] || return 1
  fresh=yes
  refresh >&2
}
attempt() {
  what=$1
  shift
  gone= odd=
  "$what" "$@" >&2 && return 0
  if freshen; then
    gone= odd=
    "$what" "$@" >&2 && return 0
  fi
  [ -z "$odd" ] || no no-package "\${odd% }"
  [ -z "$gone" ] || no others-go "\${gone% }"
  [ -z "$upgrade" ] || no too-old "$upgrade"
  no failed "$what"
}
carry_out() {
  if [ -n "$unwanted" ]; then
    others=$(dependents $unwanted)
    [ -z "$others" ] || no needed "\${others% }"
    [ -z "$stays" ] || keep_now $stays >&2 || no failed keep
    remove_now $unwanted >&2 || no failed remove
    changed=changed
  fi
  if [ -n "$install$update$pinned" ] && ! is_fresh; then freshen || :; fi
  outdated=
  for each in $update; do [ -z "$(newer_of "$each")" ] || outdated="$outdated $each"; done
  if [ -n "$install" ]; then attempt install_now $install; changed=changed; fi
  if [ -n "$pinned" ]; then attempt pin_now $pinned; changed=changed; fi
  if [ -n "$outdated" ]; then attempt update_now $outdated; changed=changed; fi
}
`;
