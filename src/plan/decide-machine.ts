import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { nameKey, type MachineFacts } from "../model/machine.ts";
import { machineInputs } from "../model/machine-inputs.ts";
import type { Change, ChangeReason } from "../model/plan.ts";
import type { DesiredMachine } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource } from "../model/snapshot.ts";
import { findDrift } from "../diff/drift.ts";
import { diffMachine, type MachineDiff } from "../diff/machine.ts";
import { decideAdoption, requestedName } from "./adopt.ts";
import { createMachine, prevented, replaceMachine } from "./create-machine.ts";
import { lastOf, nothing, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { isDefaultMachine, ownerAt, strangerNamed, type Desk } from "./desk.ts";
import { defaultAction, keepMachine } from "./existing-machine.ts";
import { limitsOf, settingsAfterDiff } from "./limits-of.ts";
import { adoptLine, problem } from "./problems.ts";
import { priorMachine } from "./scene.ts";
import { stand, type Standing } from "./standing.ts";
import { isNewcomer, isUnawaited, neverReady, predecessor } from "./succession.ts";

/**
 * Decides about a machine of the stack, and notes at the desk what it will be. Rule 8 holds for whatever would be deleted
 * at its address, predecessors among it.
 */
export function decideMachine(desk: Desk, desired: DesiredMachine): Decision {
  const decision = decide(desk, desired);
  const deletes = decision.chain.some(({ kind }) => kind === "delete");
  if (!deletes || !desired.lifecycle.preventDestroy) return decision;
  return refused(desired.address, prevented(desired, decision.change?.reason ?? "delete: deposed"));
}

function decide(desk: Desk, desired: DesiredMachine): Decision {
  const { address } = desired;
  const prior = priorMachine(desk.scene, address);
  const adopting = requestedName(desk.scene, desired);
  const standing = prior && stand(desk.scene, desired, prior);
  if (standing?.kind === "blocked") return refused(address, standing.diagnostic);
  if (adopting !== undefined && !isAlready(standing, adopting)) {
    const seen = standing !== undefined && "state" in standing && standing.state !== prior;
    const decision = decideAdoption(desk, desired, { name: adopting, standing });
    return { ...(seen && { refreshed: standing.state ?? null }), ...decision };
  }
  if (standing === undefined) return createMachine(desk, desired, {});
  if (standing.kind === "unclear") return refused(address, standing.diagnostic);
  if (standing.kind === "gone")
    return prior === undefined ? createMachine(desk, desired, {}) : gone(desk, desired, { prior, standing });
  return present(desk, desired, standing);
}

type Present = Extract<Standing, { readonly kind: "present" }>;
type Gone = Extract<Standing, { readonly kind: "gone" }>;

function isAlready(standing: Standing | undefined, name: string): boolean {
  return standing?.kind === "present" && nameKey(standing.live.name) === nameKey(name);
}

/** Deleted or replaced outside. A stranger under its name is never taken for it. */
function gone(
  desk: Desk,
  desired: DesiredMachine,
  { prior, standing }: { prior: MachineResource; standing: Gone },
): Decision {
  const old = standing.state && predecessor(desk, desired.address, standing.state);
  if (old !== undefined) return current(desk, desired, { ...old, recovered: false });
  if (standing.neverSeen)
    return createMachine(desk, desired, { left: standing.state, refreshed: standing.state ?? null });
  const stranger = strangerNamed(desk.scene, prior.name) ?? strangerNamed(desk.scene, desired.name);
  const drift = { address: desired.address, name: prior.name, attributes: [], folded: false };
  if (stranger !== undefined) {
    const diagnostic = replacedOutside(desired, prior, stranger);
    return { ...refused(desired.address, diagnostic), drift: { ...drift, kind: "replaced" } };
  }
  const decision = createMachine(desk, desired, {
    reason: "create: deleted outside",
    left: standing.state,
    refreshed: standing.state ?? null,
  });
  return { ...decision, drift: { ...drift, kind: "deleted" } };
}

function replacedOutside(desired: DesiredMachine, prior: MachineResource, stranger: MachineFacts): Diagnostic {
  return problem(desired, {
    code: "ORB_REPLACED_OUTSIDE",
    summary: "Machine was replaced outside",
    detail:
      `${prior.name} as Orbform made it is gone, and another machine is named ${stranger.name}. ` +
      "That one is not touched, and nothing is made beside it.",
    hint: `Take it into state: ${adoptLine(desired.address, stranger.name)} (or plan and apply with --adopt ${desired.address}). To have yours made again, rename or delete that one first.`,
  });
}

function present(desk: Desk, desired: DesiredMachine, standing: Present): Decision {
  const compared = compare(desk, desired, standing);
  const { reason } = compared;
  // A machine that was never ready is given up; the one it was to replace is current as long as that is there.
  const old = reason && predecessor(desk, desired.address, standing.state);
  return old === undefined
    ? asCompared(desk, desired, compared)
    : current(desk, desired, { ...old, recovered: standing.recovered });
}

/** A predecessor that is current again, whatever is to become of it. */
function current(desk: Desk, desired: DesiredMachine, old: Omit<Present, "kind">): Decision {
  return asCompared(desk, desired, compare(desk, desired, { kind: "present", ...old }));
}

interface Compared {
  readonly standing: Present;
  readonly diff: MachineDiff;
  readonly reason: ChangeReason | undefined;
}

function compare(desk: Desk, desired: DesiredMachine, standing: Present): Compared {
  const { state, live } = standing;
  const isDefault = isDefaultMachine(desk, live);
  const { values, scene } = desk;
  const pair = { desired, live, prior: state, values, digest: scene.input.digest };
  const diff = diffMachine(isDefault === undefined ? pair : { ...pair, isDefault });
  const reason = replaceReason(desk, state, { address: desired.address, replace: diff.replace });
  return { standing, diff, reason };
}

function asCompared(desk: Desk, desired: DesiredMachine, { standing, diff, reason }: Compared): Decision {
  const { live, recovered } = standing;
  const prior = priorMachine(desk.scene, desired.address);
  const isKnown = !recovered && prior?.id === live.id;
  const drift = isKnown ? findDrift({ desired, prior, live }, diff) : undefined;
  const observed = {
    ...(drift && { drift }),
    ...(standing.state !== prior && { refreshed: standing.state }),
  };
  const decision =
    reason === undefined
      ? keep(desk, desired, { standing, diff })
      : replaceMachine(desk, desired, { standing, diff, reason });
  return { ...observed, ...decision };
}

function replaceReason({ scene }: Desk, state: MachineResource, diff: Diffed): ChangeReason | undefined {
  if (state.halfDeleted !== undefined) return "delete: half deleted";
  if (scene.input.options.replace.includes(diff.address)) return "replace: requested";
  if (state.status === "unready" && state.unready?.reason === "failed") return "replace: not ready";
  return diff.replace;
}

interface Diffed {
  readonly address: Address;
  readonly replace: ChangeReason | undefined;
}

function keep(
  desk: Desk,
  desired: DesiredMachine,
  { standing, diff }: { standing: Present; diff: MachineDiff },
): Decision {
  const { state, live, recovered } = standing;
  const limits = limitsOf(desk.scene, { desired, diff, state });
  if (limits.length > 0) return refused(desired.address, ...limits);
  const kept = keepMachine(desk, { desired, live, diff, state, deposed: state.deposed });
  if (isUnawaited(desired, state, kept.chain)) return refused(desired.address, neverReady(desired, state));
  const owner = ownerAt(desk, desired.address, desired.lifecycle);
  const own = { address: desired.address, id: live.id };
  const setDefault = diff.default === undefined ? [] : [defaultAction(owner, diff.default === "set" ? own : null)];
  desk.outlooks.set(desired.address, {
    made: false,
    booted: kept.booted,
    state,
    settings: settingsAfterDiff(live, diff, desk),
    running: diff.power === undefined ? live.state === "running" : diff.power === "start",
  });
  const chain = [...kept.chain, ...setDefault];
  const change = keptChange(desk, { desired, state, diff, recovered, acts: chain.length > 0, notes: kept.notes });
  const settles = chain.length > 0 || isUnsettled(desk, desired, state);
  // Of most machines of a big fleet there is nothing to say.
  if (!settles && change === undefined && diff.diagnostics.length === 0) return nothing(desired.address);
  return {
    address: desired.address,
    chain,
    ...lastOf(kept.chain.filter((each) => each.kind !== "delete")),
    ...(change && { change }),
    ...(settles && { settled: desired }),
    diagnostics: diff.diagnostics,
  };
}

interface KeptFacts {
  readonly desired: DesiredMachine;
  readonly state: MachineResource;
  readonly diff: MachineDiff;
  readonly recovered: boolean;
  readonly acts: boolean;
  readonly notes: readonly string[];
}

function keptChange(desk: Desk, facts: KeptFacts): ChangeDraft | undefined {
  const { desired, diff, state, recovered, acts, notes } = facts;
  const previousAddress = desk.scene.movedFrom.get(desired.address);
  const action: Change["action"] = acts || diff.attributes.length > 0 ? "update" : "no-op";
  if (action === "no-op" && !recovered && previousAddress === undefined) return undefined;
  return {
    address: desired.address,
    type: "machine",
    action,
    createBeforeDestroy: false,
    ...(state.deposed && {
      reason: isNewcomer(desk, state, desired.address) ? "delete: never ready" : "delete: deposed",
    }),
    name: diff.renameTo ?? state.name,
    ...(previousAddress !== undefined && { previousAddress }),
    recovered,
    attributes: diff.attributes,
    unchanged: diff.unchanged,
    notes,
  };
}

/** What the snapshot says was asked differs from what the stack asks now, if only in what no plan shows. */
function isUnsettled({ scene, values }: Desk, desired: DesiredMachine, state: MachineResource): boolean {
  const inputs = machineInputs(desired, values.lookup, scene.input.digest);
  return (
    (inputs !== undefined && !sameJson(inputs, state.inputs)) ||
    !sameJson(desired.lifecycle, state.lifecycle) ||
    !sameJson(desired.dependencies, state.dependencies)
  );
}
