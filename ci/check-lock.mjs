// Refuses what would have npm copy from this computer into the checkout, or ask anybody but its registry: a lock file of
// somebody who is not trusted says where each package comes from. Works in the present folder. Exit: 1 where it refuses.
import { readFileSync } from "node:fs";

const DEPENDENCIES = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"];

function fail(what) {
  console.error(JSON.stringify(what).slice(0, 500), "is not installed: only packages of the registry are.");
  process.exit(1);
}

const isObject = (value) => typeof value === "object" && value !== null;

/** A range or a tag, or another package's: no path, no address. */
function checkSpecs(specs) {
  for (const [name, spec] of Object.entries(isObject(specs) ? specs : {})) {
    if (isObject(spec)) checkSpecs(spec);
    else if (!/^(?:npm:(?:@[\w.-]+\/)?[\w.-]+(?:@[^:/\\]*)?|[^:/\\]*)$/.test(String(spec))) fail({ [name]: spec });
  }
}

function checkPackage(path, entry) {
  if (!isObject(entry)) fail({ [path]: entry });
  for (const each of DEPENDENCIES) checkSpecs(entry[each]);
  if ("workspaces" in entry) fail({ workspaces: entry.workspaces });
  if (path === "") return;
  const isPlace = path.startsWith("node_modules/") && !path.split(/[/\\]/).includes("..");
  const { link, resolved, integrity, inBundle } = entry;
  const isPinned = String(resolved).startsWith("https://") && /^sha(?:256|384|512)-/.test(String(integrity));
  if (!isPlace || link || !(isPinned || (inBundle === true && resolved === undefined)))
    fail({ [path]: resolved ?? link ?? null });
}

const [own, lock] = ["package.json", "package-lock.json"].map((file) => JSON.parse(readFileSync(file, "utf8")));
// Older lock files say it in another way.
if (!isObject(lock.packages)) fail({ lockfileVersion: lock.lockfileVersion ?? null });
checkPackage("", own);
for (const [path, entry] of Object.entries(lock.packages)) checkPackage(path, entry);
