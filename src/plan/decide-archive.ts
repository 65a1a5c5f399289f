import type { ExportAction } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import { archiveProperty, type ArchiveFacts, type MadeArchive, type RetentionPolicy } from "../model/archive.ts";
import { archiveInputs } from "../model/archive-inputs.ts";
import type { Json } from "../model/json.ts";
import type { MachineId } from "../model/machine.ts";
import { UNKNOWN, type AttributeChange, type Drift } from "../model/plan.ts";
import type { DesiredArchive } from "../model/resource.ts";
import { sameJson } from "../model/same-json.ts";
import type { ArchiveResource } from "../model/snapshot.ts";
import { resolveValue } from "../model/value.ts";
import { archiveDamage } from "../diff/archive.ts";
import { attribute, isIgnored } from "../diff/attributes.ts";
import { lastOf, nothing, type ChangeDraft, type Decision } from "./decision.ts";
import { ownerAt, type Desk } from "./desk.ts";
import { begin } from "./make-action.ts";
import type { Outlook } from "./outlook.ts";
import { priorArchive } from "./scene.ts";

/** Decides about an archive of a machine of the stack. The machine has been decided about before. */
export function decideArchive(desk: Desk, desired: DesiredArchive): Decision {
  const outlook = desk.outlooks.get(desired.of);
  // What is wrong with its machine is said there.
  if (outlook === undefined) return nothing(desired.address);
  const asked = askedOf(desk, desired, outlook);
  const found = { ...driftOf(asked), ...refreshedOf(desk, asked) };
  const why = whyExported(desk, asked);
  if (why !== undefined) return { ...found, ...exported(desk, asked, why) };
  const { made } = asked;
  if (made !== undefined) desk.archived.set(desired.address, made);
  return { ...found, ...quiet(desk, asked) };
}

interface Asked {
  readonly desired: DesiredArchive;
  readonly outlook: Outlook;
  /** `null`: this plan makes it. */
  readonly machine: MachineId | null;
  readonly prior: ArchiveResource | undefined;
  readonly made: MadeArchive | undefined;
  /** `undefined`: nobody looked. */
  readonly facts: ArchiveFacts | undefined;
  readonly damage: readonly AttributeChange[];
  /** `undefined`: there are none, or they are not known yet. */
  readonly triggers: Json | undefined;
}

function askedOf(desk: Desk, desired: DesiredArchive, outlook: Outlook): Asked {
  const { scene } = desk;
  const prior = priorArchive(scene, desired.address);
  const made = prior?.made;
  const facts = scene.input.live.archives[scene.movedFrom.get(desired.address) ?? desired.address];
  return {
    desired,
    outlook,
    machine: outlook.made ? null : (outlook.state?.id ?? outlook.adopted?.id ?? null),
    prior,
    made,
    facts,
    damage: made !== undefined && facts !== undefined ? archiveDamage(made, facts) : [],
    triggers: desired.triggers === undefined ? undefined : resolveValue(desired.triggers, desk.values.lookup),
  };
}

function driftOf({ desired, made, facts, damage }: Asked): { readonly drift?: Drift } {
  const isMissing = made !== undefined && facts?.status === "missing";
  if (!isMissing && damage.length === 0) return {};
  const kind = isMissing ? ("deleted" as const) : ("changed" as const);
  return { drift: { address: desired.address, name: desired.dir, kind, attributes: damage, folded: false } };
}

/** What is not there as it was written is no archive any more, once somebody says that this is to be recorded. */
function refreshedOf(desk: Desk, { prior, facts, damage }: Asked): Pick<Decision, "refreshed"> {
  const isWhole = facts?.status !== "missing" && damage.length === 0;
  if (prior?.made === undefined || isWhole || desk.scene.input.options.mode !== "refresh-only") return {};
  const { made: _made, ...rest } = prior;
  return { refreshed: { ...rest, revision: prior.revision + 1 } };
}

/** Why there is to be a new export, and what is another than before. */
interface Why {
  readonly action: "create" | "update";
  readonly isGone: boolean;
  readonly changed: readonly AttributeChange[];
  readonly notes: readonly string[];
}

function whyExported(desk: Desk, asked: Asked): Why | undefined {
  const { desired, prior, made, facts, damage, machine } = asked;
  const notes: string[] = [];
  if (prior?.unfinished === true) notes.push("an earlier export of it ended without an answer");
  if (prior === undefined || made === undefined) return { action: "create", isGone: false, changed: [], notes };
  if (facts?.status === "missing") {
    if (!facts.folder) notes.push("its folder is not there: it may only not be mounted");
    return { action: "create", isGone: true, changed: [], notes };
  }
  if (damage.length > 0) notes.push("is exported again: what is there is not what was exported");
  if (desk.scene.input.options.replace.includes(desired.address)) notes.push("is exported again, as requested");
  if (made.machine !== machine) notes.push("is exported again: its machine is another one");
  const changed = [...dirChange(asked), ...triggersChange(desk, asked)];
  if (made.dir !== desired.dir) notes.push(`what it made in ${JSON.stringify(made.dir)} stays there`);
  return notes.length > 0 || changed.length > 0 ? { action: "update", isGone: false, changed, notes } : undefined;
}

