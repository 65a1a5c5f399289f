import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { lettingGo } from "../model/letting-go.ts";
import { isSettled, nameKey, type MachineFacts } from "../model/machine.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { recover, type Recovery } from "../diff/recovery.ts";
import { refresh } from "../diff/refresh.ts";
import { adoptLine, problem, type Subject } from "./problems.ts";
import type { Scene } from "./scene.ts";

/** How a machine in state stands in the world. A machine in state is found by id only. */
export type Standing =
  /** It lives. `state` is refreshed. */
  | {
      readonly kind: "present";
      readonly state: MachineResource;
      readonly live: MachineFacts;
      readonly recovered: boolean;
    }
  /** Nothing has its id. `state` holds what is left: predecessors that are still to be deleted. */
  | { readonly kind: "gone"; readonly state: MachineResource | undefined; readonly neverSeen: boolean }
  /** Nothing can be decided about it. */
  | { readonly kind: "blocked"; readonly diagnostic: Diagnostic }
  /** A machine stands where one was to be made, and can't be told to be the one: only its adoption settles that. */
  | { readonly kind: "unclear"; readonly diagnostic: Diagnostic };

/** Finds the machine of a state in live, or says why that is not possible now. */
export function stand(scene: Scene, subject: Subject, prior: MachineResource): Standing {
  const recovery = lookFor(scene, subject.address, prior);
  if (recovery?.kind === "waiting") return { kind: "blocked", diagnostic: onItsWay(scene, subject, recovery.until) };
  if (recovery?.kind === "unclear" && !isGivenUp(scene, subject, prior)) return unclear(subject, { prior, recovery });
  const recovered = recovery?.kind === "found";
  const machine = recovery?.kind === "found" ? recovery.machine : liveOf(scene, prior);
  const probe = machine === undefined ? undefined : scene.input.live.probes[machine.id];
  const find = (id: string): MachineFacts | undefined => scene.liveById.get(id);
  const state = refresh(prior, { machine, recovered, probe, find });
  const moving = state?.deposed?.map(({ id }) => find(id)).find((each) => each && !isSettled(each.state));
  if (moving !== undefined) return { kind: "blocked", diagnostic: inTransition(subject, moving) };
  if (machine === undefined || state === undefined) return { kind: "gone", state, neverSeen: prior.id === undefined };
  const claim = scene.input.live.claims[machine.id];
  if (claim !== undefined) return { kind: "blocked", diagnostic: claimed(subject, claim) };
  if (!isSettled(machine.state)) return { kind: "blocked", diagnostic: inTransition(subject, machine) };
  return { kind: "present", state, live: machine, recovered };
}

/** `ORB_CLAIMED`: this state lists what it would act on, and another does too. */
export function claimed(subject: Subject, claim: string): Diagnostic {
  const [here, there] = [`orb state rm ${subject.address}`, lettingGo(claim)];
  const hint =
    there === undefined
      ? `Take it out of one of them: ${here}`
      : `Take it out of one of them. Here: ${here}; or there: ${there}`;
  return problem(subject, { ...CLAIMED, detail: `${claim} ${UNDONE}`, hint });
}

/** `ORB_CLAIMED`: what this state would come to list is another's. */
export function claimedElsewhere(subject: Subject, claim: string): Diagnostic {
  const there = lettingGo(claim);
  const hint =
    there === undefined
      ? "Take it out of that state first, with `orb state rm` there."
      : `Take it out of that state first: ${there}`;
  return problem(subject, { ...CLAIMED, detail: `${claim} ${UNDONE}`, hint });
}

const CLAIMED = { code: "ORB_CLAIMED", summary: "Another state claims this" } as const;

const UNDONE = "Two states acting on one thing would undo each other's work, so nothing is done to it.";

/** `ORB_MACHINE_IN_TRANSITION`: a machine that isn't holding still, for this machine only. */
export function inTransition(subject: Subject, machine: MachineFacts): Diagnostic {
  return problem(subject, {
    code: "ORB_MACHINE_IN_TRANSITION",
    summary: "Machine is in transition",
    detail: `The machine ${machine.name} is ${machine.state}. Nothing is done to it until that has ended.`,
    hint: "Wait a little, then run: orb plan",
  });
}

function liveOf(scene: Scene, prior: MachineResource): MachineFacts | undefined {
  return prior.id === undefined ? undefined : scene.liveById.get(prior.id);
}

function lookFor(scene: Scene, address: Address, { id, deposed, pending }: MachineResource): Recovery | undefined {
  if (pending === undefined) return undefined;
  const named = scene.liveByName.get(nameKey(pending.name));
  const isKnown = named !== undefined && [id, ...(deposed ?? []).map((each) => each.id)].includes(named.id);
  const owner = named && scene.ownerOf.get(named.id);
  const candidate = isKnown || (owner !== undefined && owner !== address) ? undefined : named;
  return recover(pending, candidate, scene.input.live.observedAt);
}

function onItsWay({ input }: Scene, subject: Subject, until: number): Diagnostic {
  const seconds = Math.max(1, Math.ceil((until - input.live.observedAt) / 1000));
  return problem(subject, {
    code: "ORB_MACHINE_IN_TRANSITION",
    summary: "Machine may still be on its way",
    detail:
      "An earlier run began to make it and never learned the outcome. It may still appear, so it is not made again " +
      `for another ${seconds} s; if it appears before, it is taken into state.`,
    hint: "Wait, then run: orb plan",
  });
}

interface Unclear {
  readonly prior: MachineResource;
  readonly recovery: Extract<Recovery, { readonly kind: "unclear" }>;
}

/**
 * A resource that has left the stack does not need what was to be made for it: past its time that is gone, and the stranger
 * is foreign. What else is at the address is there as ever.
 */
function isGivenUp(scene: Scene, { address }: Subject, { pending }: MachineResource): boolean {
  const until = (pending?.at ?? 0) + (pending?.timeoutMs ?? 0);
  return until < scene.input.live.observedAt && !scene.desired.has(address);
}

function unclear(subject: Subject, { prior, recovery }: Unclear): Standing {
  const { name } = recovery.machine;
  return {
    // Where another machine is current at the address, adopting would let go of that one.
    kind: prior.id === undefined ? "unclear" : "blocked",
    diagnostic: problem(subject, {
      code: "ORB_RECOVERY_UNCLEAR",
      summary: "Machine can't be told to be ours",
      detail:
        `An earlier run began to make ${name} and never learned the outcome. There is a machine of that name, but ` +
        `${recovery.why}, so it is left alone.`,
      hint: `If it is yours, take it into state: ${adoptLine(subject.address, name)}`,
    }),
  };
}
