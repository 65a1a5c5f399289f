import { authored, SETTING_PATHS } from "../model/authored.ts";
import { SETTING_DEFAULTS, SETTING_KEYS, type MachineSettings } from "../model/machine.ts";
import type { InsideFacts, MachineStatus } from "../model/probe.ts";
import type { Theme } from "./theme.ts";
import { bytesText, oneLine, valueText } from "./value-text.ts";

type Row = readonly [string, string];

/** Machines for people, a block for each: what OrbStack says of it, then what it says of itself. */
export function statusText(statuses: readonly MachineStatus[], theme: Theme): string {
  if (statuses.length === 0) return "There are no machines.\n";
  return statuses.map((status) => block(status, theme)).join("\n");
}

function block({ machine, address, inside, problem }: MachineStatus, theme: Theme): string {
  const rows: readonly Row[] = [
    ["state", machine.state],
    ["id", machine.id],
    ...(address === undefined ? [] : ([["address in the stack", address]] as const)),
    ["image", [machine.image.distro, machine.image.version, machine.image.arch].filter(Boolean).join(" ")],
    ...(machine.ip4 === undefined ? [] : ([["IPv4", machine.ip4]] as const)),
    ...(machine.ip6 === undefined ? [] : ([["IPv6", machine.ip6]] as const)),
    ["DNS name", `${machine.name}.orb.local`],
    ...(machine.diskUsedBytes === undefined ? [] : ([["disk used", bytesText(machine.diskUsedBytes)]] as const)),
    ...settingRows(machine.settings),
    ...(inside === undefined ? [] : insideRows(inside)),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const body = rows.map(([name, value]) => `  ${name.padEnd(width)} = ${oneLine(value)}\n`).join("");
  const trouble = problem === undefined ? "" : `  ${theme.error("not looked at inside:")} ${oneLine(problem)}\n`;
  const stopped =
    inside === undefined && problem === undefined ? "  not looked at inside: it doesn't run (--start)\n" : "";
  return `${theme.strong(oneLine(machine.name))}\n${body}${trouble}${stopped}`;
}

/** What differs from OrbStack's defaults. */
function settingRows(settings: MachineSettings): readonly Row[] {
  const defaults: MachineSettings = SETTING_DEFAULTS;
  return SETTING_KEYS.flatMap((key): readonly Row[] => {
    const value = settings[key];
    const isUnset = value === undefined || JSON.stringify(value) === JSON.stringify(defaults[key]);
    if (isUnset) return [];
    const written = authored(key, value);
    return [[SETTING_PATHS[key], typeof written === "string" ? written : valueText(written)]];
  });
}

function insideRows(inside: InsideFacts): readonly Row[] {
  const { hostname, os, kernel, interfaces, gateways, nameservers, searchDomains, listening } = inside;
  return [
    ...optional("hostname", hostname),
    ...optional("system", os),
    ...optional("kernel", kernel),
    ...interfaces.map(({ name, addresses, mtu }): Row => {
      const unit = mtu === undefined ? "" : ` (MTU ${mtu})`;
      return [`interface ${name}`, `${addresses.join(", ")}${unit}`];
    }),
    ...optional("gateway", gateways.join(", ")),
    ...optional("name servers", nameservers.join(", ")),
    ...optional("search domains", searchDomains.join(", ")),
    ...optional("listening TCP ports", listening.join(", ")),
  ];
}

function optional(name: string, value: string | undefined): readonly Row[] {
  return value === undefined || value === "" ? [] : [[name, value]];
}

/** Machines as JSON. */
export function statusJson(statuses: readonly MachineStatus[]): object {
  return { format_version: "1.0", machines: statuses };
}
