import { ip4, ip6 } from "./naming.ts";
import type { Machine } from "./record.ts";
import { release } from "./release.ts";
import type { World } from "./world.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The table that `list` prints (contract 3.2): two spaces between columns, header words underlined. */
export function listTable(world: World, machines: readonly Machine[]): string {
  const columns = world.release.columns;
  const rows = machines.map((machine) => cells(world, machine));
  const underline = columns.map((column) => "-".repeat(column.length));
  return renderTable([columns, underline, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]);
}

/** Rows of cells as padded columns, without spaces at the ends of lines. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

function cells(world: World, machine: Machine): { readonly [column: string]: string } {
  const running = hasAddress(world, machine);
  return {
    NAME: machine.name,
    STATE: world.stateOf(machine),
    DISTRO: machine.image.distro,
    VERSION: machine.image.version,
    ARCH: machine.image.arch,
    SIZE: world.release.showsSizes ? humanSize(machine.disk) : "",
    IP: running ? ip4(world, machine.host) : "",
  };
}

/** A size as people read it: `687.2 MB`, `2.0 GB`. */
function humanSize(bytes: number): string {
  return bytes >= 999.95e6 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function hasAddress(world: World, machine: Machine): boolean {
  return ["running", "provisioning"].includes(world.stateOf(machine));
}

/** What `list -f json` prints. */
export function listJson(world: World, machines: readonly Machine[]): string {
  return `${JSON.stringify(
    machines.map((machine) => record(world, machine)),
    null,
    2,
  )}\n`;
}

/** What `info -f json` prints: the record in a wrapper, or bare before 2.0. */
export function infoJson(world: World, machine: Machine): string {
  const flat = !shape(world).configRecords;
  return `${JSON.stringify(flat ? record(world, machine) : wrapped(world, machine), null, 2)}\n`;
}

function wrapped(world: World, machine: Machine): Json {
  const addresses = hasAddress(world, machine) ? { ip4: ip4(world, machine.host), ip6: ip6(machine.id) } : {};
  const extra = world.faults.on("extra-keys") ? { uptime_seconds: 1, net: { mtu: 1500 } } : {};
  return { record: record(world, machine), disk_size: machine.disk, ...addresses, ...extra };
}

/** A machine as JSON, keys in the order of the samples (contract 5.1, 5.2). */
function record(world: World, machine: Machine): Json {
  const state = world.stateOf(machine);
  const { id, name, image } = machine;
  if (world.faults.value("missing-keys") === null) {
    return { id, name, image: { distro: image.distro, version: image.version, arch: image.arch }, state };
  }
  const extra: Json = world.faults.on("extra-keys") ? { tags: [], created_by: { app: "orbstack" } } : {};
  if (!shape(world).configRecords) {
    return { id, name, image: { ...image }, isolated: machine.settings.isolated, builtin: false, state, ...extra };
  }
  return { id, name, image: { ...image }, config: config(world, machine), builtin: false, state, ...extra };
}

function config(world: World, { settings }: Machine): Json {
  const { isolation, limits } = shape(world);
  const { isolated, forward_ssh_agent, isolate_network, username: default_username, http_port, https_port } = settings;
  const known: Json = isolation
    ? { isolated, forward_ssh_agent, isolate_network, default_username, http_port, https_port }
    : { isolated, default_username };
  return {
    ...known,
    ...(limits && settings.memory_mib > 0 ? { memory_limit_mib: settings.memory_mib } : {}),
    ...(limits && settings.cpu > 0 ? { cpu_limit: settings.cpu } : {}),
    ...(limits && settings.disk_bytes > 0 ? { disk_limit_bytes: settings.disk_bytes } : {}),
    ...(world.faults.on("mounts-in-json") && settings.mounts.length > 0 ? { mounts: settings.mounts } : {}),
    ...(world.faults.on("extra-keys") ? { gpu: { passthrough: false } } : {}),
  };
}

function shape(world: World): ReturnType<typeof release> {
  const version = world.faults.value("missing-keys");
  return typeof version === "string" ? release(version) : world.release;
}

/** What `info` prints for people. The labels are a guess: nobody has captured them. */
export function infoText(world: World, machine: Machine): string {
  const { image, settings } = machine;
  const rows = [
    ["ID", machine.id],
    ["Name", machine.name],
    ["State", world.stateOf(machine)],
    ["Distro", image.distro],
    ["Version", image.version],
    ["Architecture", image.arch],
    ["Disk size", humanSize(machine.disk)],
    ...(hasAddress(world, machine)
      ? [
          ["IPv4", ip4(world, machine.host)],
          ["IPv6", ip6(machine.id)],
        ]
      : []),
    ["default_username", settings.username],
    ["isolated", String(settings.isolated)],
    ["isolate_network", String(settings.isolate_network)],
    ["forward_ssh_agent", String(settings.forward_ssh_agent)],
  ];
  return rows.map(([label, value]) => `${label}: ${value}\n`).join("");
}

/** The builtin Docker machine, which `info docker` shows (contract 3.3). */
export function dockerJson(world: World): string {
  const record: Json = {
    id: "01GQQVF6C60000000000DOCKER",
    name: "docker",
    image: { distro: "docker", version: "latest", arch: "arm64", variant: "default" },
    config: {
      isolated: false,
      forward_ssh_agent: true,
      isolate_network: false,
      default_username: "root",
      http_port: 0,
      https_port: 0,
    },
    builtin: true,
    state: world.data.docker ? "running" : "stopped",
  };
  const addresses: Json = world.data.docker ? { ip4: `${world.release.subnet}.2`, ip6: "fd07:b51a:cc66::2" } : {};
  return `${JSON.stringify({ record, disk_size: 2_634_473_472, ...addresses }, null, 2)}\n`;
}

/** The builtin Docker machine, for people. */
export function dockerText(world: World): string {
  const state = world.data.docker ? "running" : "stopped";
  return `ID: 01GQQVF6C60000000000DOCKER\nName: docker\nState: ${state}\n`;
}
