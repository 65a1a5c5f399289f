import type { InsideFacts } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import type { DesiredInside, DesiredMachine } from "../model/resource.ts";
import type { InsideResource } from "../model/snapshot.ts";
import type { Desk } from "./desk.ts";
import type { Outlook } from "./outlook.ts";
import { desiredMachine } from "./scene.ts";

/** Where something inside a machine is, and what is known of it there. `machine` is `null` where this plan makes it. */
export type Site =
  /** It was looked at. */
  | { readonly kind: "seen"; readonly machine: MachineId; readonly facts: InsideFacts }
  /** The machine is stopped: the last snapshot stands for it. */
  | { readonly kind: "remembered"; readonly machine: MachineId; readonly facts: InsideFacts }
  /** Nobody could look: the machine is made by this plan, or has never been looked into. */
  | { readonly kind: "unseen"; readonly machine: MachineId | null }
  /** The machine is stopped, and is not Orbform's to start. */
  | { readonly kind: "out of reach"; readonly machine: MachineId }
  /** There is nothing there that could do it. */
  | { readonly kind: "unavailable"; readonly machine: MachineId; readonly why: string };

interface Around {
  readonly outlook: Outlook;
  readonly prior: InsideResource | undefined;
}

/** Finds where a resource lies, and what is known of it there. */
export function siteOf(desk: Desk, desired: DesiredInside, { outlook, prior }: Around): Site {
  const machine = outlook.made ? undefined : (outlook.state?.id ?? outlook.adopted?.id);
  if (machine === undefined) return { kind: "unseen", machine: null };
  const facts = desk.scene.input.live.inside[desired.address];
  if (facts?.type === "unavailable") return { kind: "unavailable", machine, why: facts.why };
  if (facts !== undefined) return { kind: "seen", machine, facts };
  const isOff = desk.scene.liveById.get(machine)?.state === "stopped";
  if (isOff && prior?.machine === machine && prior.unfinished !== true) {
    return isOurs(desk, desired)
      ? { kind: "remembered", machine, facts: prior.seen }
      : { kind: "out of reach", machine };
  }
  return isOff && !isOurs(desk, desired) ? { kind: "out of reach", machine } : { kind: "unseen", machine };
}

function isOurs({ scene }: Desk, { on }: DesiredInside): boolean {
  const machine = desiredMachine(scene, on);
  return machine !== undefined && isOursToStart(machine);
}

/** Whether a machine's power is Orbform's to change. */
export function isOursToStart({ power, lifecycle }: DesiredMachine): boolean {
  return power !== "any" && !lifecycle.ignoreChanges.includes("power");
}
