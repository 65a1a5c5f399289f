#!/usr/bin/env bash
# Plans one stack in the present folder and leaves what a reviewer needs in $ORB_CI_OUT: plan.md, plan.json, plan.sarif,
# plan.xml, digest, exit-code. Exit: 0 where there is a plan, with or without changes; else the plan's own code.
set -euo pipefail
# shellcheck source=ci/without-commands.sh
. "$(dirname "${BASH_SOURCE[0]}")/without-commands.sh"
out="${ORB_CI_OUT:?the folder for what is found}"
# What is to be planned may have put a link there that leads elsewhere.
if [ -e "$out" ] || [ -L "$out" ]; then
  echo "$out is there already." >&2
  exit 1
fi
mkdir -p "$out"
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'out=%s\n' "$out" >> "$GITHUB_OUTPUT"; fi

call=(plan --input=false --no-color --detailed-exitcode)
for ending in md json sarif xml; do call+=(--report "$out/plan.$ending"); done
if [ -n "${ORB_CI_ENV:-}" ]; then call+=(--env "$ORB_CI_ENV"); fi
if [ -n "${ORB_CI_DRIVER:-}" ]; then call+=(--driver "$ORB_CI_DRIVER"); fi
if [ -n "${ORB_CI_VAR_FILE:-}" ]; then call+=(--var-file "$ORB_CI_VAR_FILE"); fi
if [ "${ORB_CI_UNTRUSTED:-true}" = true ]; then
  call+=(--untrusted)
  if [ -n "${ORB_CI_CONFIG:-}" ]; then call+=(--config "$ORB_CI_CONFIG"); fi
fi
if [ -n "${ORB_CI_STACK:-}" ]; then call+=(-- "$ORB_CI_STACK"); fi

code=0
without_commands "${ORB_CI_ORBFORM:-orbform}" "${call[@]}" || code=$?
printf '%s\n' "$code" > "$out/exit-code"

digest=""
if [ -f "$out/plan.json" ]; then
  digest="$(node -e 'process.stdout.write(String(JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).orbform?.digest ?? ""))' "$out/plan.json")"
fi
# It goes into files that are read line by line: nothing but a digest may be there.
case "$digest" in *[!0-9a-f]*) digest="" ;; esac
printf '%s\n' "$digest" > "$out/digest"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'digest=%s\nexit-code=%s\n' "$digest" "$code" >> "$GITHUB_OUTPUT"
fi
case "$code" in 0 | 2) exit 0 ;; *) exit "$code" ;; esac
