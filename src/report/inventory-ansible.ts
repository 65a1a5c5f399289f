import { hostsByGroup, type Inventory } from "../model/inventory.ts";
import type { JsonObject } from "../model/json.ts";
import { pythonString, yamlString } from "./escaped.ts";
import { ansibleVars, type HostVar, type HostVars } from "./inventory-vars.ts";

/** What Ansible asks a dynamic inventory for with `--list`; `_meta` spares it a call for every host. */
export function ansibleList(inventory: Inventory): JsonObject {
  const groups = [...hostsByGroup(inventory)];
  const hostvars = inventory.hosts.map((host) => [host.name, ansibleVars(host)] as const);
  return {
    _meta: { hostvars: Object.fromEntries(hostvars) },
    all: { children: ["ungrouped", ...groups.map(([name]) => name)] },
    ...Object.fromEntries(groups.map(([name, hosts]) => [name, { hosts: hosts.map((host) => host.name) }])),
  };
}

/** Ansible's INI form: every host with its variables, then the groups by name. */
export function ansibleIni(inventory: Inventory): string {
  const hosts = inventory.hosts.map((host) => `${host.name} ${iniVars(ansibleVars(host))}\n`);
  const groups = [...hostsByGroup(inventory)].map(
    ([name, members]) => `\n[${name}]\n${members.map((host) => `${host.name}\n`).join("")}`,
  );
  return `${hosts.join("")}${groups.join("")}`;
}

function iniVars(vars: HostVars): string {
  return Object.entries(vars)
    .map(([name, value]) => `${name}=${iniValue(value)}`)
    .join(" ");
}

/**
 * A value on a host's line. Ansible splits the line as a shell would and then reads the value as a Python literal if it
 * is one: `1_000` would become a number. So only what can be nothing but text stands bare; the rest is a literal.
 */
function iniValue(value: HostVar): string {
  if (typeof value === "number") return String(value);
  if (
    typeof value === "string" &&
    /^(?:\d+(?:\.\d+){3}|[A-Za-z/][\w./@+-]*)$/.test(value) &&
    !/^(?:True|False|None)$/.test(value)
  )
    return value;
  return `"${pythonLiteral(value).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** A value as Python writes it. */
export function pythonLiteral(value: HostVar): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return pythonString(value);
  const entries = Object.entries(value).map(([key, each]) => `${pythonString(key)}: ${pythonString(each)}`);
  return `{${entries.join(", ")}}`;
}

/** Ansible's YAML form. */
export function ansibleYaml(inventory: Inventory): string {
  const hosts = inventory.hosts.map((host) => `    ${yamlString(host.name)}:\n${yamlVars(ansibleVars(host), 6)}`);
  const groups = [...hostsByGroup(inventory)].map(
    ([name, members]) =>
      `    ${yamlString(name)}:\n      hosts:\n${members.map((host) => `        ${yamlString(host.name)}: {}\n`).join("")}`,
  );
  if (hosts.length === 0) return "all:\n  hosts: {}\n";
  return `all:\n  hosts:\n${hosts.join("")}  children:\n${groups.join("")}`;
}

function yamlVars(vars: HostVars, indent: number): string {
  const pad = " ".repeat(indent);
  return Object.entries(vars)
    .map(([name, value]) => {
      const key = indent === 6 ? name : yamlString(name);
      if (typeof value === "object") return `${pad}${key}:\n${yamlVars(value, indent + 2)}`;
      return `${pad}${key}: ${typeof value === "number" ? value : yamlString(value)}\n`;
    })
    .join("");
}
