/**
 * Shell functions that make and change users: with the tools of shadow where they are, else with those of busybox, which
 * can't change a user. Both make one whose account counts as locked, so that an sshd without PAM takes no key, unless its
 * password is one that nobody can have.
 * Both take away the group of the user's name with the user: one that has another number than the user was not made with it,
 * and is made again. Needs `account` and `groups_of`; `ensure_user` changes only who has the number `$only`, or anybody where
 * that is empty, and nobody where it is `none`.
 */
export const ACCOUNT_TOOLS = `has_group() {
  while IFS=: read -r group _; do [ "$group" != "$1" ] || return 0; done </etc/group
  has getent && getent group "$1" >/dev/null
}
fail() { no failed "$1"; }
ensure_user() {
  if ! found=$(account "$name"); then add_user; changed=changed; return; fi
  uid=\${found#*:*:} uid=\${uid%%:*}
  case $only in '' | "$uid") ;; *) no another-user "$name" ;; esac
  old_shell=\${found##*:}
  old_home=\${found%:*} old_home=\${old_home##*:}
  if [ -n "$shell" ] && [ "$shell" != "$old_shell" ]; then set_field shell 7 "$shell"; fi
  if [ -n "$home" ] && [ "$home" != "$old_home" ]; then set_field home 6 "$home"; fi
}
add_user() {
  if has useradd; then
    set -- -m -p '*'
    if has_group "$name"; then set -- "$@" -g "$name"; fi
    if [ -n "$shell" ]; then set -- "$@" -s "$shell"; fi
    if [ -n "$home" ]; then set -- "$@" -d "$home"; fi
    useradd "$@" "$name" >&2 || fail useradd
    return
  fi
  set -- -D
  if has_group "$name"; then set -- "$@" -G "$name"; fi
  if [ -n "$shell" ]; then set -- "$@" -s "$shell"; fi
  if [ -n "$home" ]; then set -- "$@" -h "$home"; fi
  adduser "$@" "$name" >&2 </dev/null || fail adduser
  printf '%s:*\\n' "$name" | chpasswd -e >&2 || { delete_user; fail chpasswd; }
}
set_field() {
  changed=changed
  if has usermod; then
    case $1 in shell) set -- -s "$3" ;; *) set -- -d "$3" ;; esac
    usermod "$@" "$name" >&2 || fail usermod
    return
  fi
  tmp=/etc/.passwd-orbform-$token
  (umask 077; set -C; who=$name at=$2 what=$3 awk -F: -v OFS=: '
    $1 == ENVIRON["who"] { $(ENVIRON["at"] + 0) = ENVIRON["what"] } { print }' /etc/passwd >"$tmp") || fail passwd
  chmod "$(stat -c %a /etc/passwd)" "$tmp" && mv -f "$tmp" /etc/passwd || fail passwd
  tmp=
}
ensure_groups() {
  for each in "$@"; do
    has_group "$each" && continue
    changed=changed
    if has groupadd; then groupadd "$each" >&2 || fail groupadd
    else addgroup "$each" >&2 || fail addgroup
    fi
  done
  wanted=" $* " present=" $(groups_of "$name" | tr '\\n' ' ') " same=yes
  for each in "$@"; do case $present in *" $each "*) ;; *) same= ;; esac; done
  for each in $present; do case $wanted in *" $each "*) ;; *) same= ;; esac; done
  [ -z "$same" ] || return 0
  changed=changed
  if has usermod; then
    usermod -G "$(IFS=,; printf '%s' "$*")" "$name" >&2 || fail usermod
    return
  fi
  for each in "$@"; do
    case $present in *" $each "*) ;; *) addgroup "$name" "$each" >&2 || fail addgroup ;; esac
  done
  for each in $present; do
    case $wanted in *" $each "*) ;; *) delgroup "$name" "$each" >&2 || fail delgroup ;; esac
  done
}
group_id() {
  while IFS=: read -r group _ number _; do
    if [ "$group" = "$1" ]; then printf '%s' "$number"; return; fi
  done </etc/group
}
delete_user() {
  found=$(account "$name")
  uid=\${found#*:*:} uid=\${uid%%:*} gid=$(group_id "$name")
  if has userdel; then userdel "$name" >&2 || fail userdel
  else deluser "$name" >&2 || fail deluser
  fi
  if [ -z "$gid" ] || [ "$gid" = "$uid" ] || has_group "$name"; then return; fi
  if has groupadd; then groupadd -g "$gid" "$name" >&2 || fail groupadd
  else addgroup -g "$gid" "$name" >&2 || fail addgroup
  fi
}
`;

/**
 * Writes the keys on standard input as all keys of `$name`. The folder is the user's, who may have put a link there: it
 * is not followed, for root would write where the user can't. What is not what was sent takes no place: without half of
 * the keys nobody may be able to log in. Needs `account`, the functions of a private folder, and `$bytes`, how many are sent.
 */
export const WRITE_KEYS = `found=$(account "$name") || no no-user "$name"
ids=\${found#*:*:} home=\${found%:*}
uid=\${ids%%:*} gid=\${ids#*:} gid=\${gid%%:*} home=\${home##*:}
[ -d "$home" ] || no no-home "$home"
reach "$home"
[ ! -L ./.ssh ] || no is-symlink "$home/.ssh"
if [ -d ./.ssh ]; then
  descend .ssh || no is-symlink "$home/.ssh"
else
  mkdir -m 700 ./.ssh || no unwritten
  descend .ssh && is_ours && is_empty . || no unwritten "$home/.ssh"
  made=.ssh changed=changed
  chown -h "$uid:$gid" . || no no-owner "$name"
fi
keys_in() { sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$/d' "$1"; }
[ ! -d ./authorized_keys ] || [ -L ./authorized_keys ] || no is-directory
hide
(umask 077; set -C; cat >./.orbform-part) || no unwritten
[ "$(wc -c <./.orbform-part)" -eq "$bytes" ] || no cut-off
path=../authorized_keys
if [ ! -f "$path" ] || [ -L "$path" ] || [ "$(keys_in "$path")" != "$(keys_in ./.orbform-part)" ]; then
  chown -h "$uid:$gid" ./.orbform-part || no no-owner "$name"
  chmod 600 ./.orbform-part || no no-mode
  seat authorized_keys
  changed=changed
fi
`;
