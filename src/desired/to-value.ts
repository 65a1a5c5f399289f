import type { Value } from "../model/value.ts";
import { isPlainObject } from "../stack/copy-input.ts";
import { isReference, refuse } from "./field.ts";
import type { Field } from "./field.ts";
import { isListed } from "./flatten.ts";
import type { Node } from "./scope.ts";

/**
 * An author's value as the model has it: references hold addresses, names that are known are text. Notes what it
 * needs. Gives `undefined`, and says why, for what is no data.
 */
export function toValue(field: Field): Value | undefined {
  return convert(field, { visiting: new Set(), within: [] });
}

/** How deep data may be nested: what is deeper could not be kept in state. */
const MAX_DEPTH = 64;

/** The way to a value. */
interface Way {
  /** Settings whose values are being read. */
  readonly visiting: ReadonlySet<string>;
  /** What the value lies in, from the outside. */
  readonly within: readonly unknown[];
}

function convert(field: Field, { visiting, within }: Way): Value | undefined {
  const { value } = field;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : refuse(field, "a finite number");
  if (within.includes(value)) return refuse(field, "data that does not refer to itself");
  if (within.length === MAX_DEPTH) return refuse(field, `nested at most ${MAX_DEPTH} levels deep`);
  const way = { visiting, within: [...within, value] };
  if (isReference(value)) return convertReference(field, way);
  if (Array.isArray(value)) return convertAll(field, value, way);
  if (isPlainObject(value)) return convertObject(field, value, way);
  return refuse(field, "plain data or a reference");
}

function convertAll(field: Field, values: readonly unknown[], way: Way): Value[] | undefined {
  const converted = values.map((value, index) => convert({ ...field, name: `${field.name}[${index}]`, value }, way));
  const known = converted.filter((each) => each !== undefined);
  return known.length === converted.length ? known : undefined;
}

function convertObject(field: Field, value: { readonly [key: string]: unknown }, way: Way): Value | undefined {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.includes("__proto__")) return refuse(field, 'data without a key "__proto__"');
  const values = convertAll(
    field,
    keys.map((key) => value[key]),
    way,
  );
  return values && Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null]));
}

function convertReference(field: Field, way: Way): Value | undefined {
  const { value } = field;
  if (typeof value !== "object" || value === null) return undefined;
  if ("parts" in value && Array.isArray(value.parts)) return joined(convertAll(field, value.parts, way));
  const rid = "~rid" in value && typeof value["~rid"] === "string" ? value["~rid"] : "";
  const property = "property" in value && typeof value.property === "string" ? value.property : "";
  const node = needed(field, rid);
  return node === undefined ? undefined : propertyOf(field, node, { property, way });
}

/** Text that is known already needs no reference. */
function joined(parts: readonly Value[] | undefined): Value | undefined {
  if (parts === undefined) return undefined;
  const isText = parts.every((part) => typeof part !== "object" || part === null);
  return isText ? parts.map(String).join("") : { "~orbform": "concat", parts };
}

interface Asked {
  readonly property: string;
  readonly way: Way;
}

function propertyOf(field: Field, node: Node, { property, way }: Asked): Value | undefined {
  const input = isPlainObject(node.input) ? node.input : {};
  if (node.kind === "machine") {
    if (property === "name") return field.scope.names.get(node.rid) ?? "";
    if (property === "ip4" || property === "ip6") refuseStopped(field, node, input["power"]);
    return { "~orbform": "ref", address: node.address, property };
  }
  if (node.kind === "archive") return { "~orbform": "ref", address: node.address, property };
  // A setting's own value is written in the stack. One that leads back to itself is told as a cycle.
  if (way.visiting.has(node.rid)) return null;
  const visiting = new Set([...way.visiting, node.rid]);
  return convert({ ...field, value: input[property] ?? null }, { ...way, visiting });
}

function refuseStopped(field: Field, node: Node, power: unknown): void {
  if (power !== "stopped") return;
  field.findings.error("ORB_VALUE_UNKNOWN", {
    summary: "A stopped machine has no address",
    detail: `"${field.name}" refers to an address of ${node.address}, which ends stopped (power: "stopped") and then has none.`,
    hint: "Refer to its name or hostname, or let it run.",
  });
}

/** The node behind an id, noted as needed; an error where the stack does not list it. */
export function needed(field: Field, rid: string): Node | undefined {
  const node = field.scope.nodes.get(rid);
  if (node === undefined) return unknownReference(field);
  if (!field.needs.has(node.address)) field.needs.set(node.address, field.name);
  return node;
}

/** Says that something is referred to which the stack does not list. */
function unknownReference(field: Field): undefined {
  field.findings.error("ORB_UNKNOWN_REFERENCE", {
    summary: "Reference to an unlisted resource",
    detail: `"${field.name}" refers to a resource that is not among the resources of this stack, so it would never be made.`,
    hint: "List it in the stack's resources, under a key of its own.",
  });
  return undefined;
}

/** The nodes that a handle stands for: itself, or everything in a component; none for a machine outside the stack. */
export function neededHandle(field: Field): readonly Node[] | undefined {
  const { value } = field;
  if (!isListed(value)) return refuse(field, "a resource of the stack");
  if (value["~orbform"] === "existing") return [];
  if (value["~orbform"] === "component") {
    const members = field.scope.members.get(value["~rid"]);
    if (members === undefined) return unknownReference(field);
    return members.flatMap((member) => needed(field, member.rid) ?? []);
  }
  const node = needed(field, value["~rid"]);
  return node && [node];
}
