import type { Address } from "../model/address.ts";
import type { DesiredMachine } from "../model/resource.ts";
import type { Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import { desiredMachine } from "./scene.ts";

/**
 * Where a machine must be stopped to be cloned: a running source in the stack is stopped for its clones and started
 * again after the last of them. Elsewhere nothing is stopped for a clone.
 */
export function pauseSources(desk: Desk, decisions: readonly Decision[]): readonly Decision[] {
  if (!desk.scene.input.live.capabilities.cloneNeedsStop) return decisions;
  const sources = new Set<Address>();
  for (const { chain, address } of decisions) {
    for (const action of chain) {
      // A source that needs the clone is cloned before anything is done to it: as it is now.
      const isWaitedFor = action.kind === "clone" && desk.scene.needs.get(address)?.includes(action.source.address);
      if (isWaitedFor === true) sources.add(action.source.address);
    }
  }
  return decisions.map((decision) => {
    const desired = sources.has(decision.address) ? desiredMachine(desk.scene, decision.address) : undefined;
    const running = desk.outlooks.get(decision.address)?.running === true;
    return desired === undefined || !running ? decision : paused(desk, desired, decision);
  });
}

function paused(desk: Desk, desired: DesiredMachine, decision: Decision): Decision {
  const { address } = desired;
  const owner = ownerAt(desk, address, desired.lifecycle);
  const outlook = desk.outlooks.get(address);
  const target = { address, id: outlook?.made === true ? null : (outlook?.state?.id ?? null) };
  const note = "is stopped while it is cloned, and started again";
  const change = decision.change ?? {
    address,
    type: "machine" as const,
    action: "update" as const,
    createBeforeDestroy: false,
    name: outlook?.state?.name ?? desired.name,
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
  const acting = change.action === "no-op" ? ("update" as const) : change.action;
  return {
    ...decision,
    change: { ...change, action: acting, notes: [...change.notes, note] },
    pause: {
      stop: { ...begin("stop", owner, "-for-clone"), target },
      start: { ...begin("start", owner, "-after-clone"), target, ready: desired.ready, identity: "keep" },
    },
    settled: desired,
  };
}
