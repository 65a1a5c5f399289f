/** One size of fleet in a process of its own: argument = machines; prints `{ ms, decodeMs, peakMiB }`. */
import { existsSync, readFileSync } from "node:fs";
import { PLAIN_REQUEST } from "../../src/engine-types.ts";
import { plan } from "../../src/plan/plan.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/codec.ts";
import { digest, hashText } from "../../src/state/digest.ts";
import { fleet } from "../support/fleet.ts";

const count = Number(process.argv[2]);
const { desired, prior, live } = fleet(count, digest);
const input = { desired, prior, live, durations: new Map<string, number>(), options: PLAIN_REQUEST, digest, hashText };
// Once, as a command does, with nothing compiled yet.
const planned = performance.now();
const made = plan(input);
const ms = performance.now() - planned;
if (made.actions.length > 0) throw new Error("a fleet in which nothing has changed was planned to change");
const peakMiB = peakKiB() / 1024;
const text = encodeSnapshot(prior);
const began = performance.now();
await decodeSnapshot(text, "/fleet.json");
const decodeMs = performance.now() - began;
process.stdout.write(JSON.stringify({ ms, decodeMs, peakMiB }));

/** Linux counts the memory of the parent that forked in `maxRSS`; `VmHWM` begins with the program. */
function peakKiB(): number {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}
