/** What every run that writes begins with: the lock, and taking over what a dead run left. */
import type { EnginePorts, LockRequest } from "./engine-types.ts";
import type { Recovering, RecoverPorts } from "./execute/recover-run.ts";
import { isOrbformError } from "./model/errors.ts";
import type { HeldLock } from "./state/backend.ts";

/** Takes over what a run that died left behind. Errors: those of `recoverRun`, which is loaded by those who lock only. */
export async function recover(ports: RecoverPorts, recovering: Recovering): Promise<void> {
  const { recoverRun } = await import("./execute/recover-run.ts");
  await recoverRun(ports, recovering);
}

/** Gets the lock, waiting as long as was asked for. Error: `ORB_STATE_LOCKED`. */
export async function lockWithin(ports: EnginePorts, request: LockRequest): Promise<HeldLock> {
  const deadline = ports.clock.now() + request.lockTimeoutMs;
  for (;;) {
    try {
      return await ports.backend.lock(request.operation);
    } catch (error) {
      const isHeld = isOrbformError(error) && error.code === "ORB_STATE_LOCKED";
      if (!isHeld || ports.clock.now() >= deadline || request.stopStarting?.aborted === true) throw error;
      const pauseMs = Math.min(1000, Math.max(1, deadline - ports.clock.now()));
      // Interrupted: who holds it is what there is to say.
      await ports.clock.sleep(pauseMs, request.stopStarting).catch(() => Promise.reject(error));
    }
  }
}
