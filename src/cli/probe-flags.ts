import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import type { Probed, ProbeWish } from "../engine-probe.ts";
import { OrbformError } from "../model/errors.ts";
import { DNS_TYPES, type DnsType } from "../model/probe.ts";
import type { ProjectFlags, Voice } from "./base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG, TIMINGS_FLAG } from "./flags.ts";
import { showProbe } from "./show-probe.ts";
import { withKnowing } from "./with-knowing.ts";

const MACHINE = "name, id or address in the stack";

/** The machine that something is asked of. */
export const MACHINE_ARG = Args.string({ ...FROM_ARGV, description: MACHINE, name: "MACHINE", required: true });

/** The machine that something is asked from. */
export const FROM_ARG = Args.string({
  ...FROM_ARGV,
  description: `the machine to ask from: ${MACHINE}`,
  name: "FROM",
  required: true,
});

/** What is to be reached. */
export const TO_ARG = Args.string({
  ...FROM_ARGV,
  description: "another machine, or a host's full name or address",
  name: "TO",
  required: true,
});

/** Flags of what only looks. */
export const LOOK_FLAGS = { ...TIMINGS_FLAG, ...STACK_FLAG, ...PROJECT_FLAGS };

/** Flags of what runs something inside. */
export const PROBE_FLAGS = {
  start: Flags.boolean({ description: "start the machines that are stopped; none is, without this" }),
  ...LOOK_FLAGS,
};

/** Which records are looked up. */
export const DNS_FLAGS = {
  type: Flags.string({ description: "which records", options: [...DNS_TYPES], default: "A", helpValue: "TYPE" }),
};

/** A type as the flag has it. */
export function dnsType(word: string): DnsType {
  return DNS_TYPES.find((each) => each === word) ?? "A";
}

/** A port as a user writes it. Error: `ORB_USAGE`. */
export function portOf(word: string): number {
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new OrbformError("ORB_USAGE", {
    summary: "This is no port",
    detail: `${JSON.stringify(word)} is no port: a whole number from 1 to 65535 is.`,
    hint: "Write for example: orb probe tcp web db 5432",
  });
}

/** What `orb probe ping`, `tcp`, `http` and `dns` have in common. */
export interface ProbeCall {
  readonly from: string;
  readonly wish: ProbeWish;
  readonly flags: ProjectFlags & { readonly start: boolean; readonly stack?: string | undefined };
}

/** Probes, and shows what it came to. The stack is only needed for addresses in it. */
export async function probe(voice: Voice, { from, wish, flags }: ProbeCall): Promise<number> {
  const warn = (notice: string) => voice.console.err(`${notice}\n`);
  const { stack, start } = flags;
  const told: Probed = await withKnowing(voice, { stack, all: true, flags }, (machines) =>
    machines.probe({ from, wish, start, warn }),
  );
  return showProbe(told, voice);
}
