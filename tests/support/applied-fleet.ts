import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { inMemoryExec, inMemoryWorld } from "../../src/driver/simulator/in-memory.ts";
import { applyStack, planStack, type Applied, type Planned } from "../../src/engine.ts";
import { PLAIN_REQUEST, type EnginePorts } from "../../src/engine-types.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/model/limits.ts";
import type { ExecuteEvent } from "../../src/model/execute-event.ts";
import type { DesiredResource } from "../../src/model/resource.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { nodeDisk } from "../../src/state/node-disk.ts";
import { countedFiles } from "./counted-files.ts";
import { countingDisk, type CountingDisk } from "./counting-disk.ts";
import { enginePorts } from "./engine-ports.ts";

/** An engine over a world in memory and real files in a temporary folder. */
export interface Fleetyard {
  readonly ports: EnginePorts;
  readonly disk: CountingDisk;
  /** Orbform's own folder, from which folders of archives are seen. */
  readonly home: string;
  /** Syncs of all files whose path matches. */
  readonly syncs: (which: RegExp) => number;
  /** How often each command of orbctl was called: `create`, `config show`. */
  readonly calls: ReadonlyMap<string, number>;
  /** With the limits that hold where nobody set any, or with others. */
  apply(
    resources: readonly DesiredResource[],
    limits?: Limits,
    onEvent?: (event: ExecuteEvent) => void,
  ): Promise<Applied>;
  plan(resources: readonly DesiredResource[]): Promise<Planned>;
  /** As the last apply wrote it. */
  snapshot(): Snapshot;
  remove(): void;
}

/** Makes one, with no machine in it. `around` stands between it and its orbctl. */
export function fleetyard(within = tmpdir(), around: (exec: OrbctlExec) => OrbctlExec = (exec) => exec): Fleetyard {
  const folder = mkdtempSync(join(within, "orbform-fleet-"));
  const { files, syncs } = countedFiles();
  const disk = countingDisk(nodeDisk(files));
  const world = { driver: "simulator", host: "00000000-0000-4000-8000-000000000001" };
  const { exec, calls } = counted(around(inMemoryExec(inMemoryWorld())));
  const home = join(folder, "home");
  const ports = enginePorts({ exec, disk, home, world, stateFolder: join(folder, "state"), stack: "fleet" });
  const stackOf = (resources: readonly DesiredResource[]) => ({
    value: { stack: "fleet", resources, outputs: {}, existing: [] },
    diagnostics: [],
  });
  return {
    ports,
    disk,
    home,
    syncs,
    calls,
    apply: (resources, limits = DEFAULT_LIMITS, onEvent = () => undefined) =>
      applyStack(ports, stackOf(resources), { ...APPLY, limits, onEvent }),
    plan: (resources) => planStack(ports, stackOf(resources), PLAIN_REQUEST),
    snapshot: () => JSON.parse(readFileSync(ports.paths.snapshot, "utf8")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function counted(exec: OrbctlExec) {
  const calls = new Map<string, number>();
  return {
    calls,
    exec: ((call) => {
      const command = call.argv.slice(0, call.argv[0] === "config" ? 2 : 1).join(" ");
      calls.set(command, (calls.get(command) ?? 0) + 1);
      return exec(call);
    }) satisfies OrbctlExec,
  };
}

/** A plain, silent apply. */
export const APPLY = {
  plan: PLAIN_REQUEST,
  limits: DEFAULT_LIMITS,
  failFast: false,
  operation: "apply",
  lockTimeoutMs: 0,
  recreateAll: false,
  onEvent: () => undefined,
  onPlan: () => undefined,
  onNotice: () => undefined,
};
