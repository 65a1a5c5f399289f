/** What a stack declares of a resource, by property. */
import { authored, SETTING_PATHS } from "../model/authored.ts";
import type { JsonObject, Json } from "../model/json.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type { DesiredArchive, DesiredInside, DesiredMachine, DesiredResource, Origin } from "../model/resource.ts";
import { refsIn, resolveValue, type Value } from "../model/value.ts";

/** A property as it is declared. What is `hidden` may be a secret, and is never shown. */
export interface Declared {
  readonly path: string;
  readonly value: Value;
  readonly hidden?: true;
}

/** Every property that a stack declares of a resource, as authors write it. */
export function declared(resource: DesiredResource): readonly Declared[] {
  switch (resource.type) {
    case "machine":
      return machine(resource);
    case "setting":
      return [
        { path: "key", value: resource.key },
        { path: "value", value: resource.value },
      ];
    case "archive":
      return archive(resource);
    case "file":
    case "directory":
    case "packages":
    case "service":
    case "user":
    case "command":
    default:
      return inside(resource);
  }
}

/** What of it is known before anything is done. */
export function declaredValues(resource: DesiredResource): JsonObject {
  const known: { [path: string]: Json } = {};
  for (const { path, value, hidden } of declared(resource)) {
    const resolved = hidden === true ? undefined : resolveValue(value, () => undefined);
    if (resolved !== undefined && resolved !== null) known[path] = resolved;
  }
  return known;
}

function machine(resource: DesiredMachine): readonly Declared[] {
  const { name, origin, arch, cloudInit, power, identity, labels, groups } = resource;
  return [
    { path: "name", value: name },
    originOf(origin),
    ...(arch === undefined ? [] : [{ path: "arch", value: arch }]),
    ...(cloudInit === undefined ? [] : [{ path: "cloudInit", value: cloudInit.text, hidden: true as const }]),
    ...settings(resource),
    ...(power === "any" ? [] : [{ path: "power", value: power }]),
    { path: "default", value: resource.default },
    { path: "identity", value: identity },
    { path: "labels", value: labels },
    { path: "groups", value: groups },
  ];
}

function originOf(origin: Origin): Declared {
  switch (origin.kind) {
    case "image": {
      const { distro, version } = origin;
      return { path: "image", value: version === undefined ? distro : `${distro}:${version}` };
    }
    case "clone":
      return { path: "clone", value: origin.of.kind === "address" ? origin.of.address : origin.of.name };
    case "restore":
    default:
      return { path: "restore", value: origin.path };
  }
}

function settings({ settings: asked }: DesiredMachine): readonly Declared[] {
  return SETTING_KEYS.flatMap((key): readonly Declared[] => {
    const value = asked[key];
    if (value === undefined) return [];
    const known = refsIn(value).length === 0 ? resolveValue(value, () => undefined) : undefined;
    return [{ path: SETTING_PATHS[key], value: known === undefined ? value : authored(key, known) }];
  });
}

function archive({ of, dir, keep, triggers, verify }: DesiredArchive): readonly Declared[] {
  return [
    { path: "of", value: of },
    { path: "dir", value: dir },
    ...(keep === undefined ? [] : [{ path: "keep", value: { ...keep } }]),
    ...(triggers === undefined ? [] : [{ path: "triggers", value: triggers }]),
    { path: "verify", value: verify },
  ];
}

function inside({ on, properties, sensitive }: DesiredInside): readonly Declared[] {
  const { digest, content, source: _source, ...others } = properties;
  const held = typeof digest === "string" ? `sha256:${digest}` : content;
  const rest = Object.entries(others).map(([path, value]): Declared => ({ path, value: shown(path, value) }));
  return [
    { path: "on", value: on },
    ...(held === undefined ? [] : [{ path: "content", value: held, ...(sensitive && { hidden: true as const }) }]),
    ...rest,
  ];
}

function shown(path: string, value: Value): Value {
  return path === "mode" && typeof value === "number" ? modeText(value) : value;
}

/** A file's mode as authors write it: `0644`. */
export function modeText(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}
