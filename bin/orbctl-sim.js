#!/usr/bin/env node
// Plain syntax that old versions of Node can read, so that they can say what is wrong.
var numbers = process.versions.node.split(".").map(Number);
if (numbers[0] < 22 || (numbers[0] === 22 && numbers[1] < 18)) {
  process.stderr.write("orbctl-sim needs Node.js 22.18 or newer; this is " + process.versions.node + ".\n");
  process.stderr.write("Install a newer Node.js, or run it through npm in the project's folder.\n");
  process.exit(1);
}

const { existsSync } = await import("node:fs");
const { enableCompileCache } = await import("node:module");
enableCompileCache?.();
const bundle = new URL("../dist/cli/orbctl-sim.js", import.meta.url);
const source = new URL("../src/driver/simulator/main.ts", import.meta.url);
// ORBCTL_SIM_SOURCE=1: the source of a checkout, though a build is there.
const built = existsSync(bundle) && !process.env.ORBCTL_SIM_SOURCE;
await import(built ? bundle.href : source.href);
