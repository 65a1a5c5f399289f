/** Quick checks of what a world's files hold: somebody may have edited them, or another program's lie there. */
import type { GuestFiles } from "./guest-files.ts";
import type { WorldData } from "./record.ts";

/** A world as it is kept in a file; the log is valid up to `logBytes`, what follows is of a process that died. */
export interface StoredWorld {
  readonly data: WorldData;
  readonly logBytes: number;
}

/** Whether a value read from JSON is a world that this version can use. */
export function isStoredWorld(value: unknown): value is StoredWorld {
  return STORED(value);
}

/** Whether a value read from JSON holds what was changed in a machine's file system. */
export function isGuestFiles(value: unknown): value is GuestFiles {
  return GUEST_FILES(value);
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const orNull = (check: Check): Check => {
  return (value) => value === null || check(value);
};
const oneOf = (...values: readonly unknown[]): Check => {
  return (value) => values.includes(value);
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, "__proto__");
}

/** An object with these fields and no others: what isn't known can't be kept right. */
function object(fields: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  const needed = Object.keys(fields);
  const known = new Map(Object.entries({ ...fields, ...optional }));
  return (value) =>
    isObject(value) &&
    needed.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, each]) => known.get(key)?.(each) === true);
}

function list(each: Check, least = 0): Check {
  return (value) => Array.isArray(value) && value.length >= least && value.every(each);
}

function mapOf(each: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(each);
}

const MACHINE_STATES = ["creating", "provisioning", "starting", "running", "stopping", "stopped", "deleting"];

const SETTINGS = object({
  cpu: number,
  memory_mib: number,
  disk_bytes: number,
  username: text,
  isolated: flag,
  isolate_network: flag,
  forward_ssh_agent: flag,
  mounts: list(text),
  http_port: number,
  https_port: number,
});

const MACHINE_FIELDS = {
  id: text,
  name: text,
  image: object({ distro: text, version: text, arch: text, variant: text }),
  settings: SETTINGS,
  user: text,
  phases: list(object({ at: number, state: oneOf("unborn", "gone", ...MACHINE_STATES) }), 1),
  boot: count,
  host: count,
  disk: number,
  returns: flag,
  userData: orNull(text),
  origin: text,
  applied: object({ cpu: number, memory_mib: number }),
};

const MACHINE = object(MACHINE_FIELDS, { copied: oneOf(true) });

const STORED = object({
  logBytes: count,
  data: object({
    format: oneOf(1),
    seq: count,
    machines: list(MACHINE),
    config: mapOf(text),
    defaultId: orNull(text),
    service: list(object({ at: number, state: oneOf("running", "starting", "stopped") }), 1),
    k8s: flag,
    docker: flag,
    cloning: mapOf(number),
    leftBehind: mapOf(SETTINGS),
    faults: list(object({ name: text, glob: orNull(text), value: orNull(text) })),
    faultsUsed: mapOf(number),
    latency: orNull(number),
    ahead: number,
    version: orNull(text),
    nextHost: count,
  }),
});

const ENTRY = object({
  kind: oneOf("file", "directory", "symlink"),
  mode: count,
  owner: text,
  mtime: number,
  content: text,
});

const GUEST_FILES = object({ boot: count, entries: mapOf(orNull(ENTRY)) });
