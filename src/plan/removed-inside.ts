import type { InsideAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { InsideFacts } from "../model/inside.ts";
import { isGone } from "../model/inside-looked.ts";
import { identityIn, identityOf } from "../model/inside-kept.ts";
import type { DesiredInside } from "../model/resource.ts";
import type { InsideResource } from "../model/snapshot.ts";
import { isStillOurs } from "../model/still-ours.ts";
import { attribute } from "../diff/attributes.ts";
import { removedDifferences } from "../diff/inside.ts";
import { lastOf, nothing, refused, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { notOurs } from "./inside-problems.ts";
import { isOursToStart } from "./inside-site.ts";
import { begin } from "./make-action.ts";
import { absentHeirs, goingPackages, heirsOf, waitsForHeirs } from "./package-owners.ts";
import { problem } from "./problems.ts";
import { desiredMachine, priorMachine } from "./scene.ts";

/** Decides about something inside a machine that has left the stack, or that is to be destroyed. */
export function decideRemovedInside(desk: Desk, address: Address, prior: InsideResource): Decision {
  const lifecycle = desk.scene.declared.get(address)?.lifecycle ?? prior.lifecycle;
  if (lifecycle.retain) return forget(desk, address, { prior, reason: "forget: retained" });
  if (lifecycle.preventDestroy) return refused(address, prevented(address));
  const kept = (note: string): Decision => forget(desk, address, { prior, reason: "forget: kept", note });
  if (!staysThere(desk, prior)) return kept(whatBecomesOf(desk, prior));
  const absent = absentHeirs(desk.scene, address, prior);
  if (absent.length > 0) return { ...nothing(address), diagnostics: [waitsForHeirs(address, absent)] };
  if (!isTakenAway(desk, prior))
    return kept(heirsOf(desk.scene, address, prior).length > 0 ? ASKED_ELSEWHERE : STAYS[prior.type]);
  if (!isReachable(desk, prior)) return refused(address, unreachable(desk, address, prior));
  if (isSeenChanged(desk, address, prior))
    return kept(prior.type === "user" ? ANOTHER_USER : "somebody else has changed it, and it stays as it is");
  const chain = [removal(desk, address, prior)];
  const change: ChangeDraft = {
    ...leaving(address, prior, prior.type === "user" ? "its home stays, with all that lies in it" : undefined),
    action: "delete",
    reason: desk.scene.input.options.mode === "destroy" ? "delete: destroy" : "delete: not in stack",
    attributes: removedDifferences(prior, goingPackages(desk.scene, prior)).map(({ path, ...sides }) =>
      attribute(path, sides),
    ),
  };
  return { address, chain, ...lastOf(chain), change, diagnostics: [] };
}

/** What has to be taken away where a resource is another now: another path or name, or another machine. */
export function leftovers(desk: Desk, desired: DesiredInside, prior: InsideResource): InsideAction | undefined {
  if (desired.lifecycle.retain || !isAnother(desk, desired, prior)) return undefined;
  if (!staysThere(desk, prior) || !isTakenAway(desk, prior) || !isReachable(desk, prior)) return undefined;
  return staysAsSeen(desk, desired, prior) ? undefined : removal(desk, desired.address, prior);
}

/** There is nothing to take away, or not while it is as it was seen. Of another path or name nobody knows how it is now. */
function staysAsSeen(desk: Desk, desired: DesiredInside, prior: InsideResource): boolean {
  if (prior.on !== desired.on || !isSameThing(prior, desired)) return false;
  const facts = seenOf(desk, desired.address, prior);
  const isHolding = facts?.type === "directory" && facts.isEmpty === false;
  return isHolding || (facts !== undefined && isGone(facts)) || isSeenChanged(desk, desired.address, prior);
}

/** Somebody has changed it since it was applied. A folder that holds something now may be empty when its turn comes. */
function isSeenChanged(desk: Desk, address: Address, prior: InsideResource): boolean {
  const facts = seenOf(desk, address, prior);
  if (facts === undefined || facts.type === "directory") return false;
  return !isStillOurs(prior, facts, desk.scene.input.hashText);
}

/** What was found in another machine, which is to go or has just come, says nothing of this one. */
function seenOf({ scene }: Desk, address: Address, { on, machine }: InsideResource): InsideFacts | undefined {
  return priorMachine(scene, on)?.id === machine ? scene.input.live.inside[address] : undefined;
}

function isAnother(desk: Desk, desired: DesiredInside, prior: InsideResource): boolean {
  return prior.on !== desired.on || !isSameThing(prior, desired) || isReplaceAsked(desk, desired);
}

/** Whether it is to be taken away and made again, or run again, whatever it is like. Installed packages are not. */
export function isReplaceAsked({ scene }: Desk, { address, type }: DesiredInside): boolean {
  return type !== "packages" && scene.input.options.replace.includes(address);
}

/** Something of ours is to be taken away where a resource is another now, and nobody can get there. */
export function outOfReachLeftover(
  desk: Desk,
  desired: DesiredInside,
  prior: InsideResource | undefined,
): Diagnostic | undefined {
  if (prior === undefined || desired.lifecycle.retain || !isAnother(desk, desired, prior)) return undefined;
  const isLeft = staysThere(desk, prior) && isTakenAway(desk, prior) && !isReachable(desk, prior);
  return isLeft ? unreachable(desk, desired.address, prior) : undefined;
}

/** Whether what is in state of a resource goes by this plan: taken away for another, or with the machine that it lies in. */
export function isLost(desk: Desk, desired: DesiredInside, prior: InsideResource | undefined): boolean {
  if (prior === undefined) return false;
  const isReplaced = desk.outlooks.get(prior.on)?.made === true && desk.scene.liveById.has(prior.machine);
  return isReplaced || leftovers(desk, desired, prior) !== undefined;
}

function removal(desk: Desk, address: Address, prior: InsideResource): InsideAction {
  return {
    ...begin("remove", ownerAt(desk, address, prior.lifecycle)),
    subject: prior.type,
    target: { address: prior.on, id: prior.machine },
    properties: prior.type === "packages" ? { remove: goingPackages(desk.scene, prior) } : namedBy(prior),
    before: prior.seen,
    restart: false,
    ...(desk.scene.withSecrets.has(prior.on) && { quiet: true }),
  };
}

/** The very machine it lies in is there, and Orbform's, after this plan. */
function staysThere({ scene, outlooks }: Desk, { on, machine }: InsideResource): boolean {
  if (!scene.liveById.has(machine)) return false;
  if (desiredMachine(scene, on) === undefined) return priorMachine(scene, on)?.id === machine && !scene.isSelected(on);
  const outlook = outlooks.get(on);
  return outlook !== undefined && !outlook.made && outlook.state?.id === machine;
}

/** What becomes of it where its machine is not one that the stack goes on with under the address it was in. */
function whatBecomesOf({ scene, outlooks }: Desk, { machine }: InsideResource): string {
  if (!scene.liveById.has(machine)) return "it went with its machine";
  const owner = scene.ownerOf.get(machine);
  if (owner === undefined) return "it stays in its machine, which is not Orbform's any more";
  if (desiredMachine(scene, owner) === undefined) {
    const lifecycle = scene.declared.get(owner)?.lifecycle ?? scene.prior.get(owner)?.lifecycle;
    const isKept = lifecycle?.retain === true || lifecycle?.preventDestroy === true;
    return isKept ? "it stays in its machine, which is kept" : "it goes with its machine";
  }
  const outlook = outlooks.get(owner);
  const isGoneOnWith = outlook !== undefined && !outlook.made && outlook.state?.id === machine;
  return isGoneOnWith ? `it stays in what is ${owner} now` : "it goes with its machine";
}

/** Only what was made is taken away; what stood there before stays, as it is now. A command's work nobody knows. */
export function isTakenAway(desk: Desk, prior: InsideResource): boolean {
  const { original } = prior;
  switch (prior.type) {
    case "file":
    case "directory":
      return "kind" in original && original.kind === "absent";
    case "user":
      return original.type === "user" && !original.exists;
    case "packages":
      return goingPackages(desk.scene, prior).length > 0;
    case "service":
      return removedDifferences(prior).length > 0;
    case "command":
    default:
      return false;
  }
}

/** A machine that this plan leaves as it is is not started by it either. */
export function isReachable({ scene }: Desk, { on, machine }: InsideResource): boolean {
  const desired = desiredMachine(scene, on);
  const isStarted = desired !== undefined && scene.isSelected(on) && isOursToStart(desired);
  return isStarted || scene.liveById.get(machine)?.state === "running";
}

/** Whether state and stack speak of one path, one name. */
export function isSameThing({ inputs }: InsideResource, desired: DesiredInside): boolean {
  return identityOf(inputs) === identityIn(desired.properties);
}

/** What is taken away, by what it is known there. */
function namedBy({ inputs }: InsideResource): InsideAction["properties"] {
  if ("path" in inputs) return { path: inputs.path };
  return "name" in inputs ? { name: inputs.name } : {};
}

const ANOTHER_USER = "it is not the one that was made, and stays";

const ASKED_ELSEWHERE = "another resource asks for them";

/** Why nothing is taken away. */
const STAYS: { readonly [type in InsideResource["type"]]: string } = {
  file: "it was there before, and stays as it is",
  directory: "it was there before, and stays as it is",
  user: "it was there before, and stays as it is",
  packages: "they were there before, and stay as they are",
  service: "it stays as it is",
  command: "what it did is not undone",
};

interface Left {
  readonly prior: InsideResource;
  readonly reason: "forget: retained" | "forget: kept";
  readonly note?: string;
}

function forget(desk: Desk, address: Address, { prior, reason, note }: Left): Decision {
  return {
    address,
    chain: [begin("forget", ownerAt(desk, address, prior.lifecycle))],
    change: { ...leaving(address, prior, note), action: "forget", reason },
    diagnostics: [],
  };
}

function leaving(address: Address, prior: InsideResource, note?: string): Omit<ChangeDraft, "action"> {
  return {
    address,
    type: prior.type,
    createBeforeDestroy: false,
    name:
      identityOf(prior.inputs) ||
      Object.keys("install" in prior.inputs ? prior.inputs.install : {}).join(", ") ||
      (address.split(".").at(-1) ?? address),
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [`in ${prior.on}`, ...(note === undefined ? [] : [note])],
  };
}

/** `ORB_PREVENT_DESTROY` for something inside a machine. */
export function prevented(address: Address) {
  return problem(
    { address },
    {
      code: "ORB_PREVENT_DESTROY",
      summary: "Resource must not be removed",
      detail: `${address} would be taken away, and its lifecycle says preventDestroy. Nothing is done to it.`,
      hint: "Put it back as it was, or apply it once without preventDestroy.",
    },
  );
}

function unreachable(desk: Desk, address: Address, { on }: InsideResource) {
  const why = desk.scene.isSelected(on) ? notOurs(desk, on) : "which this plan leaves as it is (--target, --exclude)";
  return problem(
    { address },
    {
      code: "ORB_GUEST_UNAVAILABLE",
      summary: "Its machine does not run",
      detail: `${address} is to be taken away inside ${on}, which is stopped, and ${why}.`,
      hint: `Start the machine and run: orb plan; or forget it: orb state rm ${address}`,
    },
  );
}
