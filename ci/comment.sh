#!/usr/bin/env bash
# Puts a report (markdown) under a pull request: over the comment that has its first line, the hidden marker, else as a new
# one. Runs nothing of the pull request and needs a token that may write comments. The summary of the job has it in any case.
set -euo pipefail
report="${ORB_CI_REPORT:?the markdown file}"
pull="${ORB_CI_PULL:?the number of the pull request}"
author="${ORB_CI_AUTHOR:-github-actions[bot]}"
repository="${GITHUB_REPOSITORY:?}"

if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$report" >> "$GITHUB_STEP_SUMMARY"; fi
case "$pull" in '' | *[!0-9]*) echo "This is no number of a pull request." >&2; exit 1 ;; esac

marker="$(head -n 1 "$report")"
if ! printf '%s\n' "$marker" | grep -Eq '^<!-- orbform:[A-Za-z0-9=%._/ -]* -->$'; then
  echo "The report does not begin with the marker of Orbform." >&2
  exit 1
fi

# Somebody else's comment may have the same first line: only our own is written over.
comments="$(gh api --paginate "repos/$repository/issues/$pull/comments" \
  --jq '.[] | [(.id | tostring), .user.login, (.body | split("\n")[0] | rtrimstr("\r"))] | join("\t")')"
id="$(printf '%s\n' "$comments" | ORB_CI_MARKER="$marker" ORB_CI_AUTHOR="$author" awk -F '\t' \
  '$2 == ENVIRON["ORB_CI_AUTHOR"] && $3 == ENVIRON["ORB_CI_MARKER"] { print $1; exit }')"

if [ -n "$id" ]; then
  written() { gh api --silent -X PATCH "repos/$repository/issues/comments/$id" -F "body=@$report"; }
else
  written() { gh api --silent -X POST "repos/$repository/issues/$pull/comments" -F "body=@$report"; }
fi
# The token of a run for a fork may only read.
if ! written; then
  echo "::warning title=Orbform::The plan could not be put under the pull request; it is in the summary of this job."
fi
