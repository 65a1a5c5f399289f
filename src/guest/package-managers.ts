import type { PackageManager } from "../model/inside.ts";
import type { ManagerFunctions } from "./manager-functions.ts";
import { DNF, ZYPPER } from "./rpm-managers.ts";

/** The package managers that are known; a machine's own goes first, then in this order. */
export const PACKAGE_MANAGERS = [
  "apt",
  "dnf",
  "zypper",
  "apk",
  "pacman",
  "xbps",
] as const satisfies readonly PackageManager[];

/** A day without news is too long for an index. */
const youngerThanADay = (paths: string): string =>
  `is_fresh() { [ -n "$(find ${paths} -prune -mtime -1 2>/dev/null)" ]; }\n`;

const APT: ManagerFunctions = {
  version: `version_of() {
  dpkg-query -W -f='\${db:Status-Status} \${Version}\\n' "$1" 2>/dev/null | sed -n 's/^installed //p'
}
`,
  newer: `newer_of() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '
    $1 == "Installed:" { old = $2 } $1 == "Candidate:" { if ($2 != old && $2 != "(none)") print $2 }'
}
`,
  // A word that is no package's name is a pattern to apt-get: it finds it anywhere in a name, and takes all that it finds.
  // The lock of the lists is the one that DPkg::Lock::Timeout does not wait for.
  functions: `${youngerThanADay("/var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial /var/cache/apt/pkgcache.bin")}refresh() {
  tries=24
  while ! said=$(LC_ALL=C apt-get -q update 2>&1); do
    tries=$((tries - 1))
    case $said in *'Could not get lock'*) [ "$tries" -gt 0 ] || break ;; *) break ;; esac
    sleep 5
  done
  printf '%s\\n' "$said"
}
apt_now() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 \\
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}
pin() { printf '%s=%s' "$1" "$2"; }
exactly() {
  odd=$(apt-cache pkgnames 2>/dev/null | asked="$*" awk '
    BEGIN { count = split(ENVIRON["asked"], words, " "); for (at = 1; at <= count; at++) {
      word = words[at]; sub(/=.*/, "", word); name = word; sub(/:.*/, "", name); names[word] = name; asked[name] = 1 } }
    $0 in asked { found[$0] = 1 } END { if (NR) for (word in names) if (!(names[word] in found)) printf "%s ", word }')
  [ -z "$odd" ]
}
keep_now() { :; }
install_now() { exactly "$@" && apt_now --no-remove install "$@"; }
pin_now() { exactly "$@" && apt_now --no-remove --allow-downgrades install "$@"; }
update_now() { apt_now --no-remove install "$@"; }
dependents() {
  for each in $(LC_ALL=C apt-get -s -q remove "$@" </dev/null | sed -n 's/^Remv \\([^ ]*\\).*/\\1/p'); do
    case " $* " in *" $each "* | *" \${each%%:*} "*) ;; *) printf '%s ' "$each" ;; esac
  done
}
remove_now() { apt_now remove "$@"; }
`,
};

const APK: ManagerFunctions = {
  version: `version_of() {
  apk info -e -v "$1" 2>/dev/null | while IFS= read -r line; do
    case $line in "$1"-[0-9]*) printf '%s\\n' "\${line#"$1"-}" ;; esac
  done
}
`,
  newer: `newer_of() {
  apk version -l '<' "$1" 2>/dev/null | awk -v name="$1-" 'index($1, name) == 1 && $2 == "<" { print $3; exit }'
}
`,
  functions: `${youngerThanADay("/var/cache/apk/APKINDEX.*.tar.gz")}refresh() { apk --wait 120 update </dev/null; }
pin() { printf '%s=%s' "$1" "$2"; }
keep_now() {
  for each in "$@"; do
    shift
    sed 's/[=<>~@].*//' /etc/apk/world | grep -qxF -e "$each" || set -- "$@" "$each"
  done
  [ $# -eq 0 ] || apk --wait 120 add "$@" </dev/null
}
install_now() { apk --wait 120 add "$@" </dev/null; }
pin_now() { apk --wait 120 add "$@" </dev/null; }
update_now() { apk --wait 120 add -u "$@" </dev/null; }
dependents() {
  apk -s del "$@" 2>&1 </dev/null | sed -n '/not removed due to/,$s/^ *[^ ]*: *\\(.*\\)$/\\1/p' | tr '\\n' ' '
}
remove_now() { apk --wait 120 del "$@" </dev/null; }
`,
};

