/** Shell function: whether nothing is in a directory. A pattern that finds nothing stands for itself. */
export const IS_EMPTY = `is_empty() {
  for each in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$each" ] || [ -L "$each" ]; then return 1; fi
  done
  return 0
}
`;

/**
 * Shell functions by which root writes into folders that belong to somebody else. Whoever owns a folder can put a link, a
 * pipe or another folder in the place of anything in it, between any two steps of a script. So nothing is done there by
 * a path that they could turn elsewhere.
 * `cd -P` sets `$PWD` to where it really went, so that a link that was put there meanwhile is seen:
 *
 * - `reach FOLDER [make]` makes it the working directory, one step after the other; a link on the way is followed only
 *   where nobody but root can have put it there. With `make`, what is missing is made.
 * - `hide` makes a folder in it that nobody else can look into, and goes there. What is given away is given away in it.
 * - `seat NAME` puts `.orbform-part` into its place in the folder around, by one `rename`; a link there is replaced.
 *   By `mv -T`, for without it mv goes into the folder that a link leads to; a busybox refuses such a link, so it goes
 *   first. Where mv has no `-T`, only in folders that nobody but root writes to.
 * - `unhide` goes back and takes the folder away.
 *
 * The working directory pins the folder: whatever becomes of its name, the file gets into that folder or nowhere. Give
 * `$token`, and `refuse WORD DETAIL`, which ends the script. Words: `no-folder`, `is-symlink`, `unwritten`, `unmoved`.
 */
export const PRIVATE_FOLDER = `${IS_EMPTY}hidden=
descend() {
  here=$PWD
  cd -P "./$1" 2>/dev/null && [ "$PWD" = "\${here%/}/$1" ]
}
guarded() {
  case $(stat -c %u:%a "$1") in
    0:*[2367]? | 0:*[2367]) return 1 ;;
    0:*) return 0 ;;
  esac
  return 1
}
roots_link() {
  guarded . && return
  case $(stat -c %u:%a .) in 0:[1357]???) [ "$(stat -c %u "./$1")" = 0 ] ;; *) return 1 ;; esac
}
reach() {
  cd -P / || refuse no-folder /
  left=$1/ links=40 make=\${2:-}
  while [ -n "$left" ]; do
    step=\${left%%/*} left=\${left#*/}
    case $step in
      '' | .) ;;
      ..) cd -P .. || refuse no-folder "$1" ;;
      *)
        if [ -L "./$step" ]; then
          links=$((links - 1))
          roots_link "$step" && [ "$links" -gt 0 ] || refuse is-symlink "$PWD/$step"
          leads=$(readlink "./$step"; echo x) leads=\${leads%?x}
          case $leads in /*) cd -P / ;; esac
          left=$leads/$left
        else
          if [ ! -d "./$step" ] && [ -n "$make" ]; then
            said=$( (umask 022; mkdir "./$step") 2>&1 ) || refuse no-folder "$1: $said"
          fi
          descend "$step" || refuse no-folder "$1"
        fi ;;
    esac
  done
}
is_ours() { [ -O . ] && case $(stat -c %a .) in *700) ;; *) return 1 ;; esac; }
sweep() {
  for old in .orbform-*.*; do
    case \${old##*.} in '' | *[!0-9]*) continue ;; esac
    if [ ! -d "$old" ] || kill -0 "\${old##*.}" 2>/dev/null; then continue; fi
    (descend "$old" && is_ours && rm -f ./.orbform-* && cd -P .. && rmdir "./$old") 2>/dev/null || :
  done
}
hide() {
  sweep
  private=.orbform-$token.$$
  said=$(mkdir -m 700 "./$private" 2>&1) || refuse unwritten "$said"
  descend "$private" && is_ours && is_empty . || refuse unwritten "$private"
  hidden=$private
}
unhide() {
  is_empty . || rm -f ./.orbform-*
  cd -P .. && rmdir "./$hidden" 2>/dev/null || :
  hidden=
}
seat() {
  said=$(mv -fT ./.orbform-part "../$1" 2>&1) && return
  if [ -L "../$1" ] && [ -d "../$1" ]; then
    rm -f "../$1"
    said=$(mv -fT ./.orbform-part "../$1" 2>&1) && return
  fi
  if (: >./.orbform-a && mv -fT ./.orbform-a ./.orbform-b) >/dev/null 2>&1 || ! guarded ..; then
    refuse unmoved "$said"
  fi
  said=$(mv -f ./.orbform-part "../$1" 2>&1) || refuse unmoved "$said"
}
`;
