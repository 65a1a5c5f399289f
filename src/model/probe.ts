import type { Address } from "./address.ts";
import type { MachineDetails } from "./machine.ts";

/** Kinds of DNS records that can be asked for. */
export const DNS_TYPES = ["A", "AAAA", "CNAME", "MX"] as const;

/** A kind of DNS record. */
export type DnsType = (typeof DNS_TYPES)[number];

/** One record that a look-up found. */
export interface DnsRecord {
  readonly type: DnsType;
  /** An address, or a name without the dot at its end. */
  readonly value: string;
  /** Of an MX record: lower ones are tried first. */
  readonly preference?: number;
  readonly ttlSeconds?: number;
}

/** What is asked from inside a machine. Hosts are names or addresses, checked before they get here. */
export type Question =
  | { readonly probe: "ping"; readonly host: string; readonly count: number }
  | { readonly probe: "tcp"; readonly host: string; readonly port: number }
  | { readonly probe: "http"; readonly url: string }
  | { readonly probe: "dns"; readonly host: string; readonly type: DnsType };

/** Why a host wasn't reached, as far as the tool told. */
export type Unreached = "refused" | "timed out" | "unresolved" | "failed";

interface AnswerBase {
  /** The program inside the machine that told. `null`: the machine has none that could (`no tool`). */
  readonly tool: string | null;
  /** What the tool said of a failure, its last line. Empty where there is nothing to say. */
  readonly detail: string;
}

/** What a ping came to. Times in milliseconds. */
export interface PingAnswer extends AnswerBase {
  readonly probe: "ping";
  /** `lost`: nothing came back, or not all. */
  readonly outcome: "answered" | "lost" | Unreached | "no tool";
  readonly ip?: string;
  readonly sent?: number;
  readonly received?: number;
  readonly minMs?: number;
  readonly avgMs?: number;
  readonly maxMs?: number;
}

/** Whether a TCP port takes connections. */
export interface TcpAnswer extends AnswerBase {
  readonly probe: "tcp";
  readonly outcome: "open" | Unreached | "no tool";
}

/** What an HTTP request came to. Any answer counts, whatever its status. */
export interface HttpAnswer extends AnswerBase {
  readonly probe: "http";
  readonly outcome: "answered" | Unreached | "no tool";
  /** Absent where the tool doesn't tell it. */
  readonly status?: number;
  readonly ip?: string;
  readonly seconds?: number;
}

/** What a DNS look-up came to. */
export interface DnsAnswer extends AnswerBase {
  readonly probe: "dns";
  readonly outcome: "found" | "no record" | "no such name" | "timed out" | "failed" | "no tool";
  readonly records: readonly DnsRecord[];
}

/** What a question came to. */
export type Answer = PingAnswer | TcpAnswer | HttpAnswer | DnsAnswer;

/** Whether a probe went well. */
export function isGood({ outcome }: Answer): boolean {
  return outcome === "answered" || outcome === "open" || outcome === "found";
}

/** A network interface inside a machine. */
export interface NetworkInterface {
  readonly name: string;
  readonly mtu?: number;
  readonly mac?: string;
  /** With prefix length: `192.168.139.4/23`. */
  readonly addresses: readonly string[];
}

/** What a machine tells of itself from inside. What it has no tool for stays empty. */
export interface InsideFacts {
  readonly hostname?: string;
  readonly os?: string;
  readonly kernel?: string;
  readonly interfaces: readonly NetworkInterface[];
  /** Gateways of the default routes. */
  readonly gateways: readonly string[];
  readonly nameservers: readonly string[];
  readonly searchDomains: readonly string[];
  /** TCP ports that something listens at, ascending. */
  readonly listening: readonly number[];
}

/** A machine as seen from outside and, where it runs, from inside. */
export interface MachineStatus {
  readonly machine: MachineDetails;
  /** Where it stands in the stack. */
  readonly address?: Address;
  /** Absent for a machine that doesn't run. */
  readonly inside?: InsideFacts;
  /** Why it couldn't be looked at inside. */
  readonly problem?: string;
}
