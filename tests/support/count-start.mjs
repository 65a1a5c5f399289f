// Preloaded (`--import`): counts what a start of the program costs, and writes it as JSON where ORBFORM_COUNTS says when
// the process ends: files loaded as modules with their bytes, processes begun, files opened by the program's own calls.
import diagnostics from "node:diagnostics_channel";
import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";

const { ORBFORM_COUNTS } = process.env;
const { writeFileSync } = fs;
const files = new Map();
const opened = [];
let processes = 0;

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (url.startsWith("file:")) files.set(url, loaded.source === null ? 0 : Buffer.byteLength(loaded.source));
    return loaded;
  },
});

diagnostics.subscribe("child_process", () => {
  processes += 1;
});

const OPENING = [
  "open",
  "openSync",
  "readFile",
  "readFileSync",
  "writeFile",
  "writeFileSync",
  "appendFile",
  "appendFileSync",
];
for (const from of [fs, fs.promises]) {
  for (const name of OPENING) {
    const original = from[name];
    if (original === undefined) continue;
    from[name] = function counted(...args) {
      // A number is a file that was opened before.
      if (typeof args[0] !== "number") opened.push(String(args[0]));
      return original.apply(this, args);
    };
  }
}
syncBuiltinESMExports();

process.on("exit", () => {
  // Node reads modules by the same calls; they are counted by themselves.
  const own = opened.filter((path) => !files.has(path));
  writeFileSync(ORBFORM_COUNTS, JSON.stringify({ files: [...files], processes, opened: own }));
});
