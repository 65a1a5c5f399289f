import type { InsideFacts, NetworkInterface } from "../model/probe.ts";
import { SEARCH_PATH } from "./shell.ts";

const SECTION = "orbform-probe section";

/** What each section is read from. What a machine has no tool for stays empty. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ["hostname", "cat /proc/sys/kernel/hostname || hostname"],
  ["os", "cat /etc/os-release"],
  ["kernel", "uname -r"],
  ["addresses", "ip addr"],
  ["routes", "ip route; ip -6 route"],
  ["resolver", "cat /etc/resolv.conf"],
  ["sockets", "cat /proc/net/tcp /proc/net/tcp6"],
];

/** The argument list that reads what a machine tells of itself: one shell, files and `ip` only. */
export function insideCommand(): readonly string[] {
  const sections = SECTIONS.map(([name, read]) => `echo "${SECTION} ${name}"\n{ ${read}; } </dev/null 2>/dev/null\n`);
  const script = `${SEARCH_PATH}${sections.join("")}echo "${SECTION} end"\nexit 0\n`;
  return ["sh", "-c", script];
}

/** What a machine told of itself, or `undefined` where it didn't get to the end: the connection failed. */
export function readInside(stdout: string): InsideFacts | undefined {
  const sections = new Map<string, string>();
  let name = "";
  for (const line of stdout.split("\n")) {
    if (line.startsWith(`${SECTION} `)) name = line.slice(SECTION.length + 1).trim();
    else sections.set(name, `${sections.get(name) ?? ""}${line}\n`);
  }
  if (name !== "end") return undefined;
  const textOf = (section: string): string => sections.get(section) ?? "";
  const hostname = textOf("hostname").trim().split("\n")[0] ?? "";
  const kernel = textOf("kernel").trim();
  const os = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(textOf("os"))?.[1] ?? "";
  return {
    ...(hostname !== "" && { hostname }),
    ...(os !== "" && { os }),
    ...(kernel !== "" && { kernel }),
    interfaces: readInterfaces(textOf("addresses")),
    gateways: [...new Set([...textOf("routes").matchAll(/^default via (\S+)/gm)].map(([, gateway = ""]) => gateway))],
    nameservers: [...textOf("resolver").matchAll(/^nameserver\s+(\S+)/gm)].map(([, server = ""]) => server),
    searchDomains: (/^search\s+(.+)$/m.exec(textOf("resolver"))?.[1] ?? "").split(/\s+/).filter((word) => word !== ""),
    listening: listeningPorts(textOf("sockets")),
  };
}

/** The interfaces of `ip addr`, of iproute2 and busybox; the loopback and those without an address are left out. */
export function readInterfaces(text: string): readonly NetworkInterface[] {
  return text.split(/^(?=\d+: )/m).flatMap((block): readonly NetworkInterface[] => {
    const name = /^\d+: ([^:@\s]+)/.exec(block)?.[1];
    const addresses = [...block.matchAll(/^\s+inet6? (\S+)/gm)].map(([, address = ""]) => address);
    if (name === undefined || name === "lo" || addresses.length === 0) return [];
    const mtu = /\bmtu (\d+)/.exec(block)?.[1];
    const mac = /^\s+link\/ether (\S+)/m.exec(block)?.[1];
    return [{ name, addresses, ...(mtu !== undefined && { mtu: Number(mtu) }), ...(mac !== undefined && { mac }) }];
  });
}

/** State of a listening socket in `/proc/net/tcp`. */
const LISTEN = "0A";

/** Ports of listening sockets, from the text of `/proc/net/tcp` and `/proc/net/tcp6`, which every Linux has. */
function listeningPorts(text: string): readonly number[] {
  const ports = text.split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const port = Number.parseInt(local.split(":")[1] ?? "", 16);
    return state === LISTEN && Number.isInteger(port) ? [port] : [];
  });
  return [...new Set(ports)].toSorted((a, b) => a - b);
}
