import { OrbformError } from "../model/errors.ts";
import type { Inventory, InventoryHost } from "../model/inventory.ts";

/** What a tool is told of one host beside its name: text, a port, or the labels. */
export type HostVar = string | number | { readonly [key: string]: string };

/** Variables by name, in the order they are written. */
export interface HostVars {
  readonly [name: string]: HostVar;
}

/** What is said of a host whatever the tool: what pyinfra's OrbStack connector said, and its place in the stack. */
export function factVars({ name, id, state, image, address, labels }: InventoryHost): HostVars {
  return {
    orbstack_machine: name,
    orbstack_id: id,
    orbstack_state: state,
    ...(image.arch !== "" && { orbstack_arch: image.arch }),
    ...(image.distro !== "" && { orbstack_distro: image.distro }),
    ...(image.version !== "" && { orbstack_version: image.version }),
    ...(address !== undefined && { orbform_address: address }),
    ...(Object.keys(labels).length > 0 && { orbform_labels: labels }),
  };
}

/** Ansible's variables of a host. Error: `ORB_NOT_EXPRESSIBLE` for a value that Ansible would run as a template. */
export function ansibleVars(host: InventoryHost): HostVars {
  const { connection } = host;
  const vars: HostVars = {
    ansible_host: connection.host,
    ansible_port: connection.port,
    ansible_user: connection.user,
    ...(connection.identityFile !== undefined && { ansible_ssh_private_key_file: connection.identityFile }),
    ...factVars(host),
  };
  for (const [name, value] of Object.entries(vars)) {
    const texts = typeof value === "object" ? Object.values(value) : [String(value)];
    if (texts.some((text) => /\{[{%#]/.test(text)))
      throw notExpressible(host, name, "Ansible would run it as a template");
  }
  return vars;
}

/** Refuses an inventory with a host whose name tools would take for something else: a pattern, a range, a flag. */
export function refuseStrangeNames({ hosts }: Inventory): void {
  const strange = hosts.find(({ name }) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name));
  if (strange !== undefined) throw notExpressible(strange, "name", "only letters, digits, dots, dashes and _ are safe");
}

/** A host can't be written in the format asked for. */
export function notExpressible(host: InventoryHost, what: string, why: string): OrbformError {
  return new OrbformError("ORB_NOT_EXPRESSIBLE", {
    summary: "A host can't be written in this format",
    detail: `The ${what} of the machine ${JSON.stringify(host.name)} can't be written: ${why}. Nothing was printed.`,
    hint: "Use --format json, which can say everything, or change the value.",
    ...(host.address !== undefined && { address: host.address }),
  });
}
