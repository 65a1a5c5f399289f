import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredMachine, DesiredResource } from "../model/resource.ts";
import { findingsAbout } from "./findings.ts";
import { checkInsideAcross } from "./rules-inside-across.ts";

/** Rules about several resources at once: one default machine, one resource a setting or a path, aliases of nobody else. */
export function checkAcross(resources: readonly DesiredResource[], diagnostics: Diagnostic[]): void {
  checkDefaults(resources, diagnostics);
  checkSettings(resources, diagnostics);
  checkAliases(resources, diagnostics);
  checkInsideAcross(resources, diagnostics);
}

function checkDefaults(resources: readonly DesiredResource[], diagnostics: Diagnostic[]): void {
  const [first, ...others] = resources.filter(isDefault);
  for (const other of others) {
    findingsAbout(diagnostics, other).error("ORB_DUPLICATE_DEFAULT", {
      summary: "Two default machines",
      detail: `OrbStack has one default machine, but ${first?.address ?? ""} and ${other.address} both say default: true.`,
      hint: "Take default: true out of one of them.",
    });
  }
}

function isDefault(resource: DesiredResource): resource is DesiredMachine {
  return resource.type === "machine" && resource.default;
}

function checkSettings(resources: readonly DesiredResource[], diagnostics: Diagnostic[]): void {
  const holders = new Map<string, Address>();
  for (const each of resources) {
    if (each.type !== "setting") continue;
    const holder = holders.get(each.key);
    if (holder === undefined) {
      holders.set(each.key, each.address);
      continue;
    }
    findingsAbout(diagnostics, each).error("ORB_DUPLICATE_SETTING", {
      summary: "Two resources on one setting",
      detail: `${holder} and ${each.address} both set ${each.key}; they would undo each other for ever.`,
      hint: "Keep one of them.",
    });
  }
}

function checkAliases(resources: readonly DesiredResource[], diagnostics: Diagnostic[]): void {
  const taken = new Map<Address, Address>(resources.map((each) => [each.address, each.address]));
  for (const each of resources) {
    for (const alias of new Set(each.lifecycle.aliases)) {
      const holder = taken.get(alias);
      if (holder === undefined) {
        taken.set(alias, each.address);
        continue;
      }
      findingsAbout(diagnostics, each).error("ORB_PROPERTY_INVALID", {
        summary: "Alias belongs to another resource",
        detail: `The alias ${alias} is ${holder === alias ? "the address of a resource in the stack" : `also an alias of ${holder}`}; only one resource can come from there.`,
        hint: "Take the alias out of one of them.",
      });
    }
  }
}
