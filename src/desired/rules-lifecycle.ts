import { parseAddress } from "../model/address.ts";
import type { Address } from "../model/address.ts";
import { DEFAULT_LIFECYCLE } from "../model/lifecycle.ts";
import type { Lifecycle } from "../model/lifecycle.ts";
import type { Value } from "../model/value.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import type { TimedAction } from "../stack/lifecycle-input.ts";
import { read, readBoolean, readList, readWhole, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { isListed } from "./flatten.ts";
import { readDuration } from "./rules-duration.ts";
import { checkKeys } from "./rules-keys.ts";
import { suggestion } from "./suggest.ts";
import { needed, neededHandle, toValue } from "./to-value.ts";

const KEYS = [
  "preventDestroy",
  "ignoreChanges",
  "replaceWhen",
  "createBeforeDestroy",
  "dependsOn",
  "aliases",
  "retain",
  "timeouts",
  "retries",
];

const TIMED = [
  "create",
  "clone",
  "restore",
  "rename",
  "start",
  "stop",
  "restart",
  "config",
  "set-default",
  "delete",
  "write",
  "run",
  "export",
  "remove",
] as const satisfies readonly TimedAction[];

const MOST_RETRIES = 20;

/** The `lifecycle` property of any resource; `ignorable` are the properties it may ignore. */
export function readLifecycle(reading: Reading, input: unknown, ignorable: readonly string[]): Lifecycle {
  if (input === undefined) return DEFAULT_LIFECYCLE;
  if (!isPlainObject(input)) {
    refuse({ ...reading, name: "lifecycle", value: input }, "an object");
    return DEFAULT_LIFECYCLE;
  }
  checkKeys(reading.findings, input, { of: "lifecycle", known: KEYS });
  const field = <T>(key: string, how: (field: Field) => T | undefined): T | undefined =>
    read(reading, [`lifecycle.${key}`, input[key]], how);
  field("dependsOn", readList(neededHandle));
  return {
    preventDestroy: field("preventDestroy", readBoolean) ?? false,
    ignoreChanges: field("ignoreChanges", readList(readIgnorable(ignorable))) ?? [],
    replaceWhen: field("replaceWhen", readList(readWatched)) ?? [],
    createBeforeDestroy: field("createBeforeDestroy", readBoolean) ?? false,
    aliases: field("aliases", readList(readAlias)) ?? [],
    retain: field("retain", readBoolean) ?? false,
    timeoutsMs: field("timeouts", readTimeouts) ?? {},
    retries: field("retries", readWhole({ min: 0, max: MOST_RETRIES })) ?? DEFAULT_LIFECYCLE.retries,
  };
}

function readIgnorable(known: readonly string[]): (field: Field) => string | undefined {
  return (field) => {
    const { value } = field;
    if (typeof value === "string" && known.includes(value)) return value;
    const meant = typeof value === "string" ? suggestion(value, known) : undefined;
    return refuse(field, `one of ${known.join(", ")}`, meant);
  };
}

/** A resource stands for its id: what watches it is replaced with it. */
function readWatched(field: Field): Value | undefined {
  if (!isListed(field.value)) return toValue(field);
  if (field.value["~orbform"] !== "machine") return refuse(field, "data, a reference or a machine");
  const node = needed(field, field.value["~rid"]);
  return node && { "~orbform": "ref", address: node.address, property: "id" };
}

function readAlias(field: Field): Address | undefined {
  const found = typeof field.value === "string" ? parseAddress(field.value) : undefined;
  return found ?? refuse(field, 'an address like "machine.web"');
}

function readTimeouts(field: Field): { readonly [kind: string]: number } | undefined {
  if (!isPlainObject(field.value)) return refuse(field, 'an object like { create: "10m" }');
  checkKeys(field.findings, field.value, { of: "lifecycle.timeouts", known: TIMED });
  const timeouts: [string, number][] = [];
  for (const kind of TIMED) {
    const ms = read(field, [`${field.name}.${kind}`, field.value[kind]], readDuration);
    if (ms !== undefined) timeouts.push([kind, ms]);
  }
  return Object.fromEntries(timeouts);
}
