/** Machines as orbctl 2.2 prints them (contract 5.1), and as the driver reads them, ids and addresses masked. */

const ID = "01KTK0Z32XA8Y4R8MVY2F4TZKN";
const IMAGE = { distro: "ubuntu", version: "resolute", arch: "arm64", variant: "default" };

/** A record of `list -f json`. */
export function record(name: string, more: object = {}): object {
  return {
    id: ID,
    name,
    image: IMAGE,
    config: {
      isolated: false,
      forward_ssh_agent: true,
      isolate_network: false,
      default_username: "ada",
      http_port: 0,
      https_port: 0,
    },
    builtin: false,
    state: "running",
    ...more,
  };
}

/** What `list -f json` prints of one machine. */
export const listText = (name: string, more: object = {}): string => json([record(name, more)]);

/** What `info -f json` prints of a running machine, or of another with `addresses` empty. */
export function infoText(
  name: string,
  more: object = {},
  addresses: object = { ip4: "10.0.0.1", ip6: "fd00::1" },
): string {
  return json({ record: record(name, more), disk_size: 812_345_678, ...addresses });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The driver's settings of a machine that nothing was asked of. */
export const SETTINGS = {
  user: "ada",
  isolated: false,
  isolateNetwork: false,
  forwardSshAgent: true,
  httpPort: 0,
  httpsPort: 0,
} as const;

/** The driver's settings where `config show` was read too. */
export const ALL_SETTINGS = { cpus: 0, memoryMiB: 0, diskBytes: 0, mounts: [], ...SETTINGS } as const;

/** A machine as the driver lists it. */
export function facts(name: string, more: object = {}): object {
  return { id: "ID", name, state: "running", image: IMAGE, builtin: false, settings: SETTINGS, ...more };
}

/** A machine as the driver inspects it. */
export function details(name: string, more: object = {}): object {
  return { ...facts(name), ip4: "IP4", ip6: "IP6", diskUsedBytes: "SIZE", ...more };
}

/** An observation of these machines, without settings. */
export const observed = (...machines: readonly object[]): object => ({ machines, settings: {} });
