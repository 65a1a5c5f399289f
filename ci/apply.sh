#!/usr/bin/env bash
# Applies a stack after its merge, if what would be done is what was reviewed: the merged stack is planned again, and its
# digest has to be the one of the pull request's last plan. Of that run nothing but the digest is believed. A digest may
# also be given: $ORB_CI_EXPECT. Exit: apply's own; 5 where the plan is another one.
set -euo pipefail
# shellcheck source=ci/without-commands.sh
. "$(dirname "${BASH_SOURCE[0]}")/without-commands.sh"
out="${ORB_CI_OUT:?the folder for what is found}"
mkdir -p "$out"
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'out=%s\n' "$out" >> "$GITHUB_OUTPUT"; fi

refused() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then echo "::error title=Orbform: nothing was applied::$1"; else echo "Nothing was applied: $1" >&2; fi
  exit "$2"
}

expect="${ORB_CI_EXPECT:-}"
if [ -z "$expect" ]; then
  repository="${GITHUB_REPOSITORY:?}"
  # Of those that have this commit, the one whose merge made it: another may have been merged elsewhere with it in it.
  merged="$(gh api "repos/$repository/commits/${GITHUB_SHA:?}/pulls" \
    --jq '.[] | select(.merged_at != null) | [.merge_commit_sha, (.number | tostring), .head.sha] | join("\t")' \
    | awk -F '\t' -v sha="$GITHUB_SHA" '$1 == sha { print $2 "\t" $3; exit }')"
  IFS=$'\t' read -r pull head <<< "$merged" || true
  case "$pull" in '' | *[!0-9]*) refused "This commit is no merge of a pull request, so nobody has reviewed its plan. Start this workflow by hand with the digest that is to be applied." 1 ;; esac
  case "$head" in '' | *[!0-9a-f]*) refused "The head of pull request $pull is not known." 1 ;; esac
  if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'pull=%s\n' "$pull" >> "$GITHUB_OUTPUT"; fi
  name="${ORB_CI_ARTIFACT:?the name of the artifact with the plan}-$head"
  # Of a run on that very commit: whoever opens another pull request may name an artifact as they like.
  run="$(gh api "repos/$repository/actions/artifacts?name=$name" \
    --jq '[.artifacts[] | select(.expired | not)] | sort_by(.created_at) | reverse | .[].workflow_run | [.head_sha, (.id | tostring)] | join("\t")' \
    | awk -F '\t' -v head="$head" '$1 == head { print $2; exit }')"
  case "$run" in '' | *[!0-9]*) refused "Pull request $pull has no plan of its last commit ($head). Start this workflow by hand with the digest that is to be applied." 1 ;; esac
  gh run download "$run" --repo "$repository" --name "$name" --dir "$out/reviewed"
  case "$(head -n 1 "$out/reviewed/exit-code" 2> /dev/null)" in 0 | 2) ;; *) refused "The last plan of pull request $pull could not be made, or was denied." 1 ;; esac
  expect="$(head -n 1 "$out/reviewed/digest")"
fi
case "$expect" in '' | *[!0-9a-f]*) refused "There is no digest of a reviewed plan." 1 ;; esac

call=(apply --yes --input=false --no-color --expect "$expect" --lock-timeout "${ORB_CI_LOCK_TIMEOUT:-10m}")
for ending in md json; do call+=(--report "$out/apply.$ending"); done
if [ -n "${ORB_CI_ENV:-}" ]; then call+=(--env "$ORB_CI_ENV"); fi
if [ -n "${ORB_CI_DRIVER:-}" ]; then call+=(--driver "$ORB_CI_DRIVER"); fi
if [ -n "${ORB_CI_VAR_FILE:-}" ]; then call+=(--var-file "$ORB_CI_VAR_FILE"); fi
if [ -n "${ORB_CI_STACK:-}" ]; then call+=(-- "$ORB_CI_STACK"); fi

rm -f "$out/apply.md" "$out/apply.json"
code=0
without_commands "${ORB_CI_ORBFORM:-orbform}" "${call[@]}" || code=$?
# A comment of its own: the plan that was reviewed stays to be read under the pull request.
if [ -f "$out/apply.md" ]; then
  sed '1s/ -->$/ apply -->/' "$out/apply.md" > "$out/marked.md"
  mv "$out/marked.md" "$out/apply.md"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$out/apply.md" ]; then cat "$out/apply.md" >> "$GITHUB_STEP_SUMMARY"; fi
if [ "$code" = 5 ]; then
  refused "What would be done now is not what was reviewed (reviewed: $expect). The machines, the state or the base branch have changed since, or the review was made without looking inside machines. The plan as it is now is in the summary: review it, and start this workflow by hand with its digest." 5
fi
exit "$code"
