import type { ArchiveAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { archiveProperty } from "../model/archive.ts";
import type { ArchiveResource } from "../model/snapshot.ts";
import { attribute } from "../diff/attributes.ts";
import { lastOf, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import { problem } from "./problems.ts";

/** Decides about an archive that has left the stack: what it made goes with it, unless it is retained. */
export function decideRemovedArchive(desk: Desk, address: Address, prior: ArchiveResource): Decision {
  const lifecycle = desk.scene.declared.get(address)?.lifecycle ?? prior.lifecycle;
  if (lifecycle.retain) return retained(desk, address, prior);
  if (lifecycle.preventDestroy) return refused(address, prevented(address));
  const { dir } = prior.inputs;
  const action: ArchiveAction = {
    ...begin("remove", ownerAt(desk, address, prior.lifecycle)),
    subject: "archive",
    dir,
    series: prior.series,
  };
  const change: ChangeDraft = {
    ...leaving(address, prior),
    action: "delete",
    reason: desk.scene.input.options.mode === "destroy" ? "delete: destroy" : "delete: not in stack",
    attributes: [attribute("path", { before: archiveProperty(prior.made, "path") ?? null })],
    notes: [`every archive that it made in ${JSON.stringify(dir)} is removed, if it still is as it was exported`],
  };
  return { address, chain: [action], ...lastOf([action]), change, diagnostics: [] };
}

function retained(desk: Desk, address: Address, prior: ArchiveResource): Decision {
  return {
    address,
    chain: [begin("forget", ownerAt(desk, address, prior.lifecycle))],
    change: { ...leaving(address, prior), action: "forget", reason: "forget: retained", notes: ["its archives stay"] },
    diagnostics: [],
  };
}

function leaving(address: Address, { inputs }: ArchiveResource): Omit<ChangeDraft, "action"> {
  return {
    address,
    type: "archive",
    createBeforeDestroy: false,
    name: inputs.dir,
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
}

function prevented(address: Address) {
  return problem(
    { address },
    {
      code: "ORB_PREVENT_DESTROY",
      summary: "Archive must not be removed",
      detail: `What ${address} made would be removed, and its lifecycle says preventDestroy. Nothing is done to it.`,
      hint: "Put it back as it was, or apply it once without preventDestroy.",
    },
  );
}
