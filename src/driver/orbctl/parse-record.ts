import { OrbformError } from "../../model/errors.ts";
import { machineId, type ImageFacts, type MachineFacts, type MachineState } from "../../model/machine.ts";
import { readSettings } from "./setting-words.ts";

/** What a record's `config` calls each setting, by `config`'s own word (contract 5.1). */
const RECORD_KEYS = {
  cpu_limit: "cpu",
  memory_limit_mib: "memory_mib",
  disk_limit_bytes: "disk_bytes",
  default_username: "username",
  isolated: "isolated",
  isolate_network: "isolate_network",
  forward_ssh_agent: "forward_ssh_agent",
  mounts: "mounts",
  http_port: "http_port",
  https_port: "https_port",
} as const;

const STATES: ReadonlyMap<string, MachineState> = new Map(
  (["creating", "provisioning", "starting", "running", "stopping", "stopped", "deleting"] as const).map((state) => [
    state,
    state,
  ]),
);

/** A JSON object of unknown shape. */
export interface Loose {
  readonly [key: string]: unknown;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One machine's record, of any version: flat (2023), with `config` (2.0), with limits (2.2). Unknown keys are ignored,
 * missing ones stay absent. Errors: `ORB_LIST_UNREADABLE` where it has no id or no name.
 */
export function parseRecord(value: unknown): MachineFacts {
  const record = isObject(value) && isObject(value["record"]) ? value["record"] : value;
  const id = isObject(record) ? text(record["id"]) : "";
  const name = isObject(record) ? text(record["name"]) : "";
  if (!isObject(record) || id === "" || name === "") throw unreadable("A machine's record has no id or no name.");
  return {
    id: machineId(id),
    name,
    state: STATES.get(text(record["state"]).toLowerCase()) ?? "unknown",
    image: image(record["image"]),
    builtin: record["builtin"] === true || ["docker", "k8s"].includes(name.toLowerCase()),
    settings: readSettings(settingTexts(record)),
  };
}

/** An answer that can't be read: never taken for "no machines". */
export function unreadable(detail: string, cause?: unknown): OrbformError {
  return new OrbformError("ORB_LIST_UNREADABLE", {
    summary: "OrbStack's answer can't be read",
    detail: `${detail} What exists is unknown, so nothing was planned or changed.`,
    hint: 'Run "orbctl list -f json" and look at what it prints.',
    cause,
  });
}

function image(value: unknown): ImageFacts {
  const facts = isObject(value) ? value : {};
  return {
    distro: text(facts["distro"]),
    version: text(facts["version"]),
    arch: text(facts["arch"]),
    variant: text(facts["variant"]),
  };
}

/** Settings as `config` would print them. In 2023 `isolated` stood in the record itself. */
function settingTexts(record: Loose): ReadonlyMap<string, string> {
  const config = isObject(record["config"]) ? record["config"] : {};
  const texts = new Map<string, string>();
  if (typeof record["isolated"] === "boolean") texts.set("isolated", String(record["isolated"]));
  for (const [key, word] of Object.entries(RECORD_KEYS)) {
    const value = settingText(config[key]);
    if (value !== undefined) texts.set(word, value);
  }
  return texts;
}

function settingText(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  // The shape of mounts in JSON is not known (contract 5.1): only plain strings are believed.
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(",");
  return undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
