#!/usr/bin/env bash
# Installs what the package-lock.json in the present folder names, and runs nothing of it. $ORB_CI_CHECKOUT: the checkout that
# the folder has to lie in. In a folder of its own, $ORB_CI_FRESH: npm empties what a link named node_modules leads to, and
# does what a .npmrc beside it says.
set -euo pipefail
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

rm -rf "$fresh"
mkdir -p "$fresh"
cp package.json package-lock.json "$fresh/"
(cd "$fresh" && npm ci --ignore-scripts --no-audit --no-fund --git=/usr/bin/false)
if [ -d "$fresh/node_modules" ]; then mv "$fresh/node_modules" node_modules; fi
