import type { Json, JsonObject } from "./json.ts";
import type { DesiredMachine, MachineReference, Origin, Ready } from "./resource.ts";
import type { MachineInputs } from "./snapshot.ts";
import { resolveValue, type Lookup, type Value } from "./value.ts";

/** Hex SHA-256 of a value's canonical JSON, handed in so that pure code stays pure. */
export type Digest = (value: Json) => string;

/**
 * What a snapshot keeps of a desired machine once it is settled, or `undefined` while a reference in it is not known.
 * Planner and executor both use this one, so that what was applied compares equal to what is planned next.
 */
export function machineInputs(desired: DesiredMachine, lookup: Lookup, digest: Digest): MachineInputs | undefined {
  const settings = resolveValue(definedSettings(desired), lookup);
  const cloudInit = desired.cloudInit && textDigest(desired.cloudInit.text, lookup, digest);
  const replaceWhen = replaceWhenDigest(desired.lifecycle.replaceWhen, lookup, digest);
  const unknown =
    settings === undefined ||
    (desired.cloudInit !== undefined && cloudInit === undefined) ||
    (desired.lifecycle.replaceWhen.length > 0 && replaceWhen === undefined);
  if (unknown) return undefined;
  return {
    name: desired.name,
    origin: originJson(desired.origin),
    ...(desired.arch !== undefined && { arch: desired.arch }),
    ...(cloudInit !== undefined && { cloudInit }),
    settings: isObject(settings) ? settings : {},
    power: desired.power,
    default: desired.default,
    identity: desired.identity,
    ready: readyJson(desired.ready),
    labels: desired.labels,
    groups: desired.groups,
    ...(replaceWhen !== undefined && { replaceWhen }),
  };
}

/** `sha256:…` of a cloud-init text, or `undefined` while a reference in it is not known. */
export function textDigest(text: Value, lookup: Lookup, digest: Digest): string | undefined {
  const resolved = resolveValue(text, lookup);
  return resolved === undefined ? undefined : `sha256:${digest(resolved)}`;
}

/** `sha256:…` of the `replaceWhen` values; `undefined` where there are none or one is not known. */
export function replaceWhenDigest(values: readonly Value[], lookup: Lookup, digest: Digest): string | undefined {
  if (values.length === 0) return undefined;
  const resolved = resolveValue(values, lookup);
  return resolved === undefined ? undefined : `sha256:${digest(resolved)}`;
}

/** An origin as the snapshot keeps it. */
export function originJson(origin: Origin): JsonObject {
  switch (origin.kind) {
    case "image":
      return {
        kind: "image",
        distro: origin.distro,
        ...(origin.version !== undefined && { version: origin.version }),
      };
    case "clone":
      return { kind: "clone", of: referenceJson(origin.of) };
    case "restore":
    default:
      return { kind: "restore", path: origin.path, digest: origin.digest };
  }
}

function referenceJson(reference: MachineReference): JsonObject {
  return reference.kind === "address"
    ? { kind: "address", address: reference.address }
    : { kind: "existing", name: reference.name };
}

function readyJson(ready: Ready): JsonObject {
  const timeoutMs = ready.timeoutMs;
  switch (ready.kind) {
    case "command":
      return {
        kind: ready.kind,
        command: ready.command,
        ...(ready.user !== undefined && { user: ready.user }),
        timeoutMs,
      };
    case "tcp":
      return { kind: ready.kind, port: ready.port, timeoutMs };
    case "answers":
    case "cloud-init":
    default:
      return { kind: ready.kind, timeoutMs };
  }
}

function definedSettings(desired: DesiredMachine): { readonly [key: string]: Value } {
  const defined: { [key: string]: Value } = {};
  for (const [key, value] of Object.entries(desired.settings)) {
    if (value !== undefined) defined[key] = value;
  }
  return defined;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
