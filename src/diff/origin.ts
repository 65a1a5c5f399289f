import type { Diagnostic } from "../model/diagnostic.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { ImageFacts } from "../model/machine.ts";
import { replaceWhenDigest, textDigest } from "../model/machine-inputs.ts";
import { UNKNOWN, type AttributeChange, type ChangeReason } from "../model/plan.ts";
import type { Origin } from "../model/resource.ts";
import { attribute, isIgnored } from "./attributes.ts";
import { compareImages, sameArch } from "./image.ts";
import type { MachinePair } from "./machine.ts";

/** What of a machine can only be had by making it again. */
export interface OriginDiff {
  readonly attributes: readonly AttributeChange[];
  readonly unchanged: number;
  readonly replace: ChangeReason | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares what a machine was made from. What can't be read back (restore, cloud-init) is compared with prior only. */
export function diffOrigin(pair: MachinePair): OriginDiff {
  const image = imageChange(pair);
  const property = [image.change, restoreChange(pair), archChange(pair), cloudInitChange(pair)].filter(
    (each) => each !== undefined,
  );
  const trigger = replaceWhenChange(pair);
  return {
    attributes: trigger === undefined ? property : [...property, trigger],
    unchanged: managedCount(pair) - property.length,
    replace: replaceReason(property.length > 0, trigger !== undefined),
    diagnostics: image.diagnostics,
  };
}

/** An origin as a change shows it. */
export function originAttribute(origin: Origin): AttributeChange {
  switch (origin.kind) {
    case "image":
      return attribute("image", { after: imageText(origin.distro, origin.version) });
    case "clone":
      return attribute("clone", { after: origin.of.kind === "address" ? origin.of.address : origin.of.name });
    case "restore":
    default:
      return attribute("restore", { after: fileName(origin.path) });
  }
}

function replaceReason(property: boolean, trigger: boolean): ChangeReason | undefined {
  if (property) return "replace: property";
  return trigger ? "replace: replaceWhen" : undefined;
}

function managedCount({ desired }: MachinePair): number {
  return 1 + Number(desired.arch !== undefined) + Number(desired.cloudInit !== undefined);
}

interface ImageChange {
  readonly change?: AttributeChange;
  readonly diagnostics: readonly Diagnostic[];
}

function imageChange(pair: MachinePair): ImageChange {
  const { desired, live, prior } = pair;
  if (desired.origin.kind !== "image" || isIgnored("image", desired.lifecycle.ignoreChanges))
    return { diagnostics: [] };
  const made = prior && { origin: prior.inputs.origin, image: prior.seen.image };
  const verdict = compareImages(desired.origin, live.image, made);
  if (verdict === "same") return { diagnostics: [] };
  const before = imageBefore(prior?.inputs.origin, live.image);
  const after = imageText(desired.origin.distro, desired.origin.version);
  if (verdict === "unclear") return { diagnostics: [unclearImage(pair, before, after)] };
  return { change: attribute("image", { before, after }, true), diagnostics: [] };
}

function unclearImage({ desired }: MachinePair, before: string, after: string): Diagnostic {
  return {
    severity: "warning",
    code: "ORB_PROPERTY_INVALID",
    summary: "Image can't be compared",
    detail:
      `The stack wants ${after}; the machine was made from ${before}. Whether these are the same is not known, ` +
      "so the machine is left as it is.",
    hint: `To make it again from the stack's image, run: orb apply --replace ${desired.address}`,
    address: desired.address,
    ...(desired.place && { place: desired.place }),
  };
}

function imageBefore(origin: JsonObject | undefined, live: ImageFacts): string {
  const { distro, version } = origin ?? {};
  if (origin?.kind !== "image" || typeof distro !== "string") return imageText(live.distro, live.version);
  return imageText(distro, typeof version === "string" ? version : live.version);
}

function imageText(distro: string, version: string | undefined): string {
  return version === undefined || version === "" ? distro : `${distro}:${version}`;
}

/** Where this computer has it is nothing that a plan asks for. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function restoreChange({ desired, prior }: MachinePair): AttributeChange | undefined {
  if (desired.origin.kind !== "restore" || prior === undefined) return undefined;
  if (isIgnored("restore", desired.lifecycle.ignoreChanges)) return undefined;
  const before = prior.inputs.origin.digest;
  if (before === desired.origin.digest) return undefined;
  return attribute("restore", { before, after: desired.origin.digest }, true);
}

function archChange({ desired, live }: MachinePair): AttributeChange | undefined {
  if (desired.arch === undefined || isIgnored("arch", desired.lifecycle.ignoreChanges)) return undefined;
  if (sameArch(desired.arch, live.image.arch)) return undefined;
  return attribute("arch", { before: live.image.arch, after: desired.arch }, true);
}

function cloudInitChange({ desired, prior, values, digest }: MachinePair): AttributeChange | undefined {
  if (desired.cloudInit === undefined || prior === undefined) return undefined;
  if (isIgnored("cloudInit", desired.lifecycle.ignoreChanges)) return undefined;
  const before = prior.inputs.cloudInit;
  const after = textDigest(desired.cloudInit.text, values.lookup, digest);
  const isKept =
    after === undefined ? before !== undefined && !values.isChanging(desired.cloudInit.text) : after === before;
  return isKept ? undefined : forced("cloudInit", before, after);
}

/** Values that were not watched before have not changed; an unknown one counts as changed. */
function replaceWhenChange({ desired, prior, values, digest }: MachinePair): AttributeChange | undefined {
  const watched = desired.lifecycle.replaceWhen;
  if (watched.length === 0 || prior === undefined) return undefined;
  const before = prior.inputs.replaceWhen;
  const after = replaceWhenDigest(watched, values.lookup, digest);
  if (after === undefined) return values.isChanging(watched) ? forced("replaceWhen", before, after) : undefined;
  return before === undefined || before === after ? undefined : forced("replaceWhen", before, after);
}

function forced(path: string, before: Json | undefined, after: Json | undefined): AttributeChange {
  return attribute(path, { before, after: after ?? UNKNOWN }, true);
}
