import type { ManagerFunctions } from "./manager-functions.ts";

/**
 * rpm removes what it is told or nothing; dnf and zypper would take along what depends on it. It names who needs it once for
 * each thing that is needed of it, and refuses a name of which several versions are installed (kernels) unless all are meant.
 */
const RPM_REMOVE = `dependents() {
  LC_ALL=C rpm -e --test --allmatches "$@" 2>&1 | sed -n 's/.* is needed by (installed) //p' | sort -u | tr '\\n' ' '
}
keep_now() { :; }
remove_now() { rpm -e --allmatches "$@"; }
`;

const RPM_VERSION = `version_of() { rpm -q --qf '%{EVR}\\n' "$1" 2>/dev/null | grep -v ' '; }
`;

/** dnf, of both kinds. */
export const DNF: ManagerFunctions = {
  version: RPM_VERSION,
  newer: `newer_of() {
  LC_ALL=C dnf -q -C check-update "$1" 2>/dev/null | awk -v name="$1" '
    { short = $1; sub(/\\.[^.]*$/, "", short) } NF == 3 && (short == name || $1 == name) { print $2; exit }'
}
`,
  // dnf looks itself how old its index is. It takes what a package obsoletes away unasked; its table of what it would do
  // has that as "replacing NAME.ARCH VERSION". dnf5 says "replacing NAME ARCH VERSION ..." of each older version, too.
  // A word that is no package's name may be what another provides: that is in the table by its own name.
  // Without --best a newer version that can't be installed is left out, and that is a success.
  functions: `is_fresh() { :; }
refresh() { dnf -y -q --refresh makecache </dev/null; }
pin() { printf '%s-%s' "$1" "$2"; }
dnf_now() {
  shown=$(LC_ALL=C dnf --assumeno "$@" </dev/null 2>&1)
  replaced=$(printf '%s\\n' "$shown" | awk '
    $1 != "replacing" { come[$1]; next }
    { name = $2; if (NF == 3) sub(/\\.[^.]*$/, "", name); old[name] }
    END { for (name in old) if (!(name in come)) print name }')
  for each in $replaced; do [ -z "$(version_of "$each")" ] || gone="$gone$each "; done
  [ "$1" != install ] || odd=$(printf '%s\\n' "$shown" | asked="$*" awk '
    BEGIN { count = split(ENVIRON["asked"], words, " "); for (at = 2; at <= count; at++) asked[words[at]] = 1 }
    /^(Installing|Upgrading|Downgrading)/ { table = 1 }
    table { for (word in asked) if (word == $1 || index(word, $1 "-") == 1 || index(word, $1 ".") == 1) seen[word] = 1 }
    END { if (table) for (word in asked) if (!(word in seen)) printf "%s ", word }')
  [ -z "$gone$odd" ] && dnf -y -q "$@" </dev/null
}
install_now() { dnf_now install "$@"; }
pin_now() { dnf_now install "$@"; }
update_now() { dnf_now upgrade --best "$@"; }
${RPM_REMOVE}`,
};

/** zypper, which asks rpm for what is there. */
export const ZYPPER: ManagerFunctions = {
  version: RPM_VERSION,
  // A look needs no lock, and would fail where PackageKit has it: nothing newer would seem to be known.
  newer: `newer_of() {
  ZYPP_READONLY_HACK=1 LC_ALL=C zypper -q -n --no-refresh list-updates 2>/dev/null | awk -F ' *[|] *' -v name="$1" '
    $3 == name { print $5; exit }'
}
`,
  // By --name a word is not what a package provides, but with a colon it may still be a pattern's or of a repository.
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
  for each in "$@"; do
    case \${each%%=*} in *:*) odd="$odd\${each%%=*} " ;; esac
  done
  [ -z "$gone$odd" ] && zypper_now "$verb" "$@"
}
install_now() { zypper_add install --name --no-force-resolution "$@"; }
pin_now() { zypper_add install --name --no-force-resolution --oldpackage "$@"; }
update_now() { zypper_add update --no-force-resolution "$@"; }
${RPM_REMOVE}`,
};
