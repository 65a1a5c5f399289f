import { hostsByGroup, type Inventory, type InventoryHost } from "../model/inventory.ts";
import { pythonLiteral } from "./inventory-ansible.ts";
import { pythonString } from "./escaped.ts";
import { factVars, type HostVars } from "./inventory-vars.ts";

/** How pyinfra reaches the hosts: by its own SSH connector, or by the OrbStack connector (`@orbstack/NAME`). */
export type PyinfraConnector = "ssh" | "orbstack";

/** Words that can't name a variable. A group of such a name gets a `_` behind it. */
const KEYWORD =
  /^(?:False|None|True|a(?:nd|s|ssert|sync|wait)|break|c(?:lass|ontinue)|de[fl]|el(?:if|se)|except|f(?:inally|or|rom)|global|i(?:f|mport|n|s)|lambda|no(?:nlocal|t)|or|pass|r(?:aise|eturn)|try|while|with|yield)$/;

/** A pyinfra inventory file: a list for each group; the hosts' data stand in the group that all are in. */
export function pyinfraInventory(inventory: Inventory, connector: PyinfraConnector): string {
  const nameOf = (host: InventoryHost): string => (connector === "ssh" ? host.name : `@orbstack/${host.name}`);
  const groups = [...hostsByGroup(renamed(inventory))].filter(([name]) => name !== "orbstack");
  const lists = groups.map(([name, hosts]) =>
    list(
      name,
      hosts.map((host) => pythonString(nameOf(host))),
    ),
  );
  const all = inventory.hosts.map((host) => {
    const data = Object.entries(dataOf(host, connector)).map(
      ([key, value]) => `        ${pythonString(key)}: ${pythonLiteral(value)},\n`,
    );
    return `(${pythonString(nameOf(host))}, {\n${data.join("")}    })`;
  });
  return [list("orbstack", all), ...lists].join("\n");
}

function list(name: string, items: readonly string[]): string {
  if (items.length === 0) return `${name} = []\n`;
  return `${name} = [\n${items.map((item) => `    ${item},\n`).join("")}]\n`;
}

function variable(group: string): string {
  return KEYWORD.test(group) ? `${group}_` : group;
}

function renamed(inventory: Inventory): Inventory {
  const hosts = inventory.hosts.map((host) => ({ ...host, groups: [...new Set(host.groups.map(variable))] }));
  return { ...inventory, hosts };
}

function dataOf(host: InventoryHost, connector: PyinfraConnector): HostVars {
  const { connection } = host;
  if (connector === "orbstack") return factVars(host);
  return {
    ssh_hostname: connection.host,
    ssh_port: connection.port,
    ssh_user: connection.user,
    ...(connection.identityFile !== undefined && { ssh_key: connection.identityFile }),
    ...factVars(host),
  };
}
