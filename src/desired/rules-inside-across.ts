import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { isInsideType } from "../model/inside.ts";
import type { DesiredInside, DesiredResource } from "../model/resource.ts";
import { findingsAbout } from "./findings.ts";

/** One resource for each path, service, user and package of a machine: two would undo each other for ever. */
export function checkInsideAcross(resources: readonly DesiredResource[], diagnostics: Diagnostic[]): void {
  const holders = new Map<string, Address>();
  for (const each of resources) {
    if (!isInside(each)) continue;
    for (const thing of thingsOf(each)) {
      const key = JSON.stringify([each.on, thing]);
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, each.address);
      else if (holder !== each.address) refuse(diagnostics, each, { holder, thing });
    }
  }
}

function isInside(resource: DesiredResource): resource is DesiredInside {
  return isInsideType(resource.type);
}

/** What it speaks of, in words. What hangs on something that is not made yet is not compared. */
function thingsOf({ type, properties }: DesiredInside): readonly string[] {
  const { path, name, install, remove } = properties;
  if (type === "file" || type === "directory") return typeof path === "string" ? [`path ${path}`] : [];
  if (type === "service" || type === "user") return typeof name === "string" ? [`${type} ${name}`] : [];
  const removed = Array.isArray(remove) ? remove.filter((each) => typeof each === "string") : [];
  return [...Object.keys(install ?? {}), ...removed].map((each) => `package ${each}`);
}

function refuse(
  diagnostics: Diagnostic[],
  each: DesiredInside,
  { holder, thing }: { readonly holder: Address; readonly thing: string },
): void {
  findingsAbout(diagnostics, each).error("ORB_DUPLICATE_NAME", {
    summary: "Two resources for one thing",
    detail: `${holder} and ${each.address} both speak of the ${thing} in ${each.on}; they would undo each other for ever.`,
    hint: "Keep one of them.",
  });
}
