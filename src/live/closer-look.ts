import { isDriverError } from "../driver/errors.ts";
import type { Driver, ExecRequest, ExecResult } from "../driver/driver.ts";
import { isBoot } from "../model/inside.ts";
import type { LiveState } from "../model/live.ts";
import type { MachineId } from "../model/machine.ts";

/** Which machines are looked at more closely, and for what. */
export interface CloserAsked {
  readonly boots: ReadonlySet<MachineId>;
  readonly addresses: ReadonlySet<MachineId>;
}

/** What was told; a machine that did not say is not in it. */
export interface CloserSeen {
  readonly boots: ReadonlyMap<MachineId, string>;
  readonly addresses: ReadonlyMap<MachineId, { readonly ip4?: string; readonly ip6?: string }>;
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
  driver: Pick<Driver, "exec" | "inspect">,
  { machines }: Pick<LiveState, "machines">,
  asked: CloserAsked,
): Promise<CloserSeen> {
  const boots = new Map<MachineId, string>();
  const addresses = new Map<MachineId, { readonly ip4?: string; readonly ip6?: string }>();
  const running = machines.filter(({ state }) => state === "running").map(({ id }) => id);
  const next = running[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const id of next) {
      const boot = asked.boots.has(id) ? await bootOf(driver, id) : undefined;
      if (boot !== undefined) boots.set(id, boot);
      if (asked.addresses.has(id)) addresses.set(id, await addressesOf(driver, id));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, running.length) }, work));
  return { boots, addresses };
}

async function bootOf(driver: Pick<Driver, "exec">, machine: MachineId): Promise<string | undefined> {
  const result = await answered(driver, { machine, command: BOOT, user: "root", timeoutMs: ASK_MS });
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

async function addressesOf(driver: Pick<Driver, "inspect">, id: MachineId) {
  const details = await driver.inspect({ id }, { settings: false });
  const { ip4, ip6 } = details ?? {};
  return { ...(ip4 !== undefined && { ip4 }), ...(ip6 !== undefined && { ip6 }) };
}
