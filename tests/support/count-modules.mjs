// Preloaded (`--import`): counts the files that are loaded after it, and their bytes, and writes both where
// ORBFORM_COUNT_MODULES says when the process ends.
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const files = new Map();
registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (url.startsWith("file:")) files.set(url, loaded.source === null ? 0 : Buffer.byteLength(loaded.source));
    return loaded;
  },
});
process.on("exit", () => writeFileSync(process.env.ORBFORM_COUNT_MODULES, JSON.stringify([...files])));
