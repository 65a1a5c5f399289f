import type { PackageManager } from "../../src/model/inside.ts";
import type { Place } from "./guest-place.ts";

/** What the world outside offers, and what a machine has: lines of a name and a version. */
export interface Shelf {
  readonly offered: { readonly [name: string]: string };
  readonly installed?: { readonly [name: string]: string };
  /** What depends on what. */
  readonly needs?: { readonly [name: string]: string };
  /** What takes the place of what, and can't be beside it. */
  readonly replaces?: { readonly [name: string]: string };
  /** Installed ones that came for others, and go with them where a manager does that. */
  readonly automatic?: readonly string[];
  /** What the machine's index knows; absent: as offered. */
  readonly known?: { readonly [name: string]: string };
}

/**
 * Package managers of a throw-away machine. They keep their databases in files, know only what was in the world when
 * their index was last fetched, print what the real ones print, and end badly on any argument that is not of theirs.
 */
export function installManager(place: Place, manager: PackageManager, shelf: Shelf): void {
  const lines = (of: { readonly [name: string]: string }): string =>
    Object.entries(of)
      .map(([name, version]) => `${name} ${version}\n`)
      .join("");
  place.write("/var/fake/offered", lines(shelf.offered));
  place.write("/var/fake/known", lines(shelf.known ?? shelf.offered));
  place.write("/var/fake/installed", lines(shelf.installed ?? {}));
  place.write("/var/fake/needs", lines(shelf.needs ?? {}));
  place.write("/var/fake/replaces", lines(shelf.replaces ?? {}));
  place.write("/var/fake/log", "");
  const asked = Object.keys(shelf.installed ?? {}).filter((name) => !shelf.automatic?.includes(name));
  if (manager === "apk") place.write("/etc/apk/world", asked.map((name) => `${name}\n`).join(""));
  place.write("/etc/os-release", `ID=${IDS[manager]}\n`);
  for (const [name, script] of Object.entries(PROGRAMS[manager]))
    place.write(`/usr/local/bin/${name}`, COMMON + script, 0o755);
}

const IDS = {
  apt: "debian",
  dnf: "fedora",
  zypper: "opensuse-leap\nID_LIKE='suse opensuse'",
  apk: "alpine",
  pacman: "arch",
  xbps: "void",
};

const COMMON = `#!/bin/sh
me=\${0##*/}
echo "$me $*" >>/var/fake/log
db=/var/fake/installed
missing=100
bad() { echo "$me: $1" >&2; exit "\${2:-1}"; }
version() { sed -n "s/^$1 //p" "$2"; }
fetch() { cp /var/fake/offered /var/fake/known; }
forget() { sed "/^$1 /d" "$db" >"$db+"; mv "$db+" "$db"; }
# Names, and versions behind the separator.
names_of() {
  separator=$1
  shift
  for word in "$@"; do if [ -n "$separator" ]; then echo "\${word%%"$separator"[0-9]*}"; else echo "$word"; fi; done
}
# Installed ones that have to go for these.
replaced() {
  while read -r name other; do
    case " $* " in *" $name "*) [ -z "$(version "$other" "$db")" ] || echo "$other" ;; esac
  done </var/fake/replaces
}
unasked=
# All are known, or nothing is done.
take() {
  separator=$1
  shift
  [ $# -gt 0 ] || bad "nothing to do"
  others=$(replaced $(names_of "$separator" "$@"))
  for word in "$@"; do
    name=$word asked=
    if [ -n "$separator" ]; then
      case $word in *"$separator"[0-9]*) name=\${word%%"$separator"[0-9]*} asked=\${word#"$name$separator"} ;; esac
    fi
    found=$(version "$name" /var/fake/known)
    [ -n "$found" ] || bad "unknown package $name" "$missing"
    [ -z "$asked" ] || [ "$asked" = "$found" ] || bad "no such version of $name" "$missing"
    # Gone from the servers since the index was fetched.
    [ "$(version "$name" /var/fake/offered)" = "$found" ] || bad "404 Not Found $name" "$missing"
  done
  [ -z "$others" ] || [ -n "$unasked" ] || bad "$* and $others are in conflict. Remove $others? [y/N]"
  for name in $others; do forget "$name"; done
  for name in $(names_of "$separator" "$@"); do
    found=$(version "$name" /var/fake/known)
    forget "$name"
    echo "$name $found" >>"$db"
  done
}
# Installed ones that need one of these, and are none of these.
needing() {
  while read -r name needed; do
    case " $* " in *" $name "*) continue ;; esac
    case " $* " in *" $needed "*) [ -z "$(version "$name" "$db")" ] || echo "$name" ;; esac
  done </var/fake/needs
}
# What some managers do unasked.
drop_all() { drop "$@" $(needing "$@"); }
refuse() { [ -z "$(needing "$@")" ] || bad "$(needing "$@") needs it"; }
drop() { for name in "$@"; do [ -n "$(version "$name" "$db")" ] || bad "$name is not installed"; forget "$name"; done; }
`;

