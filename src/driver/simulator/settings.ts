import { Failure } from "./failure.ts";
import type { Settings } from "./record.ts";
import type { World } from "./world.ts";

/** The settings of one machine, in the order `config show` has them, and since when they exist. */
const FIELDS = [
  { key: "cpu", kind: "count", since: "limits" },
  { key: "disk_bytes", kind: "count", since: "limits" },
  { key: "forward_ssh_agent", kind: "bool", since: "isolation" },
  { key: "http_port", kind: "count", since: "isolation" },
  { key: "https_port", kind: "count", since: "isolation" },
  { key: "isolate_network", kind: "bool", since: "isolation" },
  { key: "isolated", kind: "bool", since: "isolation" },
  { key: "memory_mib", kind: "count", since: "limits" },
  { key: "mounts", kind: "list", since: "isolation" },
  { key: "username", kind: "text", since: "always" },
] as const;

type Field = (typeof FIELDS)[number];

/** Settings of a machine that nothing was asked of. */
export function defaultSettings(username: string): Settings {
  return {
    cpu: 0,
    memory_mib: 0,
    disk_bytes: 0,
    username,
    isolated: false,
    isolate_network: false,
    forward_ssh_agent: true,
    mounts: [],
    http_port: 0,
    https_port: 0,
  };
}

/** The `machine.NAME.KEY: VALUE` lines of one machine, sorted by key. */
export function settingLines(world: World, name: string, settings: Settings): string {
  let lines = "";
  for (const field of FIELDS) {
    if (isKnown(world, field)) lines += `machine.${name}.${field.key}: ${readSetting(settings, field.key)}\n`;
  }
  return lines;
}

/** One setting as `config get` prints it, or `undefined` for a key that this OrbStack doesn't have. */
export function setting(world: World, settings: Settings, key: string): string | undefined {
  const field = FIELDS.find((each) => each.key === key);
  return field && isKnown(world, field) ? readSetting(settings, field.key) : undefined;
}

/** Whether a machine's setting holds a list, for `config add` and `config remove`. */
export function isListSetting(key: string): boolean {
  return FIELDS.some((field) => field.key === key && field.kind === "list");
}

/** Settings with one of them changed to what the text says. Throws a {@link Failure} for a value that it can't have. */
export function withSetting(settings: Settings, key: string, text: string): Settings {
  const field = FIELDS.find((each) => each.key === key);
  if (!field) throw new Failure(`unknown config key: ${key}`);
  return { ...settings, [field.key]: parseSetting(field, text) };
}

function parseSetting(field: Field, text: string): number | boolean | string | readonly string[] {
  switch (field.kind) {
    case "count":
      return parseCount(text);
    case "bool":
      return parseBool(text);
    case "list":
      return text === "" ? [] : text.split(",").map(parseMount);
    case "text":
      return text;
    default:
      throw new Error("a setting of no kind");
  }
}

/** Reads a whole number, 0 or more. */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new Failure(`invalid value: strconv.ParseUint: parsing "${text}": invalid syntax`);
  return Number(text);
}

/** Reads `SRC[:DEST]`: a path with a colon can't be mounted (contract 3.1). */
export function parseMount(text: string): string {
  const parts = text.split(":");
  if (parts.length > 2 || parts.includes("")) throw new Failure(`invalid mount '${text}'`);
  return text;
}

/** Reads a boolean as Go does. */
export function parseBool(text: string): boolean {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  throw new Failure(`invalid value: strconv.ParseBool: parsing "${text}": invalid syntax`);
}

/** Reads a size: `4G`, `512M`, or a bare number in `unit` bytes. Gives bytes. */
export function parseSize(text: string, unit: number): number {
  const [, digits, suffix = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  if (digits === undefined) throw new Failure(`invalid size '${text}'`);
  const exponent = " kmgt".indexOf(suffix.toLowerCase());
  return Math.floor(Number(digits) * (suffix === "" ? unit : 1024 ** exponent));
}

function readSetting(settings: Settings, key: Field["key"]): string {
  const value = settings[key];
  return typeof value === "object" ? value.join(",") : String(value);
}

function isKnown(world: World, field: Field): boolean {
  return field.since === "always" || world.release[field.since];
}
