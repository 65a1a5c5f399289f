import { OrbformError } from "../model/errors.ts";
import type { Inventory } from "../model/inventory.ts";
import { INVENTORY_FORMATS, type InventoryFormat } from "../report/inventory-formats.ts";
import { ansibleHost, inventoryText } from "../report/inventory-text.ts";
import type { Console } from "./console.ts";

/** How an inventory is to be shown: the flags that say it exclude each other. */
export interface InventoryLook {
  /** One of {@link INVENTORY_FORMATS}; absent: Ansible's INI. */
  readonly format?: string | undefined;
  /** What Ansible asks for: everything, or one host's variables. */
  readonly list?: boolean;
  readonly host?: string | undefined;
  readonly connector: string;
  readonly json: boolean;
}

/** Prints an inventory. Errors: `ORB_NOT_EXPRESSIBLE`, `ORB_MACHINE_NOT_FOUND` for a host that is none. */
export function showInventory(inventory: Inventory, console: Console, look: InventoryLook): number {
  const connector = look.connector === "orbstack" ? "orbstack" : "ssh";
  if (look.host !== undefined) console.out(ansibleHost(inventory, look.host) ?? unknownHost(look.host));
  else console.out(inventoryText(inventory, formatOf(look), connector));
  return 0;
}

function formatOf({ format, list, json }: InventoryLook): InventoryFormat {
  if (json) return "json";
  if (list === true) return "ansible-json";
  return INVENTORY_FORMATS.find((each) => each === format) ?? "ansible-ini";
}

function unknownHost(name: string): never {
  throw new OrbformError("ORB_MACHINE_NOT_FOUND", {
    summary: "There is no such host",
    detail: `${JSON.stringify(name)} is no host of this inventory.`,
    hint: "Run `orb inventory` to see the hosts; with --all, machines outside the stack are hosts too.",
  });
}
