/** A machine that is made to replace another, and which of the two is current until it is ready. */
import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { reinstated, type Reinstated } from "../model/succession.ts";
import { refresh } from "../diff/refresh.ts";
import type { Desk } from "./desk.ts";
import { problem } from "./problems.ts";
import { priorMachine } from "./scene.ts";

/**
 * What takes its place again where a machine is given up that was to replace it, as long as nobody has begun to delete that.
 * Of two that were ready only the one that was made first: else each plan would bring back the other.
 */
export function predecessor({ scene }: Desk, address: Address, state: MachineResource): Reinstated | undefined {
  const prior = priorMachine(scene, address);
  const wasReady = prior?.status === "ready" && (prior.id === state.id || state.id === undefined);
  const find = (id: string): MachineFacts | undefined => scene.liveById.get(id);
  const old = reinstated(state, find);
  if (old === undefined || (wasReady && old.live.id > (prior.id ?? ""))) return undefined;
  const probe = scene.input.live.probes[old.live.id];
  return { ...old, state: refresh(old.state, { machine: old.live, recovered: false, probe, find }) ?? old.state };
}

/** What goes is what was to replace the machine: that is current again. */
export function isNewcomer({ scene }: Desk, { id }: MachineResource, address: Address): boolean {
  return priorMachine(scene, address)?.id !== id;
}

/** Its predecessor is to go, and nothing of this plan waits until it is ready. */
export function isUnawaited(
  desired: DesiredMachine,
  { status, deposed }: MachineResource,
  chain: readonly Action[],
): boolean {
  if (status === "ready" || deposed === undefined || desired.power === "stopped") return false;
  return !chain.some(({ kind }) => kind === "start" || kind === "restart");
}

/** `ORB_NOT_READY` for a machine whose predecessor has to stay. */
export function neverReady(desired: DesiredMachine, { name }: MachineResource): Diagnostic {
  return problem(desired, {
    code: "ORB_NOT_READY",
    summary: "Machine has never been ready",
    detail:
      `${name} was made to replace another machine, and was never seen to be ready: it does not run, and its power is not ` +
      "Orbform's. Until then the machine that it replaces is not deleted, and nothing is done here.",
    hint: `Start it, or say that it is ready: orb state mark ${desired.address} ready`,
  });
}
