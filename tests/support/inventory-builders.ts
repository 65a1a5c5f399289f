import { parseAddress } from "../../src/model/address.ts";
import { hostGroups, type Inventory, type InventoryHost } from "../../src/model/inventory.ts";
import { machineId } from "../../src/model/machine.ts";

/** What a test says of a host; the rest is a running Debian. */
export interface HostParts {
  readonly name?: string;
  readonly state?: InventoryHost["state"];
  readonly distro?: string;
  readonly version?: string;
  readonly arch?: string;
  readonly user?: string;
  readonly identityFile?: string;
  readonly address?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly groups?: readonly string[];
}

/** A host, by default running and outside of the stack. */
export function host(parts: HostParts = {}): InventoryHost {
  const { name = "web-1", state = "running", labels = {}, groups = [], user = `ada@${name}` } = parts;
  const { distro = "debian", version = "bookworm", arch = "arm64" } = parts;
  const { identityFile = "/Users/ada/.orbstack/ssh/id_ed25519" } = parts;
  const image = { distro, version, arch, variant: "default" };
  const address = parts.address === undefined ? undefined : parseAddress(parts.address);
  return {
    id: machineId(`01K2G8TY5GM9C3CN95KCB4ZG8${name.length}`),
    name,
    state,
    image,
    connection: { host: "127.0.0.1", port: 32_222, user, identityFile },
    labels,
    groups: hostGroups({ state, image, groups, labels }),
    ...(address && { address }),
  };
}

/** What readers of YAML, INI and Python take for something else than text, and what breaks out of quotes. */
const HOSTILE_TEXTS: readonly string[] = [
  "yes",
  "Off",
  "null",
  "None",
  "True",
  "22:30",
  "1_000",
  "0b11",
  "1e3",
  "0x1F",
  "2026-11-26",
  "",
  " padded ",
  "it's",
  'say "no"',
  "back\\slash",
  "\\",
  "# no comment",
  "a = b; c",
  "new\nline",
  "tab\tbed\r",
  "red\u001b[31m\u009b2J\u0007",
  "\u202egnp.exe\u2028\u0085",
  "é 日本 \u{1f600}",
  "${HOME} `id` $(id) %h",
  "[1, 2]",
  "- item",
  "&anchor *alias !!python/object:os.system",
  "'); import os #",
];

/** Two hosts of a stack and one outside; one has every hostile text among its labels. */
export function hostileInventory(): Inventory {
  const labels = Object.fromEntries(HOSTILE_TEXTS.map((text, at) => [`l${at}`, text]));
  return {
    stack: "dev",
    hosts: [
      host({ name: "base", state: "stopped", address: "machine.base", groups: ["golden", "class", "all"] }),
      host({ name: "other.box", arch: "amd64", distro: "ubuntu", version: "24.10", user: "other.box" }),
      host({
        name: "web-1",
        version: "3.20",
        address: "team/machine.web",
        labels,
        groups: ["front end", "9lives"],
        identityFile: "/Users/Ada O'100% Neil/.orbstack/ssh/id_ed25519",
      }),
    ],
  };
}
