import { archivePath } from "../model/archive.ts";
import { authored, SETTING_PATHS } from "../model/authored.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { SETTING_KEYS } from "../model/machine.ts";
import type {
  ArchiveResource,
  InsideResource,
  MachineResource,
  ResourceState,
  SettingResource,
  Snapshot,
} from "../model/snapshot.ts";
import { outputsText } from "./outputs-text.ts";
import type { Theme } from "./theme.ts";
import { bytesText, oneLine, valueText } from "./value-text.ts";

type Row = readonly [string, string];

/** The snapshot for people: a block for every resource, then the outputs. */
export function snapshotText(snapshot: Snapshot, theme: Theme): string {
  const blocks = entriesOf(snapshot).map(([address, resource]) => resourceText(address, resource, theme));
  const outputs = Object.keys(snapshot.outputs).length === 0 ? "" : `\nOutputs:\n\n${outputsText(snapshot.outputs)}`;
  if (blocks.length === 0 && outputs === "") return "The state is empty: it holds no resources.\n";
  return `${blocks.join("\n")}${outputs}`;
}

/** One resource of the snapshot for people. */
export function resourceText(address: string, resource: ResourceState, theme: Theme): string {
  const rows = rowsOf(resource);
  const width = Math.max(...rows.map(([key]) => key.length));
  const title = titleOf(address, resource);
  const mark = statusOf(resource);
  const head = `# ${theme.strong(oneLine(address))}:${mark === "" ? "" : theme.warning(` (${mark})`)}\n`;
  const body = rows.map(([key, value]) => `    ${key.padEnd(width)} = ${value}\n`).join("");
  return `${head}${resource.type} ${valueText(title)} {\n${body}}\n`;
}

/** Every address of the snapshot, sorted, one a line. */
export function addressLines(snapshot: Snapshot): string {
  return entriesOf(snapshot)
    .map(([address]) => `${oneLine(address)}\n`)
    .join("");
}

/** One resource as JSON. */
export function resourceJson(address: string, resource: ResourceState): JsonObject {
  const plain: JsonObject = JSON.parse(JSON.stringify(resource));
  return { address, ...plain };
}

function entriesOf(snapshot: Snapshot): readonly (readonly [string, ResourceState])[] {
  return Object.entries(snapshot.resources).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function statusOf(resource: ResourceState): string {
  if (resource.type === "setting") return "";
  if (resource.type !== "machine") return resource.unfinished === true ? "begun, its end is not known" : "";
  if (resource.pending !== undefined) return `${resource.pending.action} under way or unknown`;
  if (resource.halfDeleted !== undefined) return "half deleted";
  return resource.status === "unready" ? `not ready: ${resource.unready?.reason ?? "unknown"}` : "";
}

function rowsOf(resource: ResourceState): readonly Row[] {
  if (resource.type === "machine") return machineRows(resource);
  if (resource.type === "archive") return archiveRows(resource);
  return resource.type === "setting" ? settingRows(resource) : insideRows(resource);
}

/** What a plan calls it as well. */
function titleOf(address: string, resource: ResourceState): string {
  if (resource.type === "machine") return resource.name;
  if (resource.type === "setting") return resource.inputs.key;
  if (resource.type === "archive") return resource.inputs.dir;
  const { inputs } = resource;
  if ("path" in inputs) return inputs.path;
  return "name" in inputs ? inputs.name : address.slice(address.lastIndexOf(".") + 1);
}

/** In the words and the order of the stack reference. */
function archiveRows({ inputs, made }: ArchiveResource): readonly Row[] {
  const { of, dir, keep, triggers, verify } = inputs;
  const rows: Row[] = [
    ["of", of],
    ["dir", valueText(dir)],
  ];
  if (keep !== undefined) rows.push(["keep", valueText({ ...keep }, 4)]);
  if (triggers !== undefined) rows.push(["triggers", valueText(triggers, 4)]);
  if (verify) rows.push(["verify", "true"]);
  if (made === undefined) return [...rows, ["path", "(not made yet)"]];
  rows.push(["path", valueText(archivePath(made))], ["digest", valueText(`sha256:${made.sha256}`)]);
  rows.push(
    ["sizeBytes", `${made.sizeBytes} (${bytesText(made.sizeBytes)})`],
    ["createdAt", valueText(made.createdAt)],
  );
  return [
    ...rows,
    ["machine", `${valueText(made.name)} (${oneLine(made.machine)})`],
    ["madeBy", valueText(made.madeBy)],
  ];
}

function insideRows({ inputs, on }: InsideResource): readonly Row[] {
  const { type: _type, ...asked } = inputs;
  const rows = Object.entries(asked).map(([key, value]): Row => [key, rowText(key, value)]);
  return [["on", on], ...rows];
}

function rowText(key: string, value: Json): string {
  return key === "mode" && typeof value === "number" ? `0${value.toString(8)}` : valueText(value, 4);
}

const NOT_KNOWN = "(not known yet)";

/** In the words and the order of the stack reference. */
function machineRows(machine: MachineResource): readonly Row[] {
  const { distro, version, arch } = machine.seen.image;
  const rows: Row[] = [
    ["id", machine.id === undefined ? NOT_KNOWN : valueText(machine.id)],
    ["name", valueText(machine.name)],
    // A run that died while it made the machine left what it had not seen empty.
    ["image", distro === "" ? NOT_KNOWN : valueText(version === "" ? distro : `${distro}:${version}`)],
    ["arch", arch === "" ? NOT_KNOWN : valueText(arch)],
    ...settingsRows(machine),
    ["power", machine.id === undefined ? NOT_KNOWN : valueText(machine.seen.power)],
  ];
  const { ip4, ip6, diskUsedBytes } = machine.addresses ?? {};
  if (ip4 !== undefined) rows.push(["ip4", valueText(ip4)]);
  if (ip6 !== undefined) rows.push(["ip6", valueText(ip6)]);
  if (diskUsedBytes !== undefined) rows.push(["diskBytes", `${diskUsedBytes} (${bytesText(diskUsedBytes)})`]);
  if (machine.restartPending) rows.push(["restart", "pending: a changed setting takes effect at its next start"]);
  for (const old of machine.deposed ?? []) rows.push(["deposed", `${valueText(old.name)} (${oneLine(old.id)})`]);
  return rows;
}

function settingsRows({ seen, clamped, inputs }: MachineResource): readonly Row[] {
  const rows: Row[] = [];
  for (const key of SETTING_KEYS) {
    const value = seen.settings[key];
    const path = SETTING_PATHS[key];
    // What an isolated machine may do says nothing of one that isn't.
    if (value === undefined || (path.startsWith("isolated.") && seen.settings.isolated !== true)) continue;
    const asked = clamped?.[key] === undefined ? undefined : inputs.settings[key];
    const got = asked === undefined ? "" : ` (asked for ${valueText(authored(key, asked))})`;
    rows.push([path, `${valueText(authored(key, value), 4)}${got}`]);
  }
  return rows;
}

function settingRows(setting: SettingResource): readonly Row[] {
  return [
    ["key", valueText(setting.inputs.key)],
    ["value", valueText(setting.seen)],
    ["original", setting.original === null ? "(not set)" : valueText(setting.original)],
  ];
}
