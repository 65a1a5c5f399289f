/** Resources as whole objects of their properties, flat by the path that authors write: `isolated.network` is one key. */
import { archiveProperty } from "../model/archive.ts";
import { authored, SETTING_PATHS } from "../model/authored.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type { ResourceType } from "../model/address.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { ArchiveResource, InsideResource, MachineResource, ResourceState } from "../model/snapshot.ts";
import { declaredValues, modeText } from "./terraform-declared.ts";

const MADE = ["path", "digest", "sizeBytes", "createdAt"] as const;
const RIGHTS = ["mode", "owner", "group"] as const;

const FIRST = ["id", "name", "image", "clone", "restore", "arch", "cloudInit"] as const;
const LAST = ["power", "default", "identity", "labels", "groups", "replaceWhen", "ip4"] as const;

/** The properties of each type, in the order of the stack reference; what a type has besides comes after. */
const PROPERTIES: { readonly [K in ResourceType]: readonly string[] } = {
  machine: [...FIRST, ...SETTING_KEYS.map((key) => SETTING_PATHS[key]), ...LAST],
  setting: ["key", "value"],
  archive: ["of", "dir", "keep", "triggers", "verify", ...MADE],
  file: ["on", "path", "content", ...RIGHTS],
  directory: ["on", "path", ...RIGHTS],
  packages: ["on", "install", "remove"],
  service: ["on", "name", "running", "enabled"],
  user: ["on", "name", "shell", "home", "groups", "authorizedKeys"],
  command: ["on", "run", "user", "workdir", "creates", "unless", "onlyIf", "triggers"],
};

/** What is known of one resource: as state has it, as the stack wants it. Either may be absent. */
export interface Known {
  readonly type: ResourceType;
  readonly state?: ResourceState | undefined;
  readonly desired?: DesiredResource | undefined;
}

/**
 * All properties of a resource, `null` where it has none. State says how it is; but where a plan shows no difference, what
 * the stack declares is what is there, and state may be of before that.
 */
export function wholeValues({ type, state, desired }: Known): JsonObject {
  const declared = desired === undefined ? {} : declaredValues(desired);
  const found = state === undefined ? {} : present(stateValues(state));
  const ignored = desired?.lifecycle.ignoreChanges ?? [];
  const compared = Object.entries(declared).filter(([path]) => isCompared(type, path) && !isNamed(path, ignored));
  const empty = PROPERTIES[type].map((path): readonly [string, Json] => [path, null]);
  return { ...Object.fromEntries(empty), ...declared, ...found, ...Object.fromEntries(compared) };
}

/** What is compared by meaning, or with what was applied: there the stack's words may differ from what is there. */
const UNCOMPARED: ReadonlySet<string> = new Set([
  "image",
  "clone",
  "restore",
  "arch",
  "identity",
  "content",
  "triggers",
]);

function isCompared(type: ResourceType, path: string): boolean {
  return type !== "command" && type !== "setting" && !UNCOMPARED.has(path);
}

function isNamed(path: string, paths: readonly string[]): boolean {
  return paths.some((each) => path === each || path.startsWith(`${each}.`));
}

function present(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function stateValues(state: ResourceState): JsonObject {
  switch (state.type) {
    case "machine":
      return machineValues(state);
    case "setting":
      return { key: state.inputs.key, value: state.seen };
    case "archive":
      return archiveValues(state);
    case "file":
    case "directory":
    case "packages":
    case "service":
    case "user":
    case "command":
    default:
      return insideValues(state);
  }
}

function machineValues(state: MachineResource): JsonObject {
  const { inputs, seen } = state;
  return {
    id: state.id ?? null,
    name: state.name,
    ...originValues(inputs.origin, seen.image.version),
    arch: seen.image.arch === "" ? (inputs.arch ?? null) : seen.image.arch,
    cloudInit: inputs.cloudInit ?? null,
    ...settingValues(state),
    power: seen.power,
    default: inputs.default,
    identity: inputs.identity,
    labels: inputs.labels,
    groups: inputs.groups,
    replaceWhen: inputs.replaceWhen ?? null,
    ip4: state.addresses?.ip4 ?? null,
  };
}

function originValues(origin: JsonObject, made: string): JsonObject {
  const { kind, distro, version = made, path, digest } = origin;
  if (kind === "image") return { image: imageText(distro, version) };
  if (kind === "restore") return { restore: path ?? digest ?? null };
  const { of } = origin;
  const source = typeof of === "object" && of !== null && !Array.isArray(of) ? of : {};
  return { clone: field(source, "address") ?? field(source, "name") ?? null };
}

function imageText(distro: Json | undefined, version: Json): string {
  const words = [distro, version].flatMap((word) => (typeof word === "string" && word !== "" ? [word] : []));
  return words.join(":");
}

function field(value: object, key: string): Json | undefined {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found : undefined;
}

function settingValues({ inputs, seen, made }: MachineResource): JsonObject {
  const values: { [path: string]: Json } = {};
  for (const key of SETTING_KEYS) {
    const asked = inputs.settings[key];
    if (asked === undefined) continue;
    values[SETTING_PATHS[key]] = authored(key, seen.settings[key] ?? asked ?? made[key] ?? null);
  }
  return values;
}

function archiveValues({ inputs, made }: ArchiveResource): JsonObject {
  const { of, dir, keep, triggers, verify } = inputs;
  const asked = { of, dir, keep: keep === undefined ? null : { ...keep }, triggers: triggers ?? null, verify };
  return { ...asked, ...Object.fromEntries(MADE.map((each) => [each, archiveProperty(made, each) ?? null])) };
}

function insideValues({ on, inputs }: InsideResource): JsonObject {
  const { type: _type, ...asked } = inputs;
  const values: { [path: string]: Json } = { on };
  if (inputs.type === "file") values["content"] = `sha256:${inputs.digest}`;
  for (const [path, value] of Object.entries(asked)) {
    if (path !== "digest") values[path] = path === "mode" && typeof value === "number" ? modeText(value) : value;
  }
  return values;
}
