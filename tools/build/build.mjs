// Builds dist/: the command line and the simulator as split, minified bundles, the library as plain modules with types.
// `node tools/build/build.mjs [cli] [sim] [lib]`; without words, all three.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { eagerFunctions } from "./eager-functions.mjs";
import { isLate, lateBuiltins } from "./late-builtins.mjs";
import { licencesOf } from "./licences.mjs";
import { plainBuiltins } from "./plain-builtins.mjs";
import { slimOclif } from "./slim-oclif.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const asked = process.argv.slice(2);
const wants = (part) => asked.length === 0 || asked.includes(part);

// A whole build is made beside the present one and takes its place at the end: what runs meanwhile runs on, and a build
// that fails leaves the last good one.
const whole = asked.length === 0;
const dist = join(root, "dist");
const target = whole ? join(root, `.dist-${process.pid}`) : dist;

// "library" is what stacks import as "orbform" when the command line loads them, and "policies" what they import as
// "orbform/policies": the same modules, in the same chunks.
const CLI = {
  main: "src/cli/main.ts",
  "hand-through": "src/cli/hand-through.ts",
  library: "src/index.ts",
  policies: "src/policies.ts",
};
// "orbform/guest" reaches machines as the command line does, and lies beside it for the programs' sake; in chunks of its
// own, for chunks that are shared would cost a plan files to load.
const GUEST = { guest: "src/guest.ts" };
// The process in which a stack is evaluated that is not trusted: in chunks of its own as well.
const UNTRUSTED = { untrusted: "src/desired/untrusted/child.ts", "untrusted-library": "src/index.ts" };
// "orbform/testing" holds the simulator, and with it just-bash, which users do not install: bundled, in the same chunks.
const SIMULATOR = { "orbctl-sim": "src/driver/simulator/main.ts", testing: "src/testing.ts" };

/**
 * What goes into one file, with all that it needs: each file costs half a millisecond, however small. Of the command line's
 * that is all that a plan needs; of the others, what their own entries share.
 */
const PLAN = {
  name: "plan",
  test: /[\\/]src[\\/](?:cli[\\/](?:main|context(?:-clock|-driver|-machines)?)|index)\.ts$/,
};
const SHARED = {
  name: "shared",
  test: /[\\/]src[\\/](?:(?:model|stack)[\\/]|state[\\/]empty-snapshot|driver[\\/]errors)/,
  minShareCount: 2,
};

/** What stays an import at run time: Node's own, and natives that just-bash can do without. */
const EXTERNAL = new Set([...builtinModules, "node-liblzma", "@mongodb-js/zstd"]);
const external = (name, importer) => (/^node:|\.node$/.test(name) || EXTERNAL.has(name)) && !isLate(name, importer);

/** just-bash reads this as it loads, for the `curl` that simulated machines don't have; Node loads all of undici for it. */
const UNREAD = { "globalThis.Headers": "undefined" };

async function bundle(entries, group) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]));
  const build = await rolldown({
    input,
    external,
    plugins: [slimOclif(), lateBuiltins(), plainBuiltins(), eagerFunctions(PLAN.name)],
    platform: "node",
    resolve: { conditionNames: ["@orbform/source", "node", "import", "default"] },
    transform: { define: { __ORBFORM_VERSION__: JSON.stringify(version), ...UNREAD }, target: "node22" },
    logLevel: "warn",
    // In users' stacks immer is loaded late on purpose; that it is in the bundle anyway is no mistake.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await build.write({
    dir: join(target, "cli"),
    format: "esm",
    minify: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: { groups: [group] },
  });
  await build.close();
  return output.flatMap((each) => (each.type === "chunk" ? each.moduleIds : []));
}

function library() {
  const tsc = join(root, "node_modules/.bin/tsc");
  const args = ["-p", join(root, "tsconfig.build.json"), "--outDir", join(target, "lib")];
  return spawnSync(tsc, args, { stdio: "inherit" }).status ?? 1;
}

function takePlace() {
  const old = `${target}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(target, dist);
  rmSync(old, { recursive: true, force: true });
}

try {
  const modules = [
    ...(wants("cli")
      ? [...(await bundle(CLI, PLAN)), ...(await bundle(GUEST, SHARED)), ...(await bundle(UNTRUSTED, SHARED))]
      : []),
    ...(wants("sim") ? await bundle(SIMULATOR, SHARED) : []),
  ];
  if (whole) writeFileSync(join(target, "cli/LICENCES.txt"), licencesOf(modules));
  if (wants("lib")) process.exitCode = library();
  if (whole && !process.exitCode) takePlace();
} finally {
  if (whole) rmSync(target, { recursive: true, force: true });
}
