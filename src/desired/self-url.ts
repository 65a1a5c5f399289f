import { existsSync } from "node:fs";

/**
 * Our own library, for stacks that say `import … from "orbform"`: the source beside this file, or, from the bundled
 * program (`dist/cli/…`), what is bundled with it: its modules are loaded already, so a stack costs one file more.
 */
export function ownUrl(here: string = import.meta.url): string {
  if (here.endsWith(".ts")) return new URL("../index.ts", here).href;
  const built = ["./library.js", "../lib/index.js", "../index.js", "./lib/index.js"].map((path) => new URL(path, here));
  const found = built.find((url) => existsSync(url)) ?? new URL("../lib/index.js", here);
  return found.href;
}
