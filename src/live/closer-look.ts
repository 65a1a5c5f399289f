import { isDriverError } from "../driver/errors.ts";
import type { Driver, ExecRequest, ExecResult } from "../driver/driver.ts";
import { isBoot } from "../model/inside.ts";
import type { Clock } from "../model/clock.ts";
import type { MachineId } from "../model/machine.ts";
import { freshList } from "./fresh-list.ts";

/** Which machines are looked at more closely, and for what. */
export interface CloserAsked {
  readonly boots: ReadonlySet<MachineId>;
  readonly addresses: ReadonlySet<MachineId>;
}

/** What was told; a machine that did not say is not in it. */
export interface CloserSeen {
  readonly boots: ReadonlyMap<MachineId, string>;
  readonly addresses: ReadonlyMap<MachineId, Addresses>;
}

/** Absent: it did not say. */
interface Addresses {
  readonly ip4?: string;
  readonly ip6?: string;
}

/** How many machines are asked at the same time, and how long each may take. Milliseconds. */
const AT_ONCE = 8;
const ASK_MS = 15_000;

/** A restart gives another one (contract 3.7); the uptime is of all machines together. */
const BOOT = ["cat", "/proc/sys/kernel/random/boot_id"];

/**
 * Asks machines that run which boot they are on, and for their addresses: one call each. Who doesn't answer is left out;
 * one that doesn't run is not asked, since that would start it. Changes nothing.
 */
export async function lookCloser(
  { driver, clock }: { readonly driver: Pick<Driver, "exec" | "inspect" | "observe">; readonly clock: Clock },
  asked: CloserAsked,
): Promise<CloserSeen> {
  const boots = new Map<MachineId, string>();
  const addresses = new Map<MachineId, Addresses>();
  const machines = [...new Set([...asked.boots, ...asked.addresses])];
  const list = freshList({ driver, clock }, { machines: [], at: Number.NEGATIVE_INFINITY });
  const next = machines[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const id of next) {
      if ((await list.stateOf(id)) !== "running") continue;
      const boot = asked.boots.has(id) ? await bootOf(driver, id) : undefined;
      if (boot !== undefined) boots.set(id, boot);
      if (asked.addresses.has(id)) addresses.set(id, await addressesOf(driver, id));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, machines.length) }, work));
  return { boots, addresses };
}

/** Commands can be refused for a while after a start (contract 3.1): it is asked twice. */
async function bootOf(driver: Pick<Driver, "exec">, machine: MachineId): Promise<string | undefined> {
  const request = { machine, command: BOOT, user: "root", timeoutMs: ASK_MS };
  const result = (await answered(driver, request)) ?? (await answered(driver, request));
  const boot = result?.exitCode === 0 ? result.stdout.trim() : "";
  return isBoot(boot) ? boot : undefined;
}

async function answered(driver: Pick<Driver, "exec">, request: ExecRequest): Promise<ExecResult | undefined> {
  try {
    return await driver.exec(request);
  } catch (error) {
    if (isDriverError(error)) return undefined;
    throw error;
  }
}

async function addressesOf(driver: Pick<Driver, "inspect">, id: MachineId): Promise<Addresses> {
  const details = await driver.inspect({ id }, { settings: false });
  const { ip4, ip6 } = details ?? {};
  return { ...(ip4 !== undefined && { ip4 }), ...(ip6 !== undefined && { ip6 }) };
}
