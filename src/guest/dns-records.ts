import { DNS_TYPES, type DnsRecord, type DnsType } from "../model/probe.ts";

/** Reads the records out of what a tool printed. */
type ReadRecords = (output: string) => readonly DnsRecord[];

/** Lines of a zone file: `NAME TTL IN TYPE VALUE`; resolvectl leaves the time out. */
const zoneLines: ReadRecords = (output) =>
  linesOf(output).flatMap((line) => {
    const match = /^\S+\s+(?:(\d+)\s+)?IN\s+(A|AAAA|CNAME|MX)\s+(?:(\d+)\s+)?(\S+)/.exec(line);
    const type = DNS_TYPES.find((each) => each === match?.[2]);
    if (match === null || type === undefined || line.startsWith(";")) return [];
    const [, ttl, , preference, value = ""] = match;
    return [record(type, value, { ttl, preference })];
  });

/** drill shows authorities and what else it knows below the answers. */
const drillLines: ReadRecords = (output) => zoneLines(output.split(";; AUTHORITY SECTION:")[0] ?? "");

const hostLines: ReadRecords = (output) =>
  linesOf(output).flatMap((line) => {
    const [, kind = "", preference, value = ""] =
      /^\S+ (has address|has IPv6 address|is an alias for|mail is handled by)(?: (\d+))? (\S+)$/.exec(line) ?? [];
    const types: { readonly [kind: string]: DnsType } = {
      "has address": "A",
      "has IPv6 address": "AAAA",
      "is an alias for": "CNAME",
      "mail is handled by": "MX",
    };
    const type = types[kind];
    return type === undefined ? [] : [record(type, value, { preference })];
  });

/** Of BIND and of busybox, old and new. What stands above the first blank line is the server. */
const nslookupLines: ReadRecords = (output) => {
  const lines = linesOf(output);
  const start = lines.findIndex((line) => line === "");
  return lines.slice(start + 1).flatMap((line) => {
    const address = /^(?:Address(?: \d+)?:|\S+\s+has AAAA address)\s*([0-9a-fA-F:.]+)/.exec(line)?.[1];
    if (address !== undefined) return [addressRecord(address)];
    const alias = /\tcanonical name = (\S+)$/.exec(line)?.[1];
    if (alias !== undefined) return [record("CNAME", alias, {})];
    const [, preference, mail] = /\tmail exchanger = (\d+) (\S+)$/.exec(line) ?? [];
    return mail === undefined ? [] : [record("MX", mail, { preference })];
  });
};

/** An address at the beginning of each line. getent shows IPv4 addresses as IPv6 ones where it is asked for those. */
const addressLines: ReadRecords = (output) =>
  linesOf(output).flatMap((line) => {
    const address = /^([0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*)(?:\s|$)/.exec(line)?.[1];
    return address === undefined || address.startsWith("::ffff:") ? [] : [addressRecord(address)];
  });

/** How to read each of the tools. */
export const RECORD_READERS: { readonly [tool: string]: ReadRecords } = {
  dig: zoneLines,
  drill: drillLines,
  host: hostLines,
  nslookup: nslookupLines,
  resolvectl: zoneLines,
  getent: addressLines,
  python3: addressLines,
};

function linesOf(output: string): readonly string[] {
  return output.split("\n").map((line) => line.trimEnd());
}

function addressRecord(address: string): DnsRecord {
  return record(address.includes(":") ? "AAAA" : "A", address, {});
}

interface Figures {
  readonly ttl?: string | undefined;
  readonly preference?: string | undefined;
}

function record(type: DnsType, value: string, { ttl, preference }: Figures): DnsRecord {
  return {
    type,
    value: value.replace(/\.$/, ""),
    ...(preference !== undefined && { preference: Number(preference) }),
    ...(ttl !== undefined && { ttlSeconds: Number(ttl) }),
  };
}
