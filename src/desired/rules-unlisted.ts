import type { Diagnostic } from "../model/diagnostic.ts";
import type { Place } from "../model/place.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { brandOf } from "../stack/handle.ts";
import { findingsAbout } from "./findings.ts";
import { isListed } from "./flatten.ts";
import type { Listed } from "./flatten.ts";
import { placeOf } from "./place-of.ts";

/**
 * Warns of what was made while the stack file was loaded but is listed in no stack. `resources` are those of the
 * loaded stack, before overrides; other stacks made on the way list what they were given as an object.
 */
export function checkUnlisted(
  made: readonly unknown[],
  listed: { readonly resources: readonly unknown[]; readonly diagnostics: Diagnostic[] },
): void {
  const seen = new Set<string>();
  for (const each of [...listed.resources, ...made.flatMap(resourcesOfStack)]) note(each, seen);
  // What is inside an unlisted component is told with the component.
  for (const each of made)
    if (brandOf(each) === "component" && isListed(each) && !seen.has(each["~rid"])) noteInside(each, seen);
  for (const each of made) {
    if (!isListed(each) || brandOf(each) === "existing" || seen.has(each["~rid"])) continue;
    const place = placeOf(each["~site"].stack);
    if (isTheirs(place)) warn(each, place, listed.diagnostics);
  }
}

function resourcesOfStack(made: unknown): readonly unknown[] {
  if (brandOf(made) !== "stack" || typeof made !== "object" || made === null || !("~input" in made)) return [];
  const input = made["~input"];
  return isPlainObject(input) ? [input["resources"]] : [];
}

/** Everything listed in a tree of resources, into components. */
function note(resources: unknown, seen: Set<string>): void {
  if (!isPlainObject(resources)) return;
  for (const each of Object.values(resources)) {
    if (!isListed(each) || seen.has(each["~rid"])) continue;
    seen.add(each["~rid"]);
    noteInside(each, seen);
  }
}

function noteInside(component: Listed, seen: Set<string>): void {
  const input = component["~input"];
  if (brandOf(component) === "component" && isPlainObject(input)) note(input["resources"], seen);
}

/** Packages may make what they like; only the project's own files are meant. */
function isTheirs(place: Place | undefined): boolean {
  return !place?.file.includes("/node_modules/");
}

function warn(made: Listed, place: Place | undefined, diagnostics: Diagnostic[]): void {
  findingsAbout(diagnostics, { place }).warning("ORB_RESOURCE_UNLISTED", {
    summary: "Resource is listed in no stack",
    detail: `${beginning(made["~orbform"])} not among the resources of any stack, so nothing will be made of it.`,
    hint: "List it in the stack's resources, or take it out.",
  });
}

function beginning(kind: string): string {
  if (kind === "packages") return "Packages are declared here but are";
  return `${kind === "archive" ? "An" : "A"} ${kind} is made here but is`;
}
