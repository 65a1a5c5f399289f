/** Every form an inventory can be written in. */
export const INVENTORY_FORMATS = [
  "ansible-ini",
  "ansible-yaml",
  "ansible-json",
  "pyinfra",
  "ssh-config",
  "json",
] as const;

/** A form an inventory can be written in. */
export type InventoryFormat = (typeof INVENTORY_FORMATS)[number];
