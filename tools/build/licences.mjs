// The licences of what is bundled: copies of others' work carry their notices.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Texts for a notices file: each package that any of the modules belongs to, sorted by name. */
export function licencesOf(moduleIds) {
  const folders = new Map();
  for (const id of moduleIds) {
    const [, folder, name] = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id) ?? [];
    if (name !== undefined) folders.set(name, folder);
  }
  return [...folders]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, folder]) => notice(name, folder))
    .join("\n");
}

function notice(name, folder) {
  const manifest = join(folder, "package.json");
  const { version, license } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : {};
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${"=".repeat(80)}\n${name} ${version ?? ""} (${license ?? "see its repository"})\n\n${text}\n`;
}
