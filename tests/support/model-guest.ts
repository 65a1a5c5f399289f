/** The inside of machines as values: it answers the look and change scripts of src/guest as a shell would, at once. */
import type { Session } from "../../src/driver/simulator/host.ts";
import { changeIn } from "./model-guest-changes.ts";
import { factsIn } from "./model-guest-facts.ts";
import { ModelRoom } from "./model-guest-room.ts";
import { scriptIn } from "./model-guest-script.ts";

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
  readonly users: { [name: string]: { uid: number; shell: string; home: string; groups: readonly string[] } };
}

/** A script that runs inside, and how far it comes. */
export interface ModelRun {
  readonly script: string;
  readonly stdin?: string;
  /** After so many of its steps it is dead, or its machine. @default it comes to its end */
  readonly steps?: number;
  /** What it is dead of: a signal ends it (`cut`), or it is killed, which leaves no word. @default "lost" */
  readonly death?: "cut" | "lost";
}

/** Where a simulated machine keeps its model: with its files, so that clones have it and a restart doesn't lose it. */
const KEPT_AT = "/.inside";

/** The insides of all machines of a simulated world. */
export class ModelGuests {
  readonly #session: Session;
  /** By machine id. */
  readonly #rooms = new Map<string, ModelRoom>();

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
    const script = scriptIn(run.script);
    if (script === undefined) return undefined;
    const { kind, token } = script;
    const room = this.#room(machine);
    if (kind === "fate") return room.says(token, room.fateOf(script.asked));
    if (kind === "look") return `${room.says(token, "free")}${factsIn(this.read(machine), run.script, room)}`;
    if (!room.begin(token)) return room.says(token, "void");
    let word: string | undefined;
    const { stdin = "", steps = Infinity, death = "lost" } = run;
    this.change(machine, (inside) => (word = changeIn(inside, { body: script.body, stdin, steps })));
    room.end(token, word ?? death);
    return word === undefined ? "" : `\n${token} verdict ${word}  .\n`;
  }

  /** Which boot a machine is on, as its kernel says it. */
  bootOf(machine: string): string {
    return this.#room(machine).name;
  }

  /** A restart takes it away. */
  #room(machine: string): ModelRoom {
    const boot = this.#session.read((world) => world.byId(machine)?.boot) ?? 0;
    const kept = this.#rooms.get(machine);
    if (kept?.boot === boot) return kept;
    const room = new ModelRoom(boot);
    this.#rooms.set(machine, room);
    return room;
  }
}

function fresh(): Inside {
  const directory = { kind: "directory", mode: 0o755, owner: "root" } as const;
  return {
    paths: { "/srv": directory, "/etc": directory },
    packages: { base: "1.0" },
    services: { base: { running: true, enabled: true, restarts: 0, read: "" } },
    users: { root: { uid: 0, shell: "/bin/sh", home: "/root", groups: [] } },
  };
}
