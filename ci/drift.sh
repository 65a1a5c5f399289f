#!/usr/bin/env bash
# Looks whether something changed outside, and keeps one issue about it, on GitHub or GitLab: opened or rewritten while there is drift, closed
# when there is none any more. Exit: 0, with drift as well unless $ORB_CI_FAIL is "true" (then 2); 1 where it can't be told.
set -euo pipefail
# shellcheck source=ci/without-commands.sh
. "$(dirname "${BASH_SOURCE[0]}")/without-commands.sh"
out="${ORB_CI_OUT:?the folder for what is found}"
mkdir -p "$out"
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'out=%s\n' "$out" >> "$GITHUB_OUTPUT"; fi

call=(drift --no-color --input=false)
for ending in md json sarif; do call+=(--report "$out/drift.$ending"); done
if [ -n "${ORB_CI_ENV:-}" ]; then call+=(--env "$ORB_CI_ENV"); fi
if [ -n "${ORB_CI_DRIVER:-}" ]; then call+=(--driver "$ORB_CI_DRIVER"); fi
if [ -n "${ORB_CI_VAR_FILE:-}" ]; then call+=(--var-file "$ORB_CI_VAR_FILE"); fi
if [ -n "${ORB_CI_STACK:-}" ]; then call+=(-- "$ORB_CI_STACK"); fi
# What an earlier run found is not what this one finds.
rm -f "$out/drift.md" "$out/drift.json" "$out/drift.sarif"
code=0
without_commands "${ORB_CI_ORBFORM:-orbform}" "${call[@]}" || code=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"; fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$out/drift.md" ]; then cat "$out/drift.md" >> "$GITHUB_STEP_SUMMARY"; fi
case "$code" in 0 | 2) ;; *) exit "$code" ;; esac

if [ -n "${GITLAB_CI:-}" ]; then
  if [ -n "${ORB_CI_TOKEN:-}" ]; then node "$(dirname "$0")/gitlab/api.mjs" issue "$out/drift.md" "$code"; fi
  if [ "$code" = 2 ] && [ "${ORB_CI_FAIL:-false}" = true ]; then exit 2; fi
  exit 0
fi

repository="${GITHUB_REPOSITORY:?}"
if [ "${ORB_CI_SARIF:-false}" = true ]; then
  gzip -c "$out/drift.sarif" | base64 | tr -d '\n' > "$out/drift.sarif.gz.b64"
  if ! gh api --silent -X POST "repos/$repository/code-scanning/sarifs" -f "commit_sha=${GITHUB_SHA:?}" \
    -f "ref=${GITHUB_REF:?}" -F "sarif=@$out/drift.sarif.gz.b64"; then
    echo "::warning title=Orbform::The findings could not be uploaded to code scanning."
  fi
fi

# Somebody else's issue may have the same first line, and GitHub lists pull requests as well: only our own is written over.
marker="$(head -n 1 "$out/drift.md")"
issues="$(gh api --paginate "repos/$repository/issues?state=open&labels=orbform-drift&per_page=100" \
  --jq '.[] | select(.pull_request == null) | [(.number | tostring), .user.login, (.body // "" | split("\n")[0] | rtrimstr("\r"))] | join("\t")')"
number="$(printf '%s\n' "$issues" | ORB_CI_MARKER="$marker" ORB_CI_AUTHOR="${ORB_CI_AUTHOR:-github-actions[bot]}" awk -F '\t' \
  '$2 == ENVIRON["ORB_CI_AUTHOR"] && $3 == ENVIRON["ORB_CI_MARKER"] { print $1; exit }')"
if [ "$code" = 2 ]; then
  echo "::warning title=Orbform: drift::Something changed outside of Orbform; the summary says what."
  if [ -n "$number" ]; then
    gh api --silent -X PATCH "repos/$repository/issues/$number" -F "body=@$out/drift.md"
  else
    gh api --silent -X POST "repos/$repository/issues" -f "title=Drift: ${ORB_CI_STACK:-the stack}${ORB_CI_ENV:+ ($ORB_CI_ENV)}" \
      -f "labels[]=orbform-drift" -F "body=@$out/drift.md"
  fi
elif [ -n "$number" ]; then
  gh api --silent -X PATCH "repos/$repository/issues/$number" -f state=closed -f state_reason=completed
fi
if [ "$code" = 2 ] && [ "${ORB_CI_FAIL:-false}" = true ]; then exit 2; fi
