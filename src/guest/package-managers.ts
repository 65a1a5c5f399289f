import type { PackageManager } from "../model/inside.ts";

/** The package managers that are known; a machine's own goes first, then in this order. */
export const PACKAGE_MANAGERS = [
  "apt",
  "dnf",
  "zypper",
  "apk",
  "pacman",
  "xbps",
] as const satisfies readonly PackageManager[];

/** How one package manager is asked and told, as shell functions. */
interface ManagerFunctions {
  /** `version_of NAME`: the versions installed, a line each; nothing where it is not. */
  readonly version: string;
  /** `newer_of NAME`: the version that would be installed instead, as far as the machine's index knows. */
  readonly newer: string;
  /**
   * `is_fresh`, `refresh` (which fails where the index can't be fetched alone; `$upgrade` then says what fetches it, with all
   * that is newer), `pin NAME VERSION`, and `install_now`, `pin_now`, `update_now`, `remove_now` with words: none
   * of them removes what it was not told to, but apk what was a dependency and is none any more; what would have to go is
   * put into `$gone` where the manager would not refuse by itself. `dependents NAMES` says the same of a removal.
   */
  readonly functions: string;
}

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
install_now() { apt_now --no-remove install "$@"; }
pin_now() { apt_now --no-remove --allow-downgrades install "$@"; }
update_now() { apt_now --no-remove install "$@"; }
dependents() {
  for each in $(LC_ALL=C apt-get -s -q remove "$@" </dev/null | sed -n 's/^Remv \\([^ ]*\\).*/\\1/p'); do
    case " $* " in *" $each "* | *" \${each%%:*} "*) ;; *) printf '%s ' "$each" ;; esac
  done
}
remove_now() { apt_now remove "$@"; }
`,
};

/**
 * rpm removes what it is told or nothing; dnf and zypper would take along what depends on it. It names who needs it once for
 * each thing that is needed of it, and refuses a name of which several versions are installed (kernels) unless all are meant.
 */
const RPM_REMOVE = `dependents() {
  LC_ALL=C rpm -e --test --allmatches "$@" 2>&1 | sed -n 's/.* is needed by (installed) //p' | sort -u | tr '\\n' ' '
}
remove_now() { rpm -e --allmatches "$@"; }
`;

const RPM_VERSION = `version_of() { rpm -q --qf '%{EVR}\\n' "$1" 2>/dev/null | grep -v ' '; }
`;

const DNF: ManagerFunctions = {
  version: RPM_VERSION,
  newer: `newer_of() {
  LC_ALL=C dnf -q -C check-update "$1" 2>/dev/null | awk -v name="$1" '
    { short = $1; sub(/\\.[^.]*$/, "", short) } NF == 3 && (short == name || $1 == name) { print $2; exit }'
}
`,
  // dnf looks itself how old its index is. It takes what a package obsoletes away unasked; its table of what it would do
  // has that as "replacing NAME.ARCH VERSION". dnf5 says "replacing NAME ARCH VERSION ..." of each older version, too.
  // Without --best a newer version that can't be installed is left out, and that is a success.
  functions: `is_fresh() { :; }
refresh() { dnf -y -q --refresh makecache </dev/null; }
pin() { printf '%s-%s' "$1" "$2"; }
dnf_now() {
  replaced=$(LC_ALL=C dnf --assumeno "$@" </dev/null 2>&1 | awk '
    $1 != "replacing" { come[$1]; next }
    { name = $2; if (NF == 3) sub(/\\.[^.]*$/, "", name); old[name] }
    END { for (name in old) if (!(name in come)) print name }')
  for each in $replaced; do [ -z "$(version_of "$each")" ] || gone="$gone$each "; done
  [ -z "$gone" ] && dnf -y -q "$@" </dev/null
}
install_now() { dnf_now install "$@"; }
pin_now() { dnf_now install "$@"; }
update_now() { dnf_now upgrade --best "$@"; }
${RPM_REMOVE}`,
};

const ZYPPER: ManagerFunctions = {
  version: RPM_VERSION,
  // A look needs no lock, and would fail where PackageKit has it: nothing newer would seem to be known.
  newer: `newer_of() {
  ZYPP_READONLY_HACK=1 LC_ALL=C zypper -q -n --no-refresh list-updates 2>/dev/null | awk -F ' *[|] *' -v name="$1" '
    $3 == name { print $5; exit }'
}
`,
  // Codes from 100 on are news (a restart is needed), not failures. What a package obsoletes it takes away unasked, whatever
  // it was told of resolutions.
  functions: `is_fresh() { :; }
zypper_now() {
  ZYPP_LOCK_TIMEOUT=120 zypper -q -n "$@" </dev/null
  code=$?
  [ "$code" -eq 0 ] || { [ "$code" -ge 100 ] && [ "$code" -ne 104 ]; }
}
refresh() { zypper_now refresh; }
pin() { printf '%s=%s' "$1" "$2"; }
zypper_add() {
  verb=$1
  shift
  gone=$(ZYPP_LOCK_TIMEOUT=120 zypper -x -n "$verb" --dry-run "$@" </dev/null 2>/dev/null |
    sed -n '/<to-remove>/,/<\\/to-remove>/s/.*<solvable type="package" name="\\([^"]*\\)".*/\\1/p' | tr '\\n' ' ')
  [ -z "$gone" ] && zypper_now "$verb" "$@"
}
install_now() { zypper_add install --no-force-resolution "$@"; }
pin_now() { zypper_add install --no-force-resolution --oldpackage "$@"; }
update_now() { zypper_add update --no-force-resolution "$@"; }
${RPM_REMOVE}`,
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
install_now() { pacman_now -S --needed "$@"; }
pin_now() { pacman_now -S "$@"; }
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
