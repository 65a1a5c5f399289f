#!/usr/bin/env node
// Plain syntax that old versions of Node can read, so that they can say what is wrong.
import { existsSync } from "node:fs";

const bundle = new URL("../dist/cli/orbctl-sim.js", import.meta.url);
const source = new URL("../src/driver/simulator/main.ts", import.meta.url);
// ORBCTL_SIM_SOURCE=1: the source of a checkout, though a build is there.
const built = existsSync(bundle) && !process.env.ORBCTL_SIM_SOURCE;
const [major, minor] = process.versions.node.split(".").map(Number);
const needed = built ? [20, 0] : [22, 18];

if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache?.();
  await import(built ? bundle.href : source.href);
} else {
  process.stderr.write(`orbctl-sim needs Node.js ${needed.join(".")} or newer; this is ${process.versions.node}.\n`);
  process.stderr.write("Install a newer Node.js, or run it through npm in the project's folder.\n");
  process.exitCode = 1;
}
