import type { Place } from "../model/place.ts";
import type { DesiredMachine } from "../model/resource.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { read, readBoolean, readList, readText, readWord, refuse } from "./field.ts";
import type { Field, Reading } from "./field.ts";
import { quoted } from "./quoted.ts";
import { checkKeys } from "./rules-keys.ts";
import { readLifecycle } from "./rules-lifecycle.ts";
import { readArch, readCloudInit, readOrigin } from "./rules-origin.ts";
import { defaultReady, readReady } from "./rules-ready.ts";
import { readSettings } from "./rules-settings.ts";
import type { Node } from "./scope.ts";

/** Every property of a machine, in the order the stack reference has them. */
const PROPERTIES = [
  "image",
  "arch",
  "clone",
  "restore",
  "name",
  "user",
  "cloudInit",
  "cpus",
  "memory",
  "disk",
  "isolated",
  "httpPort",
  "httpsPort",
  "power",
  "default",
  "identity",
  "ready",
  "labels",
  "groups",
  "lifecycle",
] as const;

/** What `ignoreChanges` of a machine may name. */
const IGNORABLE = [
  ...PROPERTIES.filter((each) => !["clone", "identity", "ready", "lifecycle"].includes(each)),
  "isolated.network",
  "isolated.forwardSshAgent",
  "isolated.mounts",
];

/** Reads a machine as a stack declares it, or gives `undefined` where it can't be made sense of. Says all that is wrong. */
export function readMachine(reading: Reading, node: Node): DesiredMachine | undefined {
  const { input } = node;
  if (!isPlainObject(input)) return refuse({ ...reading, name: "machine", value: input }, "called with an object");
  checkKeys(reading.findings, input, { of: "a machine", known: PROPERTIES });
  const origin = readOrigin(reading, input);
  const cloudInit = read(reading, ["cloudInit", input["cloudInit"]], readCloudInit);
  const arch = read(reading, ["arch", input["arch"]], readArch);
  const options = readOptions(reading, input);
  const settings = readSettings(reading, input);
  const ready = read(reading, ["ready", input["ready"]], readReady) ?? defaultReady(input["cloudInit"] !== undefined);
  const lifecycle = readLifecycle(reading, input["lifecycle"], IGNORABLE);
  const name = reading.scope.names.get(node.rid);
  if (origin === undefined || name === undefined) return undefined;
  return {
    type: "machine",
    address: node.address,
    name,
    origin,
    ...(arch && { arch }),
    ...(cloudInit && { cloudInit }),
    settings,
    ...options,
    ready,
    lifecycle,
    dependencies: [...reading.needs.keys()].toSorted(),
    ...placed(node.place),
  };
}

/** A place as an optional property. */
export function placed(place: Place | undefined): { readonly place?: Place } {
  return place === undefined ? {} : { place };
}

function readOptions(reading: Reading, input: { readonly [key: string]: unknown }) {
  return {
    power: read(reading, ["power", input["power"]], readWord(["running", "stopped", "any"])) ?? "running",
    default: read(reading, ["default", input["default"]], readBoolean) ?? false,
    identity: read(reading, ["identity", input["identity"]], readWord(["keep", "fresh"])) ?? "keep",
    labels: read(reading, ["labels", input["labels"]], readLabels) ?? {},
    groups: read(reading, ["groups", input["groups"]], readList(readText)) ?? [],
  } as const;
}

function readLabels(field: Field): { readonly [key: string]: string } | undefined {
  if (!isPlainObject(field.value)) return refuse(field, "an object of strings");
  const labels: [string, string][] = [];
  for (const [key, value] of Object.entries(field.value)) {
    const text = value === undefined ? undefined : readLabel({ ...field, name: `labels.${key}`, value }, key);
    if (text !== undefined) labels.push([key, text]);
  }
  return Object.fromEntries(labels);
}

function readLabel(field: Field, key: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(key)) return readText(field);
  return refuse({ ...field, name: "labels", value: key }, `an object whose keys are plain words (not ${quoted(key)})`);
}
