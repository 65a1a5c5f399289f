import type { Diagnostic } from "../model/diagnostic.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineResource } from "../model/snapshot.ts";
import type { Ready } from "../model/resource.ts";
import { freshIdentity } from "./fresh-identity.ts";
import type { Done } from "./done.ts";
import { waitReady, type Readiness, type ReadyPorts } from "./ready.ts";
import type { Step } from "./step.ts";
import { probed, withIdentity } from "./transition.ts";

/** What a machine's first minutes are to bring. */
export interface Birth {
  readonly ready: Ready;
  readonly identity: "keep" | "fresh";
}

/** Ports for what is asked of machines, ended when the user stops waiting. */
export function probePorts(step: Step): ReadyPorts {
  const { stopWaiting, ports } = step.run;
  const { driver, clock } = ports;
  return { driver, clock, ...(stopWaiting ? { signal: stopWaiting } : {}) };
}

/**
 * Waits until a running machine is ready, and gives it an identity of its own where that is asked for. A machine that
 * was ready once is never marked by a later start; the action fails all the same.
 */
export async function makeReady(step: Step, state: MachineResource, birth: Birth): Promise<Done> {
  const { id } = state;
  if (id === undefined) return { state };
  step.waiting("ready");
  const readiness = await readyWithIdentity(step, id, birth);
  const wasReady = state.status === "ready";
  if (readiness.status === "ready") {
    if (readiness.warning !== undefined) step.notice(recoverable(step, readiness.warning));
    const ready = probed(state, readiness);
    return { state: birth.identity === "fresh" ? withIdentity(ready) : ready };
  }
  return { state: wasReady ? state : probed(state, readiness), problem: notReady(step, state, readiness) };
}

async function readyWithIdentity(step: Step, id: NonNullable<MachineResource["id"]>, birth: Birth): Promise<Readiness> {
  const ports = probePorts(step);
  const readiness = await waitReady(ports, id, birth.ready);
  if (readiness.status === "unready" || birth.identity === "keep") return readiness;
  return await freshIdentity(ports, id);
}

function recoverable(step: Step, warning: string): Diagnostic {
  return {
    severity: "warning",
    code: "ORB_NOT_READY",
    summary: "The machine is ready with warnings",
    detail: warning,
    address: step.action.address,
  };
}

function notReady(
  step: Step,
  state: MachineResource,
  readiness: Extract<Readiness, { status: "unready" }>,
): OrbformError {
  const waits = readiness.reason === "timed out";
  return new OrbformError("ORB_NOT_READY", {
    summary: waits ? "The machine did not become ready" : "The machine failed to become ready",
    detail: `${state.name} exists and is in state, but is not ready. ${readiness.detail}`,
    hint: waits
      ? "Run `orb apply` again to wait for it once more."
      : `Look at \`orbctl logs ${state.name}\`; \`orb apply\` replaces it, or keep it with \`orb state mark ${step.action.address} ready\`.`,
    address: step.action.address,
  });
}
