import { hostsByGroup, type Inventory } from "../model/inventory.ts";
import { asciiJson } from "./escaped.ts";
import { ansibleIni, ansibleList, ansibleYaml } from "./inventory-ansible.ts";
import type { InventoryFormat } from "./inventory-formats.ts";
import { pyinfraInventory, type PyinfraConnector } from "./inventory-pyinfra.ts";
import { sshConfig } from "./inventory-ssh-config.ts";
import { ansibleVars, refuseStrangeNames } from "./inventory-vars.ts";

/** An inventory as text, in ASCII alone. Error: `ORB_NOT_EXPRESSIBLE`, before anything is written. */
export function inventoryText(inventory: Inventory, format: InventoryFormat, connector: PyinfraConnector): string {
  if (format === "json") return `${asciiJson(inventoryJson(inventory))}\n`;
  refuseStrangeNames(inventory);
  switch (format) {
    case "ansible-ini":
      return ansibleIni(inventory);
    case "ansible-yaml":
      return ansibleYaml(inventory);
    case "ansible-json":
      return `${asciiJson(ansibleList(inventory), 2)}\n`;
    case "pyinfra":
      return pyinfraInventory(inventory, connector);
    case "ssh-config":
    default:
      return sshConfig(inventory);
  }
}

/** What Ansible asks a dynamic inventory for with `--host NAME`; `undefined` where there is no such host. */
export function ansibleHost(inventory: Inventory, name: string): string | undefined {
  refuseStrangeNames(inventory);
  const host = inventory.hosts.find((each) => each.name.toLowerCase() === name.toLowerCase());
  return host && `${asciiJson(ansibleVars(host), 2)}\n`;
}

/** Everything that is known, in a form of our own. */
function inventoryJson(inventory: Inventory): object {
  const groups = [...hostsByGroup(inventory)].map(([name, hosts]) => [name, hosts.map((host) => host.name)] as const);
  return { format_version: "1.0", ...inventory, groups: Object.fromEntries(groups) };
}
