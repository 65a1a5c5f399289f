/** The inside of machines as values: it answers the look and change scripts of src/guest as a shell would, at once. */
import type { Session } from "../../src/driver/simulator/host.ts";
import { factsIn } from "./model-guest-facts.ts";
import { changeIn } from "./model-guest-changes.ts";

/** What stands at a path of a model. */
export type ModelPath =
  | { readonly kind: "file"; readonly text: string; readonly mode: number; readonly owner: string }
  | { readonly kind: "directory"; readonly mode: number; readonly owner: string };

/** A service of a model. `read`: what its configuration, `/srv/NAME.conf`, held when it was started last. */
export interface ModelService {
  running: boolean;
  enabled: boolean;
  restarts: number;
  read: string;
}

/** What lies inside one machine. Changed in place. */
export interface Inside {
  readonly paths: { [path: string]: ModelPath };
  /** Versions by name. A package brings a service of its name, which runs and is enabled. */
  readonly packages: { [name: string]: string };
  readonly services: { [name: string]: ModelService };
  readonly users: { [name: string]: { shell: string; home: string; groups: readonly string[] } };
}

/** A script that runs inside, and how far it comes: after so many of its steps the machine, or the script, is dead. */
export interface ModelRun {
  readonly script: string;
  readonly stdin?: string;
  readonly steps?: number;
}

/** Where a simulated machine keeps its model: with its files, so that clones have it and a restart doesn't lose it. */
const KEPT_AT = "/.inside";

/** The insides of all machines of a simulated world. */
export class ModelGuests {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A copy of what lies inside a machine. */
  read(machine: string): Inside {
    const entry = this.#session.readFiles(machine)?.entries[KEPT_AT];
    return entry ? JSON.parse(Buffer.from(entry.content, "base64").toString()) : fresh();
  }

  /** Changes what lies inside a machine. */
  change(machine: string, change: (inside: Inside) => void): void {
    const inside = this.read(machine);
    change(inside);
    const content = Buffer.from(JSON.stringify(inside)).toString("base64");
    const entry = { kind: "file", mode: 0o600, owner: "root:root", mtime: 0, content } as const;
    this.#session.changeFiles(machine, (files) => ({
      boot: files?.boot ?? 0,
      entries: { ...files?.entries, [KEPT_AT]: entry },
    }));
  }

  /** What the script prints; `undefined` where it is none of those that the model knows. */
  answer(machine: string, run: ModelRun): string | undefined {
    const facts = factsIn(this.read(machine), run.script);
    if (facts !== undefined) return facts;
    let said: string | undefined;
    if (/^token=/m.test(run.script)) this.change(machine, (inside) => (said = changeIn(inside, run)));
    return said;
  }
}

function fresh(): Inside {
  const directory = { kind: "directory", mode: 0o755, owner: "root" } as const;
  return {
    paths: { "/srv": directory, "/etc": directory },
    packages: { base: "1.0" },
    services: { base: { running: true, enabled: true, restarts: 0, read: "" } },
    users: { root: { shell: "/bin/sh", home: "/root", groups: [] } },
  };
}
