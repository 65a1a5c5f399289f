import type { Driver, ExecResult } from "../driver/driver.ts";
import { isDriverError } from "../driver/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { LiveState } from "../model/live.ts";
import type { MachineFacts, MachineId } from "../model/machine.ts";
import type { MachineResource, Snapshot } from "../model/snapshot.ts";
import { recordedMachines } from "./observe-scope.ts";

/** How long one probe may take. Milliseconds. */
const PROBE_MS = 15_000;

/** What is run inside, and as whom. */
interface Probe {
  readonly command: readonly string[];
  readonly user?: string;
  readonly passes: (result: ExecResult) => boolean;
}

/**
 * Probes, once each, the machines that are recorded as unready and run now: with the check they were to pass, looked at
 * once and not waited for. A machine that isn't running is never probed, since that would start it.
 */
export async function probeUnready(
  driver: Driver,
  prior: Snapshot | undefined,
  machines: readonly MachineFacts[],
): Promise<LiveState["probes"]> {
  const running = new Set(machines.filter(({ state }) => state === "running").map((machine) => machine.id));
  const verdicts: { [id: string]: "ready" | "not ready" } = {};
  await Promise.all(
    recordedMachines(prior).map(async ({ id, status, inputs, unready }) => {
      if (id === undefined || status !== "unready" || unready?.byHand === true || !running.has(id)) return;
      verdicts[id] = (await answers(driver, id, probeFor(inputs))) ? "ready" : "not ready";
    }),
  );
  return Object.fromEntries(Object.entries(verdicts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The check of one machine. A port can't be looked at from inside without waiting for it, so such a machine counts as
 * not ready until an apply has waited.
 */
function probeFor(inputs: MachineResource["inputs"]): Probe | undefined {
  const { ready } = inputs;
  if (ready["kind"] === "tcp") return undefined;
  if (ready["kind"] === "command") return commandProbe(ready);
  if (ready["kind"] === "cloud-init") return CLOUD_INIT;
  return { command: ["true"], passes: succeeded };
}

/** Done with recoverable errors exits 2 and counts as done. */
const CLOUD_INIT: Probe = {
  command: ["cloud-init", "status"],
  user: "root",
  passes: ({ exitCode, stdout }) => (exitCode === 0 || exitCode === 2) && /^status: done/m.test(stdout),
};

function succeeded({ exitCode }: ExecResult): boolean {
  return exitCode === 0;
}

function commandProbe(ready: JsonObject): Probe | undefined {
  const command = words(ready["command"]);
  const user = ready["user"];
  if (command.length === 0) return undefined;
  return { command, passes: succeeded, ...(typeof user === "string" && { user }) };
}

function words(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
}

async function answers(driver: Driver, machine: MachineId, probe: Probe | undefined): Promise<boolean> {
  if (probe === undefined) return false;
  const { command, user, passes } = probe;
  try {
    return passes(await driver.exec({ machine, command, timeoutMs: PROBE_MS, ...(user !== undefined && { user }) }));
  } catch (error) {
    if (isDriverError(error)) return false;
    throw error;
  }
}
