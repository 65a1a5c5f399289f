import type { Target } from "../model/action.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { nameKey } from "../model/machine.ts";
import type { DesiredMachine, MachineReference } from "../model/resource.ts";
import type { Desk } from "./desk.ts";
import { settingsAfter, type KnownSettings } from "./outlook.ts";
import { problem } from "./problems.ts";

/** What a clone is made from. */
export interface CloneSource {
  readonly target: Target;
  /** What the clone is born with, as far as that is known. */
  readonly settings: KnownSettings;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds a clone's source: a machine of the stack as it will be, or one outside it by name. */
export function cloneSource(desk: Desk, desired: DesiredMachine, of: MachineReference): CloneSource {
  return of.kind === "existing" ? existingSource(desk, desired, of.name) : stackSource(desk, desired, of.address);
}

function stackSource(desk: Desk, desired: DesiredMachine, address: Target["address"]): CloneSource {
  const outlook = desk.outlooks.get(address);
  const id = outlook?.made === true ? null : (outlook?.state?.id ?? outlook?.adopted?.id ?? null);
  const { desired: declared, isSelected, input } = desk.scene;
  const settings = outlook?.settings ?? {};
  if (!declared.has(address) || isSelected(address)) return { target: { address, id }, settings, diagnostics: [] };
  const mustStop = input.live.capabilities.cloneNeedsStop && outlook?.running === true;
  const name = id === null ? undefined : desk.scene.liveById.get(id)?.name;
  const stays = mustStop ? [running(desired, name ?? address)] : [];
  return {
    target: { address, id },
    settings,
    diagnostics: outlook === undefined ? [missing(desired, address)] : stays,
  };
}

function existingSource(desk: Desk, desired: DesiredMachine, name: string): CloneSource {
  const live = desk.scene.liveByName.get(nameKey(name));
  const owner = live && desk.scene.managedBy.get(live.id);
  if (owner === desired.address) return itself(desired, name);
  if (owner !== undefined && desk.outlooks.has(owner)) return stackSource(desk, desired, owner);
  const address = owner ?? desired.address;
  const target = { address, id: live?.id ?? null };
  if (live === undefined) return { target, settings: {}, diagnostics: [missing(desired, name)] };
  const mustStop = desk.scene.input.live.capabilities.cloneNeedsStop && live.state !== "stopped";
  const diagnostics = mustStop ? [running(desired, name)] : [];
  return { target, settings: settingsAfter(live.settings, {}), diagnostics };
}

function missing(desired: DesiredMachine, source: string): Diagnostic {
  return problem(desired, {
    code: "ORB_MACHINE_NOT_FOUND",
    summary: "Clone's source does not exist",
    detail: `${desired.address} is to be cloned from ${source}, and there is no such machine. Nothing is made.`,
    hint: "To see the machines there are, run: orbctl list",
  });
}

function itself(desired: DesiredMachine, name: string): CloneSource {
  const diagnostic = problem(desired, {
    code: "ORB_PROPERTY_INVALID",
    summary: "Machine can't be cloned from itself",
    detail: `${desired.address} is to be made again as a clone of ${name}, which is the machine it is to replace. Nothing is done to it.`,
    hint: "Name another machine as its source, then run: orb plan",
  });
  return { target: { address: desired.address, id: null }, settings: {}, diagnostics: [diagnostic] };
}

function running(desired: DesiredMachine, source: string): Diagnostic {
  return problem(desired, {
    code: "ORB_NOT_CAPABLE",
    summary: "Clone's source must be stopped",
    detail: `Here a machine can only be cloned while it is stopped. ${source} is no part of this plan, so it is not stopped for this.`,
    hint: `Stop it yourself: orbctl stop ${source}`,
  });
}
