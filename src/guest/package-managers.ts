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
   * of them removes what it was not told to, but apk what was a dependency and is none any more. `dependents NAMES` says
   * what would have to go as well; nothing where the manager says so itself as it refuses.
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

/** rpm removes what it is told or nothing; dnf and zypper would take along what depends on it. */
const RPM_REMOVE = `dependents() { LC_ALL=C rpm -e --test "$@" 2>&1 | sed -n 's/.* is needed by (installed) //p' | tr '\\n' ' '; }
remove_now() { rpm -e "$@"; }
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
  // dnf looks itself how old its index is.
  functions: `is_fresh() { :; }
refresh() { dnf -y -q --refresh makecache </dev/null; }
pin() { printf '%s-%s' "$1" "$2"; }
install_now() { dnf -y -q install "$@" </dev/null; }
pin_now() { dnf -y -q install "$@" </dev/null; }
update_now() { dnf -y -q upgrade "$@" </dev/null; }
${RPM_REMOVE}`,
};

const ZYPPER: ManagerFunctions = {
  version: RPM_VERSION,
  newer: `newer_of() {
  LC_ALL=C zypper -q -n --no-refresh list-updates 2>/dev/null | awk -F ' *[|] *' -v name="$1" '
    $3 == name { print $5; exit }'
}
`,
  // Codes from 100 on are news (a restart is needed), not failures.
  functions: `is_fresh() { :; }
zypper_now() {
  ZYPP_LOCK_TIMEOUT=120 zypper -q -n "$@" </dev/null
  code=$?
  [ "$code" -eq 0 ] || { [ "$code" -ge 100 ] && [ "$code" -ne 104 ]; }
}
refresh() { zypper_now refresh; }
pin() { printf '%s=%s' "$1" "$2"; }
install_now() { zypper_now install --no-force-resolution "$@"; }
pin_now() { zypper_now install --no-force-resolution --oldpackage "$@"; }
update_now() { zypper_now update --no-force-resolution "$@"; }
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
  functions: `upgrade='pacman -Syu'
is_fresh() { :; }
refresh() { return 1; }
pacman_now() {
  tries=24
  while [ -e /var/lib/pacman/db.lck ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 5; done
  pacman --noconfirm "$@" </dev/null
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
install_now() { xbps-install -y "$@" </dev/null; }
pin_now() { xbps-install -y -f "$@" </dev/null; }
update_now() { xbps-install -y -u "$@" </dev/null; }
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
