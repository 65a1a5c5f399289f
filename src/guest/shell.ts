/**
 * Programs are looked for where distributions have them too: a shell that is started from outside may have a short PATH
 * (NixOS has its programs elsewhere altogether). Prints nothing: a script's streams are its own.
 */
export const SEARCH_PATH = `PATH=\${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
PATH=$PATH:/run/wrappers/bin:/run/current-system/sw/bin
export PATH
`;

/** What every script that looks or changes begins with. */
export const PRELUDE = `set -u
${SEARCH_PATH}has() { command -v "$1" >/dev/null 2>&1; }
hex() { od -An -v -tx1 | tr -d ' \\n'; }
`;

/** Shell function: the SHA-256 of standard input in hexadecimal; fails where nothing can tell it. */
export const SHA256 = `sha256() {
  if has sha256sum; then sum=$(sha256sum) || return 1
  elif has openssl; then sum=$(openssl dgst -sha256 -r) || return 1
  elif has busybox; then sum=$(busybox sha256sum) || return 1
  else return 1
  fi
  sum=\${sum%% *}
  [ "\${#sum}" -eq 64 ] && printf '%s' "$sum"
}
`;

/** Shell function: whether `sha256` can tell anything. */
export const HAS_SHA256 = `has_sha256() { has sha256sum || has openssl || has busybox; }
`;
