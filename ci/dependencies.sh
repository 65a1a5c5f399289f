#!/usr/bin/env bash
# Installs what the package-lock.json in the present folder names, and runs nothing of it. $ORB_CI_CHECKOUT: the checkout that
# the folder has to lie in. In a folder of its own, $ORB_CI_FRESH: npm empties what a link named node_modules leads to, and
# does what a .npmrc beside it says. Packages come from the registry only: see check-lock.mjs.
set -euo pipefail
# shellcheck source=ci/without-commands.sh
. "$(dirname "${BASH_SOURCE[0]}")/without-commands.sh"
checkout="$(cd "${ORB_CI_CHECKOUT:?the checkout}" && pwd -P)"
fresh="${ORB_CI_FRESH:?a folder of its own}"

refused() {
  echo "$1" >&2
  exit 1
}

case "$(pwd -P)/" in "$checkout/"*) ;; *) refused "The folder leads out of the checkout." ;; esac
for each in package.json package-lock.json; do
  if [ -L "$each" ] || ! [ -f "$each" ]; then refused "$each is no plain file."; fi
done
if [ -L node_modules ] || [ -e node_modules ]; then refused "node_modules is in the checkout."; fi

scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
rm -rf "$fresh"
mkdir -p "$fresh"
cp package.json package-lock.json "$fresh/"
cd "$fresh"
without_commands node "$scripts/check-lock.mjs" || exit 1
without_commands npm ci --ignore-scripts --no-audit --no-fund --git=/usr/bin/false --replace-registry-host=always
cd "$OLDPWD"
if [ -d "$fresh/node_modules" ]; then mv "$fresh/node_modules" node_modules; fi
