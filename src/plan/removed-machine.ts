import type { Action } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { ChangeReason } from "../model/plan.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { attribute, inReferenceOrder } from "../diff/attributes.ts";
import { refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { deposedDeletes } from "./existing-machine.ts";
import { begin } from "./make-action.ts";
import { problem } from "./problems.ts";
import { stand, type Standing } from "./standing.ts";

/** Decides about a machine that has left the stack, or that is to be destroyed. Its last applied lifecycle holds. */
export function decideRemovedMachine(desk: Desk, address: Address, prior: MachineResource): Decision {
  const lifecycle = lifecycleOf(desk, address, prior);
  const standing = stand(desk.scene, { address }, prior);
  if (standing.kind === "blocked" || standing.kind === "unclear") return refused(address, standing.diagnostic);
  if (standing.kind === "gone" && standing.state === undefined) return forgetGone(desk, address, { prior, standing });
  if (lifecycle.retain) return forgetRetained(desk, address, { prior, standing });
  if (lifecycle.preventDestroy) return refused(address, prevented(desk, address));
  return deleteAll(desk, address, { prior, standing });
}

type Standable = Exclude<Standing, { readonly kind: "blocked" | "unclear" }>;

interface Leaving {
  readonly prior: MachineResource;
  readonly standing: Standable;
}

/** A destroyed stack still says how its resources live; what has left it lives by what was last applied. */
function lifecycleOf(desk: Desk, address: Address, prior: MachineResource) {
  const declared = desk.scene.declared.get(address);
  return declared?.lifecycle ?? prior.lifecycle;
}

/** Gone outside: whoever holds its name now is a stranger. One that was never seen is dropped without a word. */
function forgetGone(desk: Desk, address: Address, { prior, standing }: Leaving): Decision {
  const owner = ownerAt(desk, address, prior.lifecycle);
  const neverSeen = standing.kind === "gone" && standing.neverSeen;
  if (neverSeen) return { address, chain: [], diagnostics: [], refreshed: null };
  return {
    address,
    chain: [begin("forget", owner)],
    change: {
      ...leaving(address, prior),
      action: "forget",
      reason: "forget: gone",
      notes: ["it was deleted outside already"],
    },
    drift: { address, name: prior.name, kind: "deleted", attributes: [], folded: true },
    diagnostics: [],
  };
}

function forgetRetained(desk: Desk, address: Address, { prior, standing }: Leaving): Decision {
  const owner = ownerAt(desk, address, prior.lifecycle);
  return {
    address,
    chain: [begin("forget", owner)],
    change: { ...leaving(address, standing.state ?? prior), action: "forget", reason: "forget: retained" },
    diagnostics: [],
  };
}

function deleteAll(desk: Desk, address: Address, { prior, standing }: Leaving): Decision {
  const owner = ownerAt(desk, address, prior.lifecycle);
  const { state } = standing;
  const chain: Action[] = deposedDeletes(desk, owner, state?.deposed);
  if (standing.kind === "present") {
    const { live } = standing;
    chain.push({
      ...begin("delete", owner),
      target: { address, id: live.id },
      name: live.name,
      temporaryName: desk.temporaryName(live.name, "del", address),
      deposed: false,
      replacing: false,
    });
  }
  const changed = state !== prior;
  const change: ChangeDraft = {
    ...leaving(address, state ?? prior),
    action: "delete",
    reason: deleteReason(desk, standing),
    recovered: standing.kind === "present" && standing.recovered,
    attributes: standing.kind === "present" ? oldAttributes(standing.state) : [],
  };
  return { address, chain, change, diagnostics: [], ...(changed && { refreshed: state ?? null }) };
}

function deleteReason(desk: Desk, standing: Standable): ChangeReason {
  if (standing.kind === "gone") return "delete: deposed";
  if (standing.state.halfDeleted !== undefined) return "delete: half deleted";
  return desk.scene.input.options.mode === "destroy" ? "delete: destroy" : "delete: not in stack";
}

function leaving(address: Address, state: MachineResource): Omit<ChangeDraft, "action"> {
  return {
    address,
    type: "machine",
    createBeforeDestroy: false,
    name: state.name,
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
}

function oldAttributes({ id, name, seen }: MachineResource) {
  const image = [seen.image.distro, seen.image.version].filter((word) => word !== "").join(":");
  return inReferenceOrder([
    attribute("id", { before: id }),
    attribute("name", { before: name }),
    attribute("image", { before: image }),
    attribute("arch", { before: seen.image.arch }),
    attribute("power", { before: seen.power }),
  ]);
}

function prevented(desk: Desk, address: Address) {
  const declared = desk.scene.declared.get(address);
  const why = desk.scene.input.options.mode === "destroy" ? "to be destroyed" : "not in the stack any more";
  return problem(declared ?? { address }, {
    code: "ORB_PREVENT_DESTROY",
    summary: "Machine must not be destroyed",
    detail: `${address} would be deleted (it is ${why}), and its lifecycle says preventDestroy. Nothing is done to it.`,
    hint:
      declared === undefined
        ? "Put it back into the stack, or apply it once without preventDestroy."
        : "Take preventDestroy out of its lifecycle in the stack, then run: orb destroy",
  });
}
