import type { Inventory, InventoryHost } from "../model/inventory.ts";
import { notExpressible } from "./inventory-vars.ts";

/**
 * Blocks for `ssh_config`: `ssh NAME` goes to OrbStack's SSH server. Error: `ORB_NOT_EXPRESSIBLE` for a user or a key's
 * path that ssh would read as something else.
 */
export function sshConfig({ hosts }: Inventory): string {
  return hosts.map(block).join("\n");
}

function block(host: InventoryHost): string {
  const { connection } = host;
  const { identityFile } = connection;
  if (!/^[\w][\w.+@-]*$/.test(connection.user)) throw notExpressible(host, "user", "ssh would not take it as it is");
  const lines = [
    `HostName ${connection.host}`,
    `Port ${connection.port}`,
    `User ${connection.user}`,
    ...(identityFile === undefined ? [] : [`IdentityFile ${quotedPath(host, identityFile)}`, "IdentitiesOnly yes"]),
  ];
  return `Host ${host.name}\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** ssh expands `%` in a path, which can be doubled, and `${NAME}`, which can't; quotes end it in older versions. */
function quotedPath(host: InventoryHost, path: string): string {
  if (/["\\\p{Cc}\p{Cf}\p{Cs}]|\$\{/u.test(path)) throw notExpressible(host, "SSH key's path", "ssh can't quote it");
  return `"${path.replaceAll("%", "%%")}"`;
}
