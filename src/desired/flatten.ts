import { address, isKey, type ResourceType } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { INSIDE_TYPES, isInsideType } from "../model/inside.ts";
import type { Place } from "../model/place.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { brandOf } from "../stack/handle.ts";
import { findingsAbout } from "./findings.ts";
import { placeOf } from "./place-of.ts";
import { described, quoted } from "./quoted.ts";
import { checkKeys } from "./rules-keys.ts";
import type { Node } from "./scope.ts";

/** The resources of a stack with their addresses. */
export interface Flat {
  readonly nodes: readonly Node[];
  /** Names of listed `existing` machines, by id. */
  readonly existing: ReadonlyMap<string, string>;
  /** Listed components, by id. */
  readonly members: ReadonlyMap<string, readonly Node[]>;
}

interface Walk {
  readonly diagnostics: Diagnostic[];
  readonly nodes: Node[];
  readonly existing: Map<string, string>;
  readonly members: Map<string, readonly Node[]>;
  /** Where each id was seen first. */
  readonly seen: Map<string, string>;
}

/** Walks the listed resources and gives each its address. What can't be a resource is told in `diagnostics`. */
export function flatten(
  resources: { readonly [key: string]: unknown },
  place: Place | undefined,
  diagnostics: Diagnostic[],
): Flat {
  const walk: Walk = { diagnostics, nodes: [], existing: new Map(), members: new Map(), seen: new Map() };
  walkLevel(walk, resources, { path: [], place });
  return walk;
}

interface Level {
  readonly path: readonly string[];
  readonly place: Place | undefined;
}

function walkLevel(walk: Walk, resources: { readonly [key: string]: unknown }, level: Level): void {
  for (const [key, value] of Object.entries(resources)) {
    const where = [...level.path, key].join("/");
    const findings = findingsAbout(walk.diagnostics, { place: level.place });
    if (!isKey(key)) {
      findings.error("ORB_STACK_INVALID", {
        summary: "Resource key is not allowed",
        detail: `The key ${quoted(where)} can't be part of an address: a key begins with a letter and has letters, digits, "_" and "-".`,
        hint: "Give the resource another key.",
      });
    } else if (isListed(value)) {
      walkOne(walk, value, { key, where, level });
    } else {
      findings.error("ORB_STACK_INVALID", {
        summary: "Listed value is not a resource",
        detail: `resources.${where} is ${described(value)}, not a resource or a component.`,
        hint: `Make it with machine({ … }) or take the key "${where}" out.`,
      });
    }
  }
}

/** A handle of any copy of the package. */
export interface Listed {
  readonly "~orbform": string;
  readonly "~rid": string;
  readonly "~input": unknown;
  readonly "~site": { readonly stack?: unknown };
}

/** Whether a value was made by one of the resource constructors. */
export function isListed(value: unknown): value is Listed {
  const kinds = ["machine", "setting", "archive", "existing", "component", ...INSIDE_TYPES];
  return (
    kinds.includes(brandOf(value) ?? "") &&
    typeof value === "object" &&
    value !== null &&
    "~rid" in value &&
    typeof value["~rid"] === "string" &&
    "~site" in value &&
    typeof value["~site"] === "object" &&
    value["~site"] !== null
  );
}

interface Step {
  readonly key: string;
  readonly where: string;
  readonly level: Level;
}

function walkOne(walk: Walk, listed: Listed, step: Step): void {
  const place = placeOf(listed["~site"].stack) ?? step.level.place;
  const rid = listed["~rid"];
  const before = walk.seen.get(rid);
  if (before !== undefined) {
    findingsAbout(walk.diagnostics, { place }).error("ORB_DUPLICATE_KEY", {
      summary: "One resource under two keys",
      detail: `The same resource is listed as "${before}" and as "${step.where}"; it can be in one place only.`,
      hint: "List it once, or make a second resource.",
    });
    return;
  }
  walk.seen.set(rid, step.where);
  keep(walk, listed, { ...step, level: { ...step.level, place } });
}

function keep(walk: Walk, listed: Listed, step: Step): void {
  const { path, place } = step.level;
  const kind = listed["~orbform"];
  if (isResourceType(kind)) {
    const own = address(kind, step.key, path);
    walk.nodes.push({ kind, rid: listed["~rid"], address: own, path, key: step.key, input: listed["~input"], place });
  } else if (kind === "existing") {
    const name = isPlainObject(listed["~input"]) ? listed["~input"]["name"] : undefined;
    if (typeof name === "string") walk.existing.set(listed["~rid"], name);
  } else {
    walkComponent(walk, listed, step);
  }
}

function isResourceType(kind: string): kind is ResourceType {
  return kind === "machine" || kind === "setting" || kind === "archive" || isInsideType(kind);
}

function walkComponent(walk: Walk, listed: Listed, step: Step): void {
  const { path, place } = step.level;
  const input = listed["~input"];
  const findings = findingsAbout(walk.diagnostics, { place });
  const resources = isPlainObject(input) ? input["resources"] : undefined;
  if (!isPlainObject(input) || !isPlainObject(resources)) {
    findings.error("ORB_STACK_INVALID", {
      summary: "Component has no resources",
      detail: `The component "${step.where}" has ${described(resources)} as its resources, not an object.`,
      hint: "Write component({ resources: { … } }).",
    });
    return;
  }
  checkKeys(findings, input, { of: `component "${step.where}"`, known: ["resources", "outputs"] });
  const first = walk.nodes.length;
  walkLevel(walk, resources, { path: [...path, step.key], place });
  walk.members.set(listed["~rid"], walk.nodes.slice(first));
}
