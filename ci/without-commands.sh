# Runs a program whose code and output somebody else chooses in part: it sees no token, which it has no use for, and a
# runner of GitHub's takes no line of it for a command.
set -euo pipefail
without_commands() {
  local token="" code=0
  set -- env -u GH_TOKEN -u GITHUB_TOKEN -u ORB_CI_TOKEN "$@"
  if [ -z "${GITHUB_ACTIONS:-}" ]; then "$@" || code=$?; return "$code"; fi
  token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "::stop-commands::$token"
  # In one stream: the runner reads two at different times.
  "$@" 2>&1 || code=$?
  printf '\n::%s::\n' "$token"
  return "$code"
}
