import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { loadStack } from "../../src/desired/load-stack.ts";
import { inMemoryExec, inMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import { applyStack } from "../../src/engine.ts";
import { nodeDisk } from "../../src/state/node-disk.ts";
import { APPLY } from "./applied-fleet.ts";
import { enginePorts } from "./engine-ports.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HOST = "00000000-0000-4000-8000-000000000001";

/** A project whose machines are as its stack says, and an `orbctl` that answers at once and logs how it was called. */
export interface QuietProject {
  readonly folder: string;
  readonly env: { readonly [name: string]: string };
  /** How often `orbctl` was called since the last time this was asked. */
  takeCalls(): readonly string[];
  remove(): void;
}

const stackOf = (count: number): string => `
import { defineStack, machine } from "orbform";
const base = machine({ image: "alpine", power: "stopped", default: true });
const clones = Array.from({ length: ${count - 1} }, (_, n) => ["m" + n, machine({ clone: base, power: "stopped", cpus: 1 })]);
export default defineStack({ resources: { base, ...Object.fromEntries(clones) } });
`;

/** Applies a stack of `count` machines, or one given as text, in memory, and leaves its files and a program that prints what there is. */
export async function quietProject(count: number, stack: string = stackOf(count)): Promise<QuietProject> {
  const folder = mkdtempSync(join(tmpdir(), "orbform-quiet-"));
  const bin = join(folder, "bin");
  const home = join(folder, "home");
  const stacks = join(folder, "stacks");
  for (const each of [bin, home, stacks, join(home, ".orbform")]) mkdirSync(each, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "quiet", type: "module" }));
  writeFileSync(join(stacks, "many.ts"), stack);
  // The test runner resolves what a stack imports by itself, so the package has to be found as an installed one is.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "orbform"));
  writeFileSync(join(home, ".orbform", "host-id"), `${HOST}\n`);
  await fill(folder, join(home, ".orbform"), bin);
  const calls = join(folder, "calls");
  return {
    folder,
    env: {
      PATH: [bin, "/usr/bin", "/bin"].join(delimiter),
      HOME: home,
      NODE_COMPILE_CACHE: join(folder, "compile-cache"),
    },
    takeCalls: () => {
      const lines = existsSync(calls) ? readFileSync(calls, "utf8").split("\n").filter(Boolean) : [];
      rmSync(calls, { force: true });
      return lines;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function fill(folder: string, home: string, bin: string): Promise<void> {
  const exec = inMemoryExec(inMemoryWorld({ env: { HOME: home, USER: "sim" } }));
  const world = { driver: "orbstack", host: HOST };
  const ports = enginePorts({ exec, disk: nodeDisk(), home, world, stateFolder: join(folder, "state"), stack: "many" });
  await applyStack(ports, await loadStack({ cwd: folder, stack: "many" }), APPLY);
  const answers = {
    status: ["status"],
    version: ["version"],
    list: ["list", "-f", "json"],
    config: ["config", "show"],
    default: ["default"],
  };
  for (const [name, argv] of Object.entries(answers)) {
    writeFileSync(join(bin, `${name}.txt`), (await exec({ argv })).stdout);
  }
  writeFileSync(join(bin, "orbctl"), `#!/bin/sh\nprintf '%s\\n' "$*" >> "${folder}/calls"\nexec cat "${bin}/$1.txt"\n`);
  chmodSync(join(bin, "orbctl"), 0o755);
}
