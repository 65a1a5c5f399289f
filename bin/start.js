// What the bin files share: the version guard, the compile cache, and where the built program is.
// Plain JavaScript that Node 20 can parse.
import module from "node:module";

// To import "node:fs" would have all its exports read, and load 34 modules by that.
const { existsSync, readFileSync } = module.createRequire(import.meta.url)("node:fs");

const MIN_MAJOR = 22;
const MIN_MINOR = 18;
const built = new URL("../dist/cli/", import.meta.url);

/** `orb`: OrbStack's calls go to OrbStack, ours to us. */
export async function startOrb(args) {
  if (!isBuilt()) return;
  module.enableCompileCache?.();
  const { handThrough } = await import(new URL("hand-through.js", built).href);
  const handed = await handThrough(args);
  if (handed !== "handed") await start(args, handed === "ours" ? "orb" : "orb-alone");
}

/** `orbform`: everything is ours. */
export async function startOrbform(args) {
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    process.stdout.write(`orbform ${version}\n`);
    return;
  }
  if (!isBuilt()) return;
  module.enableCompileCache?.();
  await start(args, "orbform");
}

async function start(args, name) {
  if (isNodeTooOld()) return;
  const { main } = await import(new URL("main.js", built).href);
  await main(args, name);
}

function isNodeTooOld() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MIN_MAJOR || (major === MIN_MAJOR && minor >= MIN_MINOR)) return false;
  console.error(
    `Orbform needs Node ${MIN_MAJOR}.${MIN_MINOR} or newer; this is ${process.versions.node} (${process.execPath}).`,
  );
  console.error("Install a newer Node, or put it first on the PATH, and try again.");
  process.exitCode = 1;
  return true;
}

function isBuilt() {
  if (existsSync(new URL("main.js", built))) return true;
  console.error("Orbform is not built in this checkout.");
  console.error("Run: npm run build");
  process.exitCode = 1;
  return false;
}
