/** Plans that a story keeps as files, and what must hold when one is applied. */
import { applySaved, savePlan, type ApplySavedRequest, type SavedPlan } from "../../src/engine-plan-file.ts";
import { planStack, type Applied, type Planned } from "../../src/engine.ts";
import { PLAIN_REQUEST, type EnginePorts, type Stack } from "../../src/engine-types.ts";
import type { Action } from "../../src/model/action.ts";
import type { Plan } from "../../src/model/plan.ts";
import { readBack } from "../support/kept-plans.ts";
import { type Computer, machineOf, machinesOf, portrait } from "./computer.ts";

/** A plan in a file, and the machines that there were when it was made. */
export interface KeptPlan {
  readonly saved: SavedPlan;
  /** By id, as an owner could tell them; `""` where something happened while the plan was made, or a dead run's end was still open. */
  readonly portraits: ReadonlyMap<string, string>;
  /** What lives that applied this very plan have worked on, from the file or without it. */
  readonly worked: Set<string>;
}

/** `orb plan --out FILE`. */
export async function keepPlan(computer: Computer, ports: EnginePorts, stack: Stack): Promise<KeptPlan> {
  const events = computer.world.session.log().length;
  const before = machinesOf(computer).map((each) => [each.id, portrait(each)] as const);
  const planned = await planStack(ports, stack, PLAIN_REQUEST);
  const saved = await savePlan(ports, planned, { request: PLAIN_REQUEST, file: "stacks/dev.ts", version: "1.2.3" });
  const isUnsettled = computer.files.text("/state/dev.journal") !== undefined;
  const alone = computer.world.session.log().length === events && !isUnsettled;
  const portraits = new Map(before.map(([id, seen]) => [id, alone ? seen : ""]));
  return { saved: readBack(saved), portraits, worked: new Set() };
}

/** `orb apply FILE`. */
export async function applyKept(ports: EnginePorts, { saved }: KeptPlan, request: ApplySavedRequest): Promise<Applied> {
  return await applySaved(ports, saved, request);
}

/** A life carries out a plan without a file: it may be the very plan that one has. */
export function noteRun({ saved, worked }: KeptPlan, { plan, digest }: Pick<Planned, "plan" | "digest">): void {
  if (digest === saved.digest) for (const id of workedOn(plan)) worked.add(id);
}

/** Which promise of plan files is broken by what an apply is about to do. `alone`: nothing has happened since it began. */
export function ruleBrokenByKept(
  computer: Computer,
  { saved, portraits, worked }: KeptPlan,
  { plan, alone }: { readonly plan: Plan; readonly alone: boolean },
): string | undefined {
  const approved = new Set(saved.plan.actions.map(({ address }) => address));
  if (plan.actions.some(({ address }) => !approved.has(address))) return "a kept plan touched what it does not name";
  const doomed = new Set(saved.plan.actions.flatMap(doomedBy));
  if (plan.actions.flatMap(doomedBy).some((id) => portraits.has(id) && !doomed.has(id)))
    return "a kept plan deleted what it does not delete";
  const ids = workedOn(plan);
  const isOther = (id: string): boolean => {
    const [before, machine] = [portraits.get(id), machineOf(computer, id)];
    if (before === undefined || before === "" || worked.has(id)) return false;
    return machine === undefined || portrait(machine) !== before;
  };
  const moved = alone && ids.some(isOther);
  for (const id of ids) worked.add(id);
  return moved ? "a kept plan was applied to a machine that was another by then" : undefined;
}

function workedOn({ actions }: Plan): readonly string[] {
  return actions.flatMap((each) => ("target" in each && each.target !== null ? (each.target.id ?? []) : []));
}

function doomedBy(action: Action): readonly string[] {
  return action.kind === "delete" && action.target.id !== null ? [action.target.id] : [];
}