const RPM = `
if [ "$1" = -e ]; then
  shift
  test= all=
  if [ "$1" = --test ]; then test=yes; shift; fi
  if [ "$1" = --allmatches ]; then all=yes; shift; fi
  for name in "$@"; do
    [ -n "$all" ] || [ "$(version "$name" "$db" | wc -l)" -le 1 ] || bad "error: $name specifies multiple packages:"
  done
  [ -z "$(needing "$@")" ] || bad "error: Failed dependencies:
	lib.so.1()(64bit) is needed by (installed) $(needing "$@")
	lib.so.1(LIB_1.1)(64bit) is needed by (installed) $(needing "$@")"
  [ -n "$test" ] || drop "$@"
  exit
fi
[ "$1" = -q ] && [ "$2" = --qf ] && [ "$3" = '%{EVR}\\n' ] && [ $# -eq 4 ] || bad "wrong use"
found=$(version "$4" "$db")
[ -n "$found" ] || { echo "package $4 is not installed"; exit 1; }
echo "$found"
`;

const PROGRAMS: { readonly [manager in PackageManager]: { readonly [program: string]: string } } = {
  apt: {
    "dpkg-query": `
[ "$1" = -W ] && [ "$2" = '-f=\${db:Status-Status} \${Version}\\n' ] && [ $# -eq 3 ] || bad "wrong use"
found=$(version "$3" "$db")
if [ -n "$found" ]; then echo "installed $found"
elif [ "$3" = leftover ]; then echo "config-files 0.9"
else bad "no packages found matching $3"
fi
`,
    "apt-cache": `
if [ "$1" = pkgnames ]; then sed 's/ .*//' /var/fake/known "$db"; exit; fi
[ "$1" = policy ] && [ $# -eq 2 ] || bad "wrong use"
[ "\${LC_ALL:-}" = C ] || bad "speaks another language"
candidate=$(version "$2" /var/fake/known)
[ -n "$candidate" ] || exit 0
old=$(version "$2" "$db")
printf '%s:\\n  Installed: %s\\n  Candidate: %s\\n' "$2" "\${old:-(none)}" "$candidate"
`,
    "apt-get": `
verb= yes= simulated= removes=yes
while [ $# -gt 0 ]; do
  case $1 in
    -q) ;;
    -y) yes=yes ;;
    -s) simulated=yes ;;
    --no-remove) removes= ;;
    -o) case $2 in DPkg::Lock::Timeout=120 | Dpkg::Options::=--force-conf*) ;; *) bad "option $2" ;; esac; shift ;;
    --allow-downgrades) ;;
    -*) bad "Command line option $1 is not understood" 100 ;;
    *) break ;;
  esac
  shift
done
verb=$1
shift
if [ "$verb" = update ]; then [ $# -eq 0 ] || bad "no arguments"; fetch; exit; fi
if [ -n "$simulated" ]; then
  [ "$verb" = remove ] || bad "wrong use"
  for name in "$@" $(needing "$@"); do echo "Remv $name [1.0]"; done
  exit
fi
[ -n "$yes" ] && [ "$DEBIAN_FRONTEND" = noninteractive ] || bad "Do you want to continue? [Y/n] Abort."
case $verb in install) [ -z "$removes" ] || bad "may remove others"; take = "$@" ;; remove) drop_all "$@" ;; *) bad "Invalid operation $verb" 100 ;; esac
`,
  },
  dnf: {
    rpm: RPM,
    dnf: `
if [ "$1 $2 $3" = "-q -C check-update" ]; then
  old=$(version "$4" "$db") new=$(version "$4" /var/fake/known)
  [ -n "$old" ] && [ "$old" != "$new" ] || exit 0
  printf '\\n%s.x86_64    %s    updates\\n' "$4" "$new"
  exit 100
fi
unasked=yes
if [ "$1" = --assumeno ]; then
  case $2 in install) separator=- ;; upgrade) separator= ;; *) bad "wrong use" ;; esac
  shift 2
  if [ "$1" = --best ]; then shift; fi
  printf ' Package   Architecture   Version    Repository   Size\\nInstalling:\\n'
  for name in $(names_of "$separator" "$@"); do echo " $name   noarch   1.0-1   main   5.4 k"; done
  for name in $(replaced $(names_of "$separator" "$@")); do echo "     replacing  $name.noarch 1.0-1"; done
  bad "Operation aborted."
fi
[ "$1 $2" = "-y -q" ] || bad "Is this ok [y/N]: Operation aborted."
shift 2
case $* in "--refresh makecache") fetch; exit ;; esac
verb=$1
shift
case $verb in
  install) take - "$@" ;;
  upgrade) [ "$1" = --best ] || bad "may do nothing"; shift; take '' "$@" ;;
  remove) drop_all "$@" ;;
  *) bad "No such command: $verb" ;;
esac
`,
  },
  zypper: {
    rpm: RPM,
    zypper: `
missing=104 unasked=yes
if [ "$1 $2 $4" = "-x -n --dry-run" ]; then
  shift 4
  while case $1 in --*) ;; *) false ;; esac do shift; done
  echo '<to-install>'
  for name in $(names_of = "$@"); do printf '<solvable type="package" name="%s" edition="1.0-1" arch="noarch">\\n' "$name"; done
  echo '</to-install>'
  others=$(replaced $(names_of = "$@"))
  [ -n "$others" ] || exit 0
  echo '<to-remove>'
  for name in $others; do printf '<solvable type="package" name="%s" edition="1.0-1" arch="noarch">\\n' "$name"; done
  echo '</to-remove>'
  exit
fi
[ "$1 $2" = "-q -n" ] || bad "Continue? [y/n/v/...? shows all options] (y): n"
shift 2
case $* in
  "--no-refresh list-updates")
    [ "$ZYPP_READONLY_HACK" = 1 ] || bad "System management is locked" 7
    echo "S | Repository | Name | Current Version | Available Version | Arch"
    while read -r name old; do
      new=$(version "$name" /var/fake/known)
      [ "$old" = "$new" ] || echo "v | Main       | $name  | $old           | $new             | x86_64"
    done <"$db"
    exit ;;
  refresh) fetch; exit ;;
esac
[ "$ZYPP_LOCK_TIMEOUT" = 120 ] || bad "System management is locked" 7
verb=$1
shift
case $verb in
  install) [ "$1 $2" = "--name --no-force-resolution" ] || bad "may remove others, or take a word for what provides it"
    shift 2
    if [ "$1" = --oldpackage ]; then shift; fi; take = "$@"; exit 102 ;;
  update) shift; take '' "$@" ;;
  remove) drop_all "$@" ;;
  *) bad "Unknown command '$verb'" 2 ;;
esac
`,
  },
  apk: {
    apk: `
if [ "$1" = --wait ]; then shift 2; fi
simulated=
if [ "$1" = -s ]; then simulated=yes; shift; fi
verb=$1
shift
case $verb in
  info)
    [ "$1 $2" = "-e -v" ] && [ $# -eq 3 ] || bad "wrong use"
    found=$(version "$3" "$db")
    [ -n "$found" ] && echo "$3-$found" ;;
  version)
    [ "$1 $2" = "-l <" ] || bad "wrong use"
    echo "Installed:                                Available:"
    old=$(version "$3" "$db") new=$(version "$3" /var/fake/known)
    [ -z "$old" ] || [ "$old" = "$new" ] || echo "$3-$old                        < $new " ;;
  update) fetch ;;
  add)
    new= upgrade=
    if [ "$1" = -u ]; then upgrade=yes; shift; fi
    for word in "$@"; do
      case $word in
        *=*) new="$new $word" ;;
        *) [ -z "$upgrade" ] && [ -n "$(version "$word" "$db")" ] || new="$new $word" ;;
      esac
    done
    [ -z "$new" ] || take = $new
    for word in "$@"; do echo "$word" >>/etc/apk/world; done ;;
  del)
    if [ -n "$(needing "$@")" ]; then
      echo "World updated, but the following packages are not removed due to:"
      echo "  $1: $(needing "$@")"
    elif [ -z "$simulated" ]; then
      drop "$@"
      for name in "$@"; do sed -i "/^$name\\(=.*\\)*$/d" /etc/apk/world; done
      # Nobody asked for these, and nothing needs them any more.
      while read -r name _; do
        grep -q "^$name\\(=.*\\)*$" /etc/apk/world || [ -n "$(needing "$name")" ] || echo "$name"
      done <"$db" >"$db-"
      while read -r name; do forget "$name"; done <"$db-"
    fi ;;
  *) bad "'$verb' is not an apk command." ;;
esac
`,
  },
  pacman: {
    pacman: `
case $1 in
  -Q)
    found=$(version "$2" "$db")
    [ -n "$found" ] || bad "error: package '$2' was not found"
    echo "$2 $found"; exit ;;
  -Qu)
    old=$(version "$2" "$db") new=$(version "$2" /var/fake/known)
    [ -n "$old" ] && [ "$old" != "$new" ] || exit 1
    echo "$2 $old -> $new"; exit ;;
  -Si) [ -n "$(version "$2" /var/fake/known)" ] || bad "error: package '$2' was not found"; exit ;;
  -Sp) [ "$2" = --noconfirm ] || bad ":: Enter a selection"; bad "error: target not found: $3" ;;
esac
[ "$1" = --noconfirm ] || bad ":: Proceed with installation? [Y/n]"
shift
verb=$1
shift
case $verb in
  -Sy) [ $# -eq 0 ] || bad "partial upgrade"; fetch ;;
  -S) if [ "$1" = --needed ]; then shift; fi; take = "$@" ;;
  -R) refuse "$@"; drop "$@" ;;
  *) bad "error: invalid option '$verb'" ;;
esac
`,
  },
  xbps: {
    "xbps-query": `
[ "$1" = -p ] && [ $# -eq 3 ] || bad "wrong use"
found=$(version "$3" "$db")
[ -n "$found" ] || exit 2
case $2 in state) echo installed ;; pkgver) echo "$3-$found" ;; *) bad "property $2" ;; esac
`,
    "xbps-install": `
unasked=yes
if [ "$1" = -n ]; then
  shift
  case $1 in -u | -f) shift ;; esac
  for name in $(replaced $(names_of - "$@")); do echo "$name-$(version "$name" "$db") remove x86_64 - 1 0"; done
  exit
fi
case $1 in
  -u)
    [ "$2" = -n ] || bad "Do you want to continue? [Y/n]"
    old=$(version "$3" "$db") new=$(version "$3" /var/fake/known)
    [ "$old" = "$new" ] || echo "$3-$new update x86_64 https://repo 1 1"
    exit ;;
  -S) [ $# -eq 1 ] || bad "wrong use"; fetch; exit ;;
  -y) shift ;;
  *) bad "Do you want to continue? [Y/n]" ;;
esac
case $1 in -u | -f) shift ;; esac
take - "$@"
`,
    "xbps-remove": `
[ "$1" = -y ] || bad "Do you want to continue? [Y/n]"
shift
refuse "$@"
drop "$@"
`,
  },
};
