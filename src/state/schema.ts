/**
 * The published shape of a snapshot. Objects are loose: a key that a later version adds is kept, not refused and not
 * dropped. Loaded only where sound.ts refused a file, to say what is wrong with it: zod costs every start 20 ms.
 */
import * as z from "zod";
import type { JsonObject } from "../model/json.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { insideShape } from "./schema-inside.ts";

const text = z.string();
const count = z.int().nonnegative();
const json = z.json();
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
  inputs: machineInputs.exactOptional(),
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
  unready: z
    .looseObject({
      reason: z.enum(["timed out", "interrupted", "failed"]),
      detail: text,
      byHand: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  restartPending: z.literal(true).exactOptional(),
  identityOwed: z.literal(true).exactOptional(),
  deposed: z
    .array(z.looseObject({ id: text.min(1), name: text, was: z.lazy((): z.ZodType => machine).exactOptional() }))
    .exactOptional(),
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
  got: text.exactOptional(),
});

const keep = z.looseObject({
  last: count.exactOptional(),
  daily: count.exactOptional(),
  weekly: count.exactOptional(),
  monthly: count.exactOptional(),
});

const archive = z.looseObject({
  ...base,
  type: z.literal("archive"),
  inputs: z.looseObject({
    of: text,
    dir: text,
    keep: keep.exactOptional(),
    triggers: json.exactOptional(),
    verify: z.boolean(),
  }),
  series: text.min(1),
  made: z
    .looseObject({
      machine: text.min(1),
      name: text,
      dir: text,
      file: text.min(1),
      sha256: text,
      sizeBytes: count,
      createdAt: text,
      madeBy: text,
    })
    .exactOptional(),
  unfinished: z.literal(true).exactOptional(),
});

const snapshot = z.looseObject({
  format: z.literal(1),
  stack: text,
  env: text.exactOptional(),
  world,
  lineage: text.min(1),
  serial: count,
  resources: z.record(text, z.discriminatedUnion("type", [machine, setting, archive, insideShape(base)])),
  outputs: z.record(text, z.looseObject({ value: json, sensitive: z.boolean() })),
});

/** What is wrong first with a value that should be a snapshot of the present format; `undefined` where nothing is. */
export function snapshotIssue(
  value: unknown,
): { readonly path: readonly PropertyKey[]; readonly message: string } | undefined {
  return snapshot.safeParse(value).error?.issues[0];
}

/** Whether a value is a snapshot of the present format. */
export function isSnapshot(value: unknown): value is Snapshot {
  return snapshot.safeParse(value).success;
}

/** The shape as a JSON schema, draft 2020-12. */
export function snapshotSchema(): JsonObject {
  const schema: JsonObject = JSON.parse(JSON.stringify(z.toJSONSchema(snapshot, { target: "draft-2020-12" })));
  return schema;
}
