/**
 * The shapes of what the state room reads from disk. Objects are loose: a key that a later version adds is kept, not
 * refused and not dropped. Only codec.ts reads this; nothing that a stack file imports may reach it.
 */
import * as z from "zod";

const text = z.string();
const count = z.int().nonnegative();
const json = z.json();
const child = z.looseObject({ pid: z.int().positive(), startedAt: text, held: text.exactOptional() });
const world = z.looseObject({ driver: text, host: text });

const machineSettings = z.looseObject({
  cpus: z.number().exactOptional(),
  memoryMiB: z.number().exactOptional(),
  diskBytes: z.number().exactOptional(),
  user: text.exactOptional(),
  isolated: z.boolean().exactOptional(),
  isolateNetwork: z.boolean().exactOptional(),
  forwardSshAgent: z.boolean().exactOptional(),
  mounts: z.array(text).exactOptional(),
  httpPort: z.number().exactOptional(),
  httpsPort: z.number().exactOptional(),
});

const image = z.looseObject({ distro: text, version: text, arch: text, variant: text });

const lifecycle = z.looseObject({
  preventDestroy: z.boolean(),
  ignoreChanges: z.array(text),
  replaceWhen: z.array(json),
  createBeforeDestroy: z.boolean(),
  aliases: z.array(text),
  retain: z.boolean(),
  timeoutsMs: z.record(text, z.number()),
  retries: z.number(),
});

const pending = z.looseObject({
  action: z.enum(["create", "clone", "restore"]),
  name: text,
  at: z.number(),
  timeoutMs: z.number(),
  expected: z.looseObject({
    distro: text.exactOptional(),
    version: text.exactOptional(),
    arch: text.exactOptional(),
    user: text.exactOptional(),
  }),
  knownIds: z.array(text),
});

const machineInputs = z.looseObject({
  name: text,
  origin: z.record(text, json),
  arch: text.exactOptional(),
  cloudInit: text.exactOptional(),
  settings: z.record(text, json),
  power: text,
  default: z.boolean(),
  identity: text,
  ready: z.record(text, json),
  labels: z.record(text, text),
  groups: z.array(text),
  replaceWhen: text.exactOptional(),
});

const base = { revision: count, lifecycle, dependencies: z.array(text) };

const machine = z.looseObject({
  ...base,
  type: z.literal("machine"),
  id: text.min(1).exactOptional(),
  name: text,
  inputs: machineInputs,
  made: machineSettings,
  seen: z.looseObject({ settings: machineSettings, power: text, image }),
  clamped: machineSettings.exactOptional(),
  addresses: z
    .looseObject({ ip4: text.exactOptional(), ip6: text.exactOptional(), diskUsedBytes: z.number().exactOptional() })
    .exactOptional(),
  status: z.enum(["ready", "unready"]),
  unready: z.looseObject({ reason: z.enum(["timed out", "interrupted", "failed"]), detail: text }).exactOptional(),
  restartPending: z.literal(true).exactOptional(),
  deposed: z.array(z.looseObject({ id: text.min(1), name: text })).exactOptional(),
  halfDeleted: text.exactOptional(),
  returnTo: z.enum(["running", "stopped"]).exactOptional(),
  pending: pending.exactOptional(),
});

const setting = z.looseObject({
  ...base,
  type: z.literal("setting"),
  inputs: z.looseObject({ key: text, value: json, onRemove: text }),
  original: text.nullable(),
  seen: text,
});

/** A snapshot of the format this version writes. */
export const snapshotSchema = z.looseObject({
  format: z.literal(1),
  stack: text,
  env: text.exactOptional(),
  world,
  lineage: text.min(1),
  serial: count,
  resources: z.record(text, z.discriminatedUnion("type", [machine, setting])),
  outputs: z.record(text, z.looseObject({ value: json, sensitive: z.boolean() })),
});

const patch = z.array(
  z.looseObject({ op: z.enum(["add", "remove", "replace"]), path: text, value: json.exactOptional() }),
);

const at = z.number();

/** A line of the journal, without its checksum. */
export const recordSchema = z.discriminatedUnion("kind", [
  z.looseObject({
    kind: z.literal("header"),
    format: z.literal(1),
    stack: text,
    lineage: text.min(1),
    baseSerial: count,
    planDigest: text,
    knownIds: z.array(text),
    at,
    hostId: text,
    bootId: text,
    world,
    env: text.exactOptional(),
  }),
  z.looseObject({ kind: z.literal("refreshed"), address: text, patch }),
  z.looseObject({
    kind: z.literal("intent"),
    action: text,
    address: text,
    does: text,
    attempt: z.int().positive(),
    at,
    timeoutMs: z.number(),
    child: child.exactOptional(),
    patch,
    pending: pending.exactOptional(),
  }),
  z.looseObject({ kind: z.literal("child"), action: text, child }),
  z.looseObject({
    kind: z.literal("outcome"),
    action: text,
    address: text,
    result: z.enum(["succeeded", "failed", "unknown"]),
    patch,
    at,
  }),
]);

/** Who holds a lock. */
export const lockSchema = z.looseObject({
  id: text.min(1),
  who: text,
  operation: text,
  created: text,
  hostId: text,
  bootId: text,
  pid: z.int().positive(),
  processStart: text,
});

const learned = z.looseObject({ count: z.int().positive(), meanMs: z.number().nonnegative() });

/** Learned durations. */
export const timingsSchema = z.looseObject({ format: z.literal(1), learned: z.record(text, learned) });

/** Who manages a machine or a setting. */
export const claimSchema = z.looseObject({ lineage: text, stack: text, address: text, statePath: text });
