import { OrbformError } from "../../model/errors.ts";
import { SETTING_KEYS, type MachineSettings, type SettingKey } from "../../model/machine.ts";

/** What `config` calls each per-machine setting, after `machine.NAME.` (contract 3.15). */
const SETTING_WORDS = {
  cpus: "cpu",
  memoryMiB: "memory_mib",
  diskBytes: "disk_bytes",
  user: "username",
  isolated: "isolated",
  isolateNetwork: "isolate_network",
  forwardSshAgent: "forward_ssh_agent",
  mounts: "mounts",
  httpPort: "http_port",
  httpsPort: "https_port",
} as const satisfies Record<SettingKey, string>;

/** One `config set` of a machine: the key's last segment and the value as text. */
export interface SettingPair {
  readonly word: string;
  readonly value: string;
}

/**
 * Settings as `config set` takes them, in the order they are to be set: what hangs on isolation comes after it is
 * switched on and before it is switched off. Errors: `ORB_PROPERTY_INVALID` for what has no exact form.
 */
export function settingPairs(settings: MachineSettings): readonly SettingPair[] {
  const keys = SETTING_KEYS.filter((key) => settings[key] !== undefined);
  const last = settings.isolated === false ? "isolated" : undefined;
  const ordered = keys.filter((key) => key !== last);
  if (last !== undefined) ordered.push(last);
  return ordered.map((key) => ({ word: SETTING_WORDS[key], value: settingText(settings, key) }));
}

/** One setting as text: `"4096"`, `"true"`, mounts joined by commas. */
function settingText(settings: MachineSettings, key: SettingKey): string {
  const value = settings[key];
  if (typeof value === "number") return String(wholeNumber(value, key));
  if (typeof value === "object") return value.map(mount).join(",");
  return String(value ?? "");
}

/** A number that is no whole number from 0 up is refused: OrbStack's are all counts. */
export function wholeNumber(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`${what} is ${value}; it must be a whole number from 0 up.`);
}

/**
 * A mount as `SRC[:DEST]`. Neither path can hold the characters that part them (contract 3.1, 3.15).
 */
export function mount(text: string): string {
  const parts = text.split(":");
  const wellFormed = parts.length <= 2 && parts.every((part) => part !== "");
  if (wellFormed && !text.includes(",") && !/\p{Cc}/u.test(text)) return text;
  throw invalid(`${JSON.stringify(text)} can't be mounted: OrbStack can't take a path with a colon or a comma.`);
}

function invalid(detail: string): OrbformError {
  return new OrbformError("ORB_PROPERTY_INVALID", { summary: "A setting can't be given to OrbStack", detail });
}

type Draft = { -readonly [K in SettingKey]?: Required<MachineSettings>[K] };

/**
 * Settings read from text by `config`'s words. A word that is absent or can't be read stays absent: unknown is not the
 * default. An empty number is 0, as others take it (contract 3.15).
 */
export function readSettings(texts: ReadonlyMap<string, string>): MachineSettings {
  const draft: Draft = {};
  put(draft, "cpus", count(texts.get("cpu")));
  put(draft, "memoryMiB", count(texts.get("memory_mib")));
  put(draft, "diskBytes", count(texts.get("disk_bytes")));
  put(draft, "user", texts.get("username") || undefined);
  put(draft, "isolated", flag(texts.get("isolated")));
  put(draft, "isolateNetwork", flag(texts.get("isolate_network")));
  put(draft, "forwardSshAgent", flag(texts.get("forward_ssh_agent")));
  put(draft, "mounts", list(texts.get("mounts")));
  put(draft, "httpPort", count(texts.get("http_port")));
  put(draft, "httpsPort", count(texts.get("https_port")));
  return draft;
}

function put<K extends SettingKey>(draft: Draft, key: K, value: Draft[K] | undefined): void {
  if (value !== undefined) draft[key] = value;
}

function count(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

function flag(text: string | undefined): boolean | undefined {
  if (text === "true") return true;
  return text === "false" ? false : undefined;
}

/**
 * Comma-separated, as `config set` takes it. How `config show` prints a list is not known: as Go does (`[/a /b:/c]`) and
 * as JSON are understood too, and Go's words for none.
 */
function list(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (/^(?:<nil>|nil|null|none)$/.test(text)) return [];
  const inBrackets = text.startsWith("[") && text.endsWith("]");
  const bare = inBrackets ? text.slice(1, -1) : text;
  const items = bare
    .split(inBrackets && !bare.includes(",") ? / (?=\/)/ : ",")
    .map((item) => item.trim().replace(/^"(.*)"$/, "$1"));
  return items.filter((item) => item !== "");
}
