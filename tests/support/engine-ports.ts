import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import canonicalize from "canonicalize";
import { archivesIn } from "../../src/archive/archives-in.ts";
import { systemClock } from "../../src/cli/context-clock.ts";
import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { systemProcesses as processes } from "../../src/driver/processes.ts";
import type { EnginePorts } from "../../src/engine-types.ts";
import type { Json } from "../../src/model/json.ts";
import type { World } from "../../src/model/snapshot.ts";
import { claimsIn } from "../../src/state/claims.ts";
import type { Disk } from "../../src/state/disk.ts";
import { hostIdentity } from "../../src/state/host.ts";
import { localBackend } from "../../src/state/local.ts";
import { hashText } from "../../src/state/digest.ts";
import { statePaths } from "../../src/state/paths.ts";

/** What an engine over real files and any orbctl is made of. */
export interface PortsParts {
  readonly exec: OrbctlExec;
  readonly disk: Disk;
  readonly stateFolder: string;
  /** Orbform's own folder: host id and claims. */
  readonly home: string;
  readonly stack: string;
  readonly world: World;
}

/** The engine's ports as the command line makes them, over a given way of calling orbctl. */
export function enginePorts({ exec, disk, stateFolder, home, stack, world }: PortsParts): EnginePorts {
  const paths = statePaths(stateFolder, stack);
  const host = () => hostIdentity(disk, home);
  return {
    driver: orbctlDriver({ exec, clock: systemClock, world }),
    backend: localBackend({ disk, path: paths.snapshot, clock: systemClock, hostIdentity: host, processes }),
    clock: systemClock,
    disk,
    paths,
    claims: claimsIn({ disk, folder: join(home, "claims"), statePath: paths.snapshot }),
    archives: archivesIn({
      root: home,
      madeBy: "orbform test",
      disk,
      clock: systemClock,
      processes,
      host,
      scratchOf: (run) => join(home, "backups", run),
    }),
    host,
    processes,
    digest,
    hashText,
    newLineage: randomUUID,
  };
}

/** Hex SHA-256 of a value's canonical JSON, as plans are digested. */
export function digest(value: Json): string {
  return createHash("sha256")
    .update(canonicalize(value) ?? "")
    .digest("hex");
}
