import type { InsideAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { InsideFacts, InsideWish } from "../model/inside.ts";
import { isGone, withoutText } from "../model/inside-looked.ts";
import { identityIn, identityOf, isNeverRun, notRun, seenFor, settledWish, withSeen } from "../model/inside-kept.ts";
import { insideWish } from "../model/inside-wish.ts";
import { UNKNOWN, type AttributeChange } from "../model/plan.ts";
import type { DesiredInside } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { attribute } from "../diff/attributes.ts";
import { askedCount, type InsideDifference } from "../diff/inside.ts";
import { askedProperties } from "./asked-properties.ts";
import { lastOf, nothing, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { veiled, type Asked } from "./asked-inside.ts";
import { insideBefore, returned } from "./inside-before.ts";
import { insideName, insideAttributes } from "./inside-attributes.ts";
import { inTheWay, outOfReach, unavailable } from "./inside-problems.ts";
import { differencesOf, withFormer } from "./inside-differences.ts";
import { driftOf } from "./inside-drift.ts";
import { notesOf } from "./inside-notes.ts";
import { siteOf, takenAway } from "./inside-site.ts";
import { begin } from "./make-action.ts";
import { notReplaced } from "./not-replaced.ts";
import { asHeir, dropped, withKeptForHeirs } from "./package-owners.ts";
import { desiredMachine } from "./scene.ts";
import { isLost, isReplaceAsked, isSameThing, leftovers, outOfReachLeftover, prevented } from "./removed-inside.ts";

/** Decides about something inside a machine of the stack. The machine has been decided about before. */
export function decideInside(desk: Desk, declared: DesiredInside): Decision {
  const { address, on } = declared;
  const outlook = desk.outlooks.get(on);
  // What is wrong with its machine is said there.
  if (outlook === undefined) return nothing(address);
  const prior = insideBefore(desk, address);
  const found = siteOf(desk, declared, { outlook, prior });
  if (found.kind === "unavailable") return refused(address, unavailable(declared, found.why));
  const before =
    prior !== undefined && prior.machine === found.machine && isSameThing(prior, declared) ? prior : undefined;
  const desired = withKeptForHeirs(desk.scene, declared, before);
  const wish = insideWish(desired, desk.values.lookup, desk.scene.input.hashText);
  const former = dropped(desk.scene, desired, { wish, prior: before });
  const asked = veiled(desk, { desired, site: found, here: before, wish: withFormer(wish, former) });
  const { site } = asked;
  const drift = driftOf(desk, asked);
  const isLosing = former.length > 0 || isLost(desk, desired, prior);
  if (isLosing && desired.lifecycle.preventDestroy) return { ...drift, ...refused(address, prevented(address)) };
  const differences = differencesOf(desk, asked, desired);
  const isLosingPlace = prior !== undefined && leftovers(desk, desired, prior) !== undefined;
  if (differences.length === 0 && !isRestarted(desk, asked) && !isLosingPlace)
    return { ...drift, ...quiet(desk, asked, prior) };
  if (desk.scene.input.options.mode === "refresh-only") return { ...drift, ...onlySeen(asked, prior?.seen) };
  const problem =
    site.kind === "out of reach"
      ? outOfReach(desk, desired)
      : (inTheWay(desk, desired, site) ?? outOfReachLeftover(desk, desired, prior));
  if (problem !== undefined) return { ...drift, ...refused(address, problem) };
  desk.insideChanged.add(address);
  return { ...drift, ...act(desk, asked, { prior, differences }) };
}

/**
 * A service that is to run is restarted after what it watches has changed, in this plan or in a run that ended before it
 * came to it. What one runs with that was there already nobody knows.
 */
function isRestarted(desk: Desk, { desired, here }: Asked): boolean {
  if (desired.properties["running"] === false) return false;
  return desired.restartOn.some((address) => {
    const revision = insideBefore(desk, address)?.revision;
    return here === undefined || desk.insideChanged.has(address) || here.startedWith?.[address] !== (revision ?? 0);
  });
}

function quiet(desk: Desk, { desired, site, here, wish }: Asked, prior: InsideResource | undefined): Decision {
  const { address, lifecycle, dependencies } = desired;
  const { scene } = desk;
  const previousAddress = scene.movedFrom.get(address);
  const settles =
    here === undefined ||
    !sameJson(appliedHere(here, { desired, wish }), here.inputs) ||
    !sameJson(lifecycle, here.lifecycle) ||
    !sameJson(dependencies, here.dependencies);
  const moved = previousAddress !== undefined && { change: { ...draft(desk, desired), action: "no-op" as const } };
  return {
    address,
    chain: [],
    ...moved,
    ...returned(desk, address, here),
    ...refreshedBy(desk, { desired, site, here, wish }, prior?.seen),
    ...(settles && here !== undefined && { settled: desired }),
    ...(here === undefined && takeOver(desk, { desired, site, here, wish }, prior)),
    diagnostics: notReplaced(desk, { desired, site, here, wish }),
  };
}

/**
 * What was begun and is found to be as asked is finished; what a command's conditions don't tell is not known, also what
 * others told that were asked before.
 */
function refreshedBy(
  { scene }: Desk,
  { desired, site, here, wish }: Asked,
  kept: InsideFacts | undefined,
): Pick<Decision, "refreshed"> {
  const facts = "facts" in site ? site.facts : undefined;
  if (here === undefined || facts === undefined || (site.kind !== "seen" && facts.type !== "command")) return {};
  const seen = seenFor(appliedHere(here, { desired, wish }), facts);
  const isDone = facts.type !== "command" || facts.created === true || facts.unless === true || facts.done === true;
  // As it stands in state: what was sealed, or opened, since is written once more.
  const heir = asHeir(scene, here, { desired, wish });
  if (heir === here && sameJson(seen, kept) && !(isDone && here.unfinished === true)) return {};
  const now = withSeen(heir, seen);
  if (!isDone) return { refreshed: now };
  const { unfinished: _unfinished, former: _former, script: _script, ...known } = now;
  return { refreshed: known };
}

/** What state keeps as applied where nothing has to be done. */
function appliedHere({ inputs }: InsideResource, { desired, wish }: Pick<Asked, "desired" | "wish">): InsideWish {
  return wish === undefined ? inputs : settledWish(wish, inputs, desired.lifecycle);
}

/** What was found is recorded, and nothing else. */
function onlySeen({ desired, site, here, wish }: Asked, kept: InsideFacts | undefined): Decision {
  const seen =
    here === undefined || site.kind !== "seen" ? undefined : seenFor(appliedHere(here, { desired, wish }), site.facts);
  const refreshed = here !== undefined &&
    seen !== undefined &&
    !sameJson(seen, kept) && { refreshed: withSeen(here, seen) };
  return { ...nothing(desired.address), ...refreshed };
}

/**
 * It is there already though nobody of ours made it: it enters state by writing what changes nothing. A command that its
 * conditions keep from being run is only recorded.
 */
function takeOver(desk: Desk, asked: Asked, prior: InsideResource | undefined): Partial<Decision> {
  const { desired, site, wish } = asked;
  if (wish?.type === "command") {
    const isLookedAt = site.kind === "seen" && site.facts.type === "command";
    const isRecorded = isLookedAt && desk.scene.input.options.mode !== "refresh-only";
    return isRecorded ? { refreshed: notRun(desired, { machine: site.machine, wish, facts: site.facts }) } : {};
  }
  const { address: _address, diagnostics: _diagnostics, ...acting } = act(desk, asked, { prior, differences: [] });
  return acting;
}

interface Acting {
  /** What is in state at the address, perhaps of another machine. */
  readonly prior: InsideResource | undefined;
  readonly differences: readonly InsideDifference[];
}

function act(desk: Desk, asked: Asked, { prior, differences }: Acting): Decision {
  const { desired, here, site } = asked;
  const isMadeAgain = here !== undefined && site.kind === "seen" && isGone(site.facts);
  const kept = here === undefined || isNeverRun(here) || isMadeAgain ? "create" : "update";
  const old = prior === undefined ? undefined : leftovers(desk, desired, prior);
  const isMadeAnew = old !== undefined && here !== undefined;
  const isReplaced = isMadeAnew || (desired.type === "command" && isReplaceAsked(desk, desired));
  const written = writeAction(desk, isMadeAnew ? { ...asked, site: takenAway(site) } : asked);
  const chain = [...(old === undefined ? [] : [old]), written];
  const attributes = attributesOf(desk, asked, differences);
  const changed = old === undefined || prior === undefined ? attributes : fromFormer(attributes, desired, prior);
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: old === undefined ? kept : "replace",
    ...(old !== undefined && { reason: replaceReason(desk, desired) }),
    ...(old === undefined && isMadeAgain && { reason: "create: deleted outside" as const }),
    attributes: changed,
    unchanged: asked.wish === undefined ? 0 : Math.max(0, askedCount(asked.wish) - changed.length),
    notes: notesOf(asked, {
      prior,
      restarts: isRestarted(desk, asked),
      differs: differences.length > 0,
      isReplaced,
      isStoppedAgain: site.kind === "remembered" && desiredMachine(desk.scene, desired.on)?.power === "stopped",
    }),
  };
  // What is gone is made again in any case.
  const diagnostics = isReplaced || isMadeAgain ? [] : notReplaced(desk, asked);
  return { address: desired.address, chain, ...lastOf(chain), change, settled: desired, diagnostics };
}

/** With what it was called before, where that is what makes it another: what goes is to be seen. */
function fromFormer(
  attributes: readonly AttributeChange[],
  { properties }: DesiredInside,
  { inputs }: InsideResource,
): readonly AttributeChange[] {
  const [before, after] = [identityOf(inputs), identityIn(properties)];
  if (before === after) return attributes;
  const path = "path" in inputs ? "path" : "name";
  const others = attributes.filter((each) => each.path !== path);
  return [attribute(path, { before, after: after || UNKNOWN }, true), ...others];
}

function replaceReason(desk: Desk, desired: DesiredInside): "replace: requested" | "replace: property" {
  return isReplaceAsked(desk, desired) ? "replace: requested" : "replace: property";
}

function writeAction(desk: Desk, { desired, site, wish, here }: Asked): InsideAction {
  const { address, lifecycle, type, on } = desired;
  const properties = askedProperties(desired, "facts" in site ? site.facts : undefined);
  const packages = wish?.type === "packages" ? { ...properties, remove: wish.remove } : properties;
  return {
    ...begin(type === "command" ? "run" : "write", ownerAt(desk, address, lifecycle)),
    subject: type,
    target: { address: on, id: site.machine },
    properties: packages,
    before: "facts" in site ? plannedOn(site.facts) : null,
    restart: isRestarted(desk, { desired, site, wish, here }),
    ...(desk.scene.withSecrets.has(on) && { quiet: true }),
  };
}

/** What an apply compares with: of a command also that an attempt was seen to have ended well. */
function plannedOn(facts: InsideFacts): InsideFacts {
  return facts.type === "command" ? facts : withoutText(facts);
}

function attributesOf(desk: Desk, asked: Asked, differences: readonly InsideDifference[]): readonly AttributeChange[] {
  const { desired, here, site, wish } = asked;
  if (wish === undefined || here === undefined || site.kind !== "seen")
    return insideAttributes(desk, desired, differences);
  return insideAttributes(desk, desired, differences).map((each) =>
    each.after === undefined && each.before === undefined ? { ...each, after: UNKNOWN } : each,
  );
}

function draft(desk: Desk, desired: DesiredInside): Omit<ChangeDraft, "action"> {
  const previousAddress: Address | undefined = desk.scene.movedFrom.get(desired.address);
  return {
    address: desired.address,
    type: desired.type,
    createBeforeDestroy: false,
    name: insideName(desired),
    ...(previousAddress !== undefined && { previousAddress }),
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
}
