/** Applies the stack `many` of a folder in a process of its own: the whole engine, a world in memory, real files. */
import { join } from "node:path";
import { loadStack } from "../../src/desired/load-stack.ts";
import { inMemoryExec, inMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import { applyStack } from "../../src/engine.ts";
import { nodeDisk } from "../../src/state/node-disk.ts";
import { APPLY } from "../support/applied-fleet.ts";
import { enginePorts } from "../support/engine-ports.ts";

const [folder = "", selfUrl = "", atOnce = ""] = process.argv.slice(2);
const ports = enginePorts({
  exec: inMemoryExec(inMemoryWorld()),
  disk: nodeDisk(),
  home: join(folder, "home"),
  world: { driver: "simulator", host: "00000000-0000-4000-8000-000000000001" },
  stateFolder: join(folder, "state"),
  stack: "many",
});
const stack = await loadStack({ cwd: folder, stack: "many", selfUrl });
const { results } = await applyStack(ports, stack, { ...APPLY, limits: { global: Number(atOnce), byKind: {} } });
const failed = [...results.values()].filter(({ status }) => status !== "succeeded");
if (failed.length > 0) throw new Error(`${failed.length} actions did not succeed`);