const PACMAN: ManagerFunctions = {
  // It answers with a package that stands for another, too.
  version: `version_of() { pacman -Q "$1" 2>/dev/null | awk -v name="$1" '$1 == name { print $2 }'; }
`,
  newer: `newer_of() { pacman -Qu "$1" 2>/dev/null | awk -v name="$1" '$1 == name && $3 == "->" { print $4; exit }'; }
`,
  // A package from a database that is newer than the other packages may need newer ones of those, which nothing installs.
  // One that can't be beside another is no matter of how old the database is.
  // A word that is no package's name may be a group's, or what another package provides.
  functions: `upgrade='pacman -Syu'
is_fresh() { :; }
refresh() { return 1; }
pacman_now() {
  tries=24
  while [ -e /var/lib/pacman/db.lck ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 5; done
  said=$(LC_ALL=C pacman --noconfirm "$@" </dev/null 2>&1)
  code=$?
  printf '%s\\n' "$said"
  case $said in *' are in conflict'*) upgrade= ;; esac
  return "$code"
}
pin() { printf '%s=%s' "$1" "$2"; }
exactly() {
  for each in "$@"; do
    each=\${each%%=*}
    pacman -Si "$each" >/dev/null 2>&1 || ! pacman -Sp --noconfirm "$each" >/dev/null 2>&1 </dev/null || odd="$odd$each "
  done
  [ -z "$odd" ]
}
keep_now() { :; }
install_now() { exactly "$@" && pacman_now -S --needed "$@"; }
pin_now() { exactly "$@" && pacman_now -S "$@"; }
update_now() { pacman_now -S --needed "$@"; }
dependents() { :; }
remove_now() { pacman_now -R "$@"; }
`,
};

const XBPS: ManagerFunctions = {
  version: `version_of() {
  [ "$(xbps-query -p state "$1" 2>/dev/null)" = installed ] || return 0
  line=$(xbps-query -p pkgver "$1" 2>/dev/null) && printf '%s\\n' "\${line#"$1"-}"
}
`,
  newer: `newer_of() {
  xbps-install -u -n "$1" 2>/dev/null | awk -v name="$1-" '
    index($1, name) == 1 && $2 == "update" { print substr($1, length(name) + 1); exit }'
}
`,
  functions: `${youngerThanADay("/var/db/xbps/*/*-repodata")}refresh() { xbps-install -S </dev/null; }
pin() { printf '%s-%s' "$1" "$2"; }
xbps_now() {
  gone=$(xbps-install -n "$@" </dev/null 2>/dev/null | awk '$2 == "remove" { sub(/-[^-]*$/, "", $1); printf "%s ", $1 }')
  [ -z "$gone" ] && xbps-install -y "$@" </dev/null
}
keep_now() { :; }
install_now() { xbps_now "$@"; }
pin_now() { xbps_now -f "$@"; }
update_now() { xbps_now -u "$@"; }
dependents() { :; }
remove_now() { xbps-remove -y "$@" </dev/null; }
`,
};

/** How each package manager is asked and told. */
export const MANAGERS: { readonly [manager in PackageManager]: ManagerFunctions } = {
  apt: APT,
  dnf: DNF,
  zypper: ZYPPER,
  apk: APK,
  pacman: PACMAN,
  xbps: XBPS,
};