function dirChange({ desired, made }: Asked): readonly AttributeChange[] {
  if (made === undefined || made.dir === desired.dir) return [];
  return [attribute("dir", { before: made.dir, after: desired.dir })];
}

function triggersChange(desk: Desk, { desired, prior, triggers }: Asked): readonly AttributeChange[] {
  if (desired.triggers === undefined || isIgnored("triggers", desired.lifecycle.ignoreChanges)) return [];
  const before = prior?.inputs.triggers;
  const isSame = triggers === undefined ? !desk.values.isChanging(desired.triggers) : sameJson(triggers, before);
  return isSame ? [] : [attribute("triggers", { before, after: triggers ?? UNKNOWN })];
}

function exported(desk: Desk, asked: Asked, why: Why): Decision {
  const { desired, machine, outlook, prior } = asked;
  const { address, lifecycle, of, dir } = desired;
  const action: ExportAction = {
    ...begin("export", ownerAt(desk, address, lifecycle)),
    target: { address: of, id: machine },
    dir,
  };
  const attributes = [
    ...(why.action === "create" ? firstAttributes(asked) : [...why.changed, ...keepChange(desired, prior)]),
    ...newAttributes(asked, why),
  ];
  const pauses = outlook.running ? [`OrbStack pauses ${of} while it is exported`] : [];
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: why.action,
    ...(why.isGone && { reason: "create: deleted outside" as const }),
    attributes,
    unchanged: why.action === "create" ? 0 : askedCount(desired) - (attributes.length - MADE.length),
    notes: [...why.notes, ...pauses],
  };
  return { address, chain: [action], ...lastOf([action]), change, settled: desired, diagnostics: [] };
}

/** What is known of an archive once it is made, in the order of the stack reference. */
const MADE = ["path", "digest", "sizeBytes", "createdAt"] as const;

function newAttributes({ made }: Asked, { isGone }: Why): readonly AttributeChange[] {
  const before = isGone ? undefined : made;
  return MADE.map((property) => attribute(property, { before: archiveProperty(before, property), after: UNKNOWN }));
}

function firstAttributes({ desired, triggers }: Asked): readonly AttributeChange[] {
  const { of, dir, keep, verify } = desired;
  const attributes = [attribute("of", { after: of }), attribute("dir", { after: dir })];
  if (keep !== undefined) attributes.push(attribute("keep", { after: keepJson(keep) }));
  if (desired.triggers !== undefined) attributes.push(attribute("triggers", { after: triggers ?? UNKNOWN }));
  if (verify) attributes.push(attribute("verify", { after: true }));
  return attributes;
}

function askedCount({ keep, triggers }: DesiredArchive): number {
  return 3 + (keep === undefined ? 0 : 1) + (triggers === undefined ? 0 : 1);
}

function keepChange(
  { keep, lifecycle }: DesiredArchive,
  prior: ArchiveResource | undefined,
): readonly AttributeChange[] {
  const before = prior?.inputs.keep;
  const [was, is] = [before && keepJson(before), keep && keepJson(keep)];
  if (sameJson(was, is) || isIgnored("keep", lifecycle.ignoreChanges)) return [];
  return [attribute("keep", { before: was, after: is })];
}

function keepJson(keep: RetentionPolicy): Json {
  return { ...keep };
}

/** Nothing is exported; what is kept is looked at again when something is. */
function quiet(desk: Desk, { desired, prior, triggers }: Asked): Decision {
  const { address, lifecycle, dependencies } = desired;
  const settles =
    prior !== undefined &&
    (!sameInputs(desired, prior, triggers) ||
      !sameJson(lifecycle, prior.lifecycle) ||
      !sameJson(dependencies, prior.dependencies));
  const attributes = keepChange(desired, prior);
  const isMoved = desk.scene.movedFrom.has(address);
  const change: ChangeDraft = {
    ...draft(desk, desired),
    action: attributes.length === 0 ? "no-op" : "update",
    attributes,
    unchanged: attributes.length === 0 ? 0 : askedCount(desired) - 1,
    notes: attributes.length === 0 ? [] : ["takes effect when it is exported the next time"],
  };
  const shown = attributes.length > 0 || isMoved ? { change } : {};
  return { address, chain: [], ...shown, ...(settles && { settled: desired }), diagnostics: [] };
}

function sameInputs(desired: DesiredArchive, { inputs }: ArchiveResource, triggers: Json | undefined): boolean {
  return sameJson({ ...archiveInputs(desired, triggers, inputs) }, { ...inputs });
}

function draft(desk: Desk, desired: DesiredArchive): Omit<ChangeDraft, "action"> {
  const previousAddress: Address | undefined = desk.scene.movedFrom.get(desired.address);
  return {
    address: desired.address,
    type: "archive",
    createBeforeDestroy: false,
    name: desired.dir,
    ...(previousAddress !== undefined && { previousAddress }),
    recovered: false,
    attributes: [],
    unchanged: 0,
    notes: [],
  };
}
