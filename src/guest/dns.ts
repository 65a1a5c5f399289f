import type { DnsAnswer, DnsType } from "../model/probe.ts";
import { RECORD_READERS } from "./dns-records.ts";
import type { Attempt, Tried } from "./probe-script.ts";
import { lastLine } from "./unreached.ts";

const FAMILIES = { A: "socket.AF_INET", AAAA: "socket.AF_INET6" } as const;

const python = (type: "A" | "AAAA"): string =>
  `import socket, sys; print("\\n".join(sorted({each[4][0] for each in socket.getaddrinfo(sys.argv[1], None, ${FAMILIES[type]})})))`;

/** Programs that ask the machine's name servers themselves, for any type. `$1` the name, `$2` the type. */
const ANY_TYPE: readonly Attempt[] = [
  { tool: "dig", run: 'dig +noall +answer +comments +time=3 +tries=2 -t "$2" -q "$1"' },
  { tool: "drill", run: 'drill "$1" "$2"' },
  { tool: "host", run: 'host -W 3 -t "$2" "$1"' },
  { tool: "nslookup", run: 'nslookup -type="$2" "$1"' },
  { tool: "resolvectl", run: 'resolvectl --legend=no -t "$2" query "$1"' },
];

/** The attempts for a type: addresses can also be asked of what resolves names for every program. */
export function dnsAttempts(type: DnsType): readonly Attempt[] {
  if (type !== "A" && type !== "AAAA") return ANY_TYPE;
  const getent = `getent ahosts${type === "A" ? "v4" : "v6"} "$1"`;
  return [...ANY_TYPE, { tool: "getent", run: getent }, { tool: "python3", run: `python3 -c '${python(type)}' "$1"` }];
}

const NO_NAME =
  /NXDOMAIN|not found|name or service not known|no address associated|name does not resolve|non-existent domain/i;
const NO_ANSWER = /no servers could be reached|connection timed out|network error|connection refused|timed out/i;
const NO_RECORD = /has no \w+ record|no answer|does not have any RR|status: NOERROR|rcode: NOERROR/i;

/** Reads what a look-up came to. Records of other types (the aliases on the way to an address) are left out. */
export function readDns({ tool, output, exitCode }: Tried, type: DnsType): DnsAnswer {
  if (tool === null) return { probe: "dns", tool, outcome: "no tool", detail: "", records: [] };
  const records = (RECORD_READERS[tool]?.(output) ?? []).filter((record) => record.type === type);
  const unique = [...new Map(records.map((record) => [JSON.stringify(record), record])).values()];
  if (unique.length > 0) return { probe: "dns", tool, outcome: "found", detail: "", records: unique };
  const outcome = failedOutcome({ tool, output, exitCode });
  const told = outcome === "failed" || outcome === "timed out";
  return { probe: "dns", tool, outcome, detail: told ? lastLine(output) : "", records: [] };
}

function failedOutcome({ tool, output, exitCode }: Tried): "no such name" | "no record" | "timed out" | "failed" {
  if (/SERVFAIL|\bREFUSED\b/.test(output)) return "failed";
  if (NO_NAME.test(output)) return "no such name";
  if (NO_ANSWER.test(output)) return /timed out|no servers/i.test(output) ? "timed out" : "failed";
  // getent says nothing and exits with 2.
  if (tool === "getent" && exitCode === 2) return "no such name";
  return NO_RECORD.test(output) || exitCode === 0 ? "no record" : "failed";
}
