import type { Place } from "./guest-place.ts";

/**
 * The user programs of a bare Alpine, which Debian's busybox is built without: they keep /etc/passwd and /etc/group, take
 * the options of busybox's applets and nothing else, and refuse what those refuse.
 */
export function installAccounts(place: Place): void {
  place.write("/usr/local/bin/adduser", ADDUSER, 0o755);
  place.write("/usr/local/bin/addgroup", ADDGROUP, 0o755);
  place.write("/usr/local/bin/chpasswd", CHPASSWD, 0o755);
  place.write("/usr/local/bin/deluser", DELUSER, 0o755);
  place.write("/usr/local/bin/delgroup", DELGROUP, 0o755);
}

const COMMON = `#!/bin/sh
echo "\${0##*/} $*" >>/var/log-of-accounts
bad() { echo "\${0##*/}: $*" >&2; exit 1; }
next() { awk -F: 'BEGIN { n = 1000 } $3 >= n && $3 < 60000 { n = $3 + 1 } END { print n }' "$1"; }
in_file() { awk -F: -v n="$1" '$1 == n { found = 1 } END { exit !found }' "$2"; }
rewrite() { awk -F: -v OFS=: "$@" /etc/group >/etc/group+ && mv /etc/group+ /etc/group; }
`;

const ADDUSER = `${COMMON}shell=/bin/sh home= group= quiet=
while getopts DG:s:h: option; do
  case $option in
    D) quiet=yes ;;
    G) group=$OPTARG ;;
    s) shell=$OPTARG ;;
    h) home=$OPTARG ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || bad "wrong use"
# Without -D it asks for a password, and nobody answers.
[ -n "$quiet" ] || bad "no password"
! in_file "$1" /etc/passwd || bad "user '$1' in use"
uid=$(next /etc/passwd)
if [ -n "$group" ]; then
  in_file "$group" /etc/group || bad "unknown group $group"
  gid=$(awk -F: -v n="$group" '$1 == n { print $3 }' /etc/group)
else
  ! in_file "$1" /etc/group || bad "group '$1' in use"
  gid=$(next /etc/group)
  echo "$1:x:$gid:" >>/etc/group
fi
echo "$1:x:$uid:$gid::\${home:=/home/$1}:$shell" >>/etc/passwd
echo "$1:!:19000:0:99999:7:::" >>/etc/shadow
mkdir -p "$home" && chown "$uid:$gid" "$home"
`;

const ADDGROUP = `${COMMON}gid=$(next /etc/group)
if [ "$1" = -g ]; then gid=$2; shift 2; fi
case $# in
  1)
    ! in_file "$1" /etc/group || bad "group '$1' in use"
    echo "$1:x:$gid:" >>/etc/group ;;
  2)
    in_file "$1" /etc/passwd || bad "unknown user $1"
    in_file "$2" /etc/group || bad "unknown group $2"
    rewrite -v u="$1" -v g="$2" '$1 == g { $4 = $4 (length($4) ? "," : "") u } { print }' ;;
  *) bad "wrong use" ;;
esac
`;

const CHPASSWD = `${COMMON}[ "$*" = -e ] || bad "wrong use"
IFS=: read -r name hash
awk -F: -v OFS=: -v n="$name" -v h="$hash" '$1 == n { $2 = h } { print }' /etc/shadow >/etc/shadow+ && mv /etc/shadow+ /etc/shadow
`;

const DELGROUP = `${COMMON}[ $# -eq 2 ] || bad "wrong use"
rewrite -v u="$1" -v g="$2" '
  $1 == g { n = split($4, m, ","); $4 = ""; for (i = 1; i <= n; i++) if (m[i] != u) $4 = $4 (length($4) ? "," : "") m[i] }
  { print }'
`;

const DELUSER = `${COMMON}[ $# -eq 1 ] || bad "wrong use"
in_file "$1" /etc/passwd || bad "unknown user $1"
awk -F: -v n="$1" '$1 != n' /etc/passwd >/etc/passwd+ && mv /etc/passwd+ /etc/passwd
# The group of that name goes as well, where nobody is in it.
awk -F: -v n="$1" '$1 != n || $4 != ""' /etc/group >/etc/group+ && mv /etc/group+ /etc/group
`;
