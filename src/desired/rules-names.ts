import type { Diagnostic } from "../model/diagnostic.ts";
import { RESERVED_NAMES, machineName, nameKey } from "../model/machine.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { isReference } from "./field.ts";
import { findingsAbout } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { described, quoted } from "./quoted.ts";
import type { Node } from "./scope.ts";

/** The final name of every machine whose name is valid, by id. Says which names are not, and which are taken twice. */
export function machineNames(nodes: readonly Node[], diagnostics: Diagnostic[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const holders = new Map<string, Node>();
  for (const node of nodes) {
    if (node.kind !== "machine") continue;
    const findings = findingsAbout(diagnostics, node);
    const name = nameOf(node, findings);
    if (name === undefined) continue;
    names.set(node.rid, name);
    const holder = holders.get(nameKey(name));
    if (holder === undefined) holders.set(nameKey(name), node);
    else refuseTaken(findings, name, holder);
  }
  return names;
}

/** The name a machine has where the stack gives none: the components' keys and its own, in kebab-case. */
export function defaultName(path: readonly string[], key: string): string {
  return [...path, key]
    .map(kebab)
    .filter((word) => word !== "")
    .join("-");
}

function kebab(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .replaceAll(/[_-]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}

function nameOf(node: Node, findings: Findings): string | undefined {
  const given = isPlainObject(node.input) ? node.input["name"] : undefined;
  if (given !== undefined) return checked(given, findings);
  const name = defaultName(node.path, node.key);
  if (machineName(name) !== undefined) return name;
  findings.error("ORB_PROPERTY_INVALID", {
    summary: "Key gives no usable name",
    detail: `From the key, the machine would be named ${quoted(name)}, but ${whyNot(name)}.`,
    hint: 'Give it a name: machine({ name: "…" }).',
  });
  return undefined;
}

function checked(given: unknown, findings: Findings): string | undefined {
  if (typeof given === "string" && machineName(given) !== undefined) return given;
  if (isReference(given)) {
    findings.error("ORB_VALUE_UNKNOWN", {
      summary: "Value must be known before planning",
      detail: 'The "name" of a machine must be plain text, but is a reference.',
      hint: "Write the name out, or keep it in a constant that both use.",
    });
    return undefined;
  }
  const why = typeof given === "string" ? whyNot(given) : "a name is a string";
  findings.error("ORB_PROPERTY_INVALID", {
    summary: "Machine name is not allowed",
    detail: `"name" is ${described(given)}, but ${why}.`,
    hint: suggested(given) ?? "Give it another name.",
  });
  return undefined;
}

function whyNot(name: string): string {
  if (name === "") return "a name can't be empty";
  if (name.startsWith("-")) return 'a name can\'t begin with "-": it would be read as an option';
  if (RESERVED_NAMES.includes(name.toLowerCase())) return "that name is OrbStack's own";
  if (name.length > 63) return "a name has at most 63 characters";
  if (/^[\w.-]+$/.test(name) && name.includes("_")) return 'OrbStack refuses "_" in names';
  return 'a name has letters, digits, "-" and "." only, and begins and ends with a letter or a digit';
}

function suggested(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  const repaired = given
    .replaceAll(/_+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 63);
  return repaired === given || machineName(repaired) === undefined ? undefined : `Did you mean "${repaired}"?`;
}

function refuseTaken(findings: Findings, name: string, holder: Node): void {
  const where = holder.place === undefined ? "" : ` (line ${holder.place.line})`;
  findings.error("ORB_DUPLICATE_NAME", {
    summary: "Two machines with one name",
    detail: `The name ${quoted(name)} is also that of ${holder.address}${where}. Names are compared without case.`,
    hint: "Give one of them another name.",
  });
}
