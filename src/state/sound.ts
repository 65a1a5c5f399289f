/**
 * Quick checks of what is read from disk. They hold no library, so that a command that only reads starts fast. For a
 * snapshot they are no stricter judge than schema.ts: what they refuse is looked at again there, and explained.
 */
import { INSIDE_TYPES } from "../model/inside.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { LockInfo } from "./backend.ts";
import type { Claim, JournalRecord, TimingsFile } from "./records.ts";
import {
  anything,
  byField,
  count,
  flag,
  list,
  mapOf,
  number,
  object,
  oneOf,
  positive,
  text,
  word,
  type Check,
} from "./sound-checks.ts";
import { insideCheck } from "./sound-inside.ts";

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

const KEEP = object({}, { last: count, daily: count, weekly: count, monthly: count });

const ARCHIVE = object(
  { ...BASE, inputs: object({ of: text, dir: text, verify: flag }, { keep: KEEP }), series: word },
  {
    made: object({
      machine: word,
      name: text,
      dir: text,
      file: word,
      sha256: text,
      sizeBytes: count,
      createdAt: text,
      madeBy: text,
    }),
    unfinished: oneOf(true),
  },
);

const INSIDE = insideCheck(BASE);

const RESOURCE = byField(
  "type",
  new Map([
    ["machine", MACHINE],
    ["setting", SETTING],
    ["archive", ARCHIVE],
    ...INSIDE_TYPES.map((type) => [type, INSIDE] as const),
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
const SCRIPT = object({ token: text, boot: text });
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
    ["refreshed", object({ address: text, patch: PATCH }, { others: list(object({ address: text, patch: PATCH })) })],
    [
      "intent",
      object(
        { ...OF_ACTION, does: text, attempt: positive, timeoutMs: number },
        { child: CHILD, pending: PENDING, script: SCRIPT },
      ),
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
