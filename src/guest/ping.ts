import type { PingAnswer } from "../model/probe.ts";
import type { Attempt, Tried } from "./probe-script.ts";
import { lastLine, unreached } from "./unreached.ts";

/** `$1` the host, `$2` how often. No `--`: not every ping knows it, and a checked host begins with no dash. */
export const PING_ATTEMPTS: readonly Attempt[] = [{ tool: "ping", run: 'ping -c "$2" -W 2 "$1"' }];

/** Reads what ping printed: that of iputils, inetutils and busybox. */
export function readPing({ tool, output }: Tried): PingAnswer {
  if (tool === null) return { probe: "ping", tool, outcome: "no tool", detail: "" };
  const counts = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output);
  if (counts === null) return { probe: "ping", tool, outcome: unreached(output), detail: lastLine(output) };
  const [sent, received] = [Number(counts[1]), Number(counts[2])];
  const ip = /^PING \S+ ?\(([0-9a-fA-F:.]+)\)/m.exec(output)?.[1];
  const times = /(?:rtt|round-trip) min\/avg\/max(?:\/\w+)? = ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(output);
  return {
    probe: "ping",
    tool,
    outcome: received > 0 && received >= sent ? "answered" : "lost",
    detail: "",
    ...(ip !== undefined && { ip }),
    sent,
    received,
    ...(times && { minMs: Number(times[1]), avgMs: Number(times[2]), maxMs: Number(times[3]) }),
  };
}
