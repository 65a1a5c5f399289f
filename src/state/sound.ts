/**
 * Quick checks of what is read from disk. They hold no library, so that a command that only reads starts fast. For a
 * snapshot they are no stricter judge than schema.ts: what they refuse is looked at again there, and explained.
 */
import type { Snapshot } from "../model/snapshot.ts";
import type { LockInfo } from "./backend.ts";
import type { Claim, JournalRecord, TimingsFile } from "./records.ts";

/** Whether a value read from JSON is a snapshot of the present format: only then is this certain. */
export function isSoundSnapshot(value: unknown): value is Snapshot {
  return SNAPSHOT(value);
}

/** Whether a value read from JSON is a journal's record, without its checksum. */
export function isSoundRecord(value: unknown): value is JournalRecord {
  return RECORD(value);
}

/** Whether a value read from JSON says who holds a lock. */
export function isSoundLock(value: unknown): value is LockInfo {
  return LOCK(value);
}

/** Whether a value read from JSON is a claim. */
export function isSoundClaim(value: unknown): value is Claim {
  return CLAIM(value);
}

/** Whether a value read from JSON holds learned durations. */
export function isSoundTimings(value: unknown): value is TimingsFile {
  return TIMINGS(value);
}

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const anything: Check = () => true;
const text: Check = (value) => typeof value === "string";
const word: Check = (value) => typeof value === "string" && value !== "";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => Number.isFinite(value);
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const positive: Check = (value) => count(value) && value !== 0;
const oneOf = (...values: readonly unknown[]): Check => {
  return (value) => values.includes(value);
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these fields; others that it has are let through. */
function object(required: Fields, optional: Fields = {}): Check {
  const needed = Object.entries(required);
  const allowed = Object.entries(optional);
  return (value) => {
    if (!isObject(value)) return false;
    // In what was read from JSON, undefined is absent; asking for own keys would cost more than the checks.
    for (const [key, check] of needed) if (value[key] === undefined || !check(value[key])) return false;
    for (const [key, check] of allowed) if (value[key] !== undefined && !check(value[key])) return false;
    return true;
  };
}

function list(each: Check): Check {
  return (value) => Array.isArray(value) && value.every(each);
}

function mapOf(each: Check): Check {
  return (value) => {
    if (!isObject(value)) return false;
    for (const key of Object.keys(value)) if (!each(value[key])) return false;
    return true;
  };
}

/** One of several objects, told apart by one field. */
function byField(field: string, cases: ReadonlyMap<unknown, Check>): Check {
  return (value) => isObject(value) && cases.get(value[field])?.(value) === true;
}

const WORLD = object({ driver: text, host: text });

const SETTINGS = object(
  {},
  {
    cpus: number,
    memoryMiB: number,
    diskBytes: number,
    user: text,
    isolated: flag,
    isolateNetwork: flag,
    forwardSshAgent: flag,
    mounts: list(text),
    httpPort: number,
    httpsPort: number,
  },
);

const LIFECYCLE = object({
  preventDestroy: flag,
  ignoreChanges: list(text),
  replaceWhen: list(anything),
  createBeforeDestroy: flag,
  aliases: list(text),
  retain: flag,
  timeoutsMs: mapOf(number),
  retries: number,
});

const MACHINE_INPUTS = object(
  {
    name: text,
    origin: mapOf(anything),
    settings: mapOf(anything),
    power: text,
    default: flag,
    identity: text,
    ready: mapOf(anything),
    labels: mapOf(text),
    groups: list(text),
  },
  { arch: text, cloudInit: text, replaceWhen: text },
);

const PENDING = object(
  {
    action: oneOf("create", "clone", "restore"),
    name: text,
    at: number,
    timeoutMs: number,
    expected: object({}, { distro: text, version: text, arch: text, user: text }),
    knownIds: list(text),
  },
  { inputs: MACHINE_INPUTS },
);

const BASE = { revision: count, lifecycle: LIFECYCLE, dependencies: list(text) };
const IMAGE = object({ distro: text, version: text, arch: text, variant: text });

const MACHINE: Check = object(
  {
    ...BASE,
    name: text,
    inputs: MACHINE_INPUTS,
    made: SETTINGS,
    seen: object({ settings: SETTINGS, power: text, image: IMAGE }),
    status: oneOf("ready", "unready"),
  },
  {
    id: word,
    clamped: SETTINGS,
    addresses: object({}, { ip4: text, ip6: text, diskUsedBytes: number }),
    unready: object({ reason: oneOf("timed out", "interrupted", "failed"), detail: text }, { byHand: oneOf(true) }),
    restartPending: oneOf(true),
    identityOwed: oneOf(true),
    deposed: list(object({ id: word, name: text }, { was: (value) => MACHINE(value) })),
    halfDeleted: text,
    returnTo: oneOf("running", "stopped"),
    pending: PENDING,
  },
);

const SETTING = object(
  {
    ...BASE,
    inputs: object({ key: text, value: anything, onRemove: text }),
    original: (value) => value === null || text(value),
    seen: text,
  },
  { got: text },
);

const RESOURCE = byField(
  "type",
  new Map([
    ["machine", MACHINE],
    ["setting", SETTING],
  ]),
);

const SNAPSHOT = object(
  {
    format: oneOf(1),
    stack: text,
    world: WORLD,
    lineage: word,
    serial: count,
    resources: mapOf(RESOURCE),
    outputs: mapOf(object({ value: anything, sensitive: flag })),
  },
  { env: text },
);

const PATCH = list(object({ op: oneOf("add", "remove", "replace"), path: text }));
const CHILD = object({ pid: positive, startedAt: text }, { held: text });
const OF_ACTION = { action: text, address: text, patch: PATCH, at: number };

const RECORD = byField(
  "kind",
  new Map([
    [
      "header",
      object(
        {
          format: oneOf(1),
          stack: text,
          lineage: word,
          baseSerial: count,
          planDigest: text,
          knownIds: list(text),
          at: number,
          hostId: text,
          bootId: text,
          world: WORLD,
        },
        { env: text },
      ),
    ],
    ["refreshed", object({ address: text, patch: PATCH })],
    [
      "intent",
      object({ ...OF_ACTION, does: text, attempt: positive, timeoutMs: number }, { child: CHILD, pending: PENDING }),
    ],
    ["child", object({ action: text, child: CHILD })],
    ["outcome", object({ ...OF_ACTION, result: oneOf("succeeded", "failed", "unknown") })],
  ]),
);

const LOCK = object({
  id: word,
  who: text,
  operation: text,
  created: text,
  hostId: text,
  bootId: text,
  pid: positive,
  processStart: text,
});

const LEARNED = object({ count: positive, meanMs: (value) => number(value) && Number(value) >= 0 });
const TIMINGS = object({ format: oneOf(1), learned: mapOf(LEARNED) });
const CLAIM = object({ lineage: text, stack: text, address: text, statePath: text });
