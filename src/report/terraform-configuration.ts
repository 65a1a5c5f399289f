import type { Json, JsonObject } from "../model/json.ts";
import type { DesiredResource, DesiredState } from "../model/resource.ts";
import { parseAddress, type Address } from "../model/address.ts";
import { refsIn, resolveValue, type Value } from "../model/value.ts";
import { declared } from "./terraform-declared.ts";
import { configModule } from "./terraform-modules.ts";
import { filled } from "./terraform-scene.ts";
import { PROVIDER } from "./terraform-actions.ts";
import { PROVIDER_KEY, terraformName } from "./terraform-words.ts";

/** What a stack declares, as Terraform's `configuration`. What may be a secret is an expression that says nothing. */
export function configuration({ resources, outputs }: DesiredState): JsonObject {
  const declarations = Object.entries(outputs).map(([name, { value, sensitive }]): [string, JsonObject] => [
    name,
    { ...(sensitive && { sensitive }), expression: expression(value, sensitive) },
  ]);
  const leaves = resources.map((each) => ({ address: each.address, body: resourceConfig(each) }));
  return {
    provider_config: { [PROVIDER_KEY]: { name: PROVIDER_KEY, full_name: PROVIDER } },
    root_module: {
      ...filled<"outputs", Json>("outputs", Object.fromEntries(declarations)),
      ...configModule(leaves),
    },
  };
}

/** Attributes of resources that others of the stack refer to. */
export function relevantAttributes({ resources, outputs }: DesiredState): readonly JsonObject[] {
  const values = [
    ...resources.flatMap((each) => declared(each).map(({ value }) => value)),
    ...Object.values(outputs).map(({ value }) => value),
  ];
  const found = new Map<string, JsonObject>();
  for (const { address, property } of values.flatMap((value) => refsIn(value))) {
    const resource = terraformName(address).address;
    found.set(`${resource} ${property}`, { resource, attribute: [property] });
  }
  return [...found].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, each]) => each);
}

function resourceConfig(resource: DesiredResource): JsonObject {
  const { local, type, name } = terraformName(resource.address);
  const expressions = declared(resource).map(({ path, value, hidden }): [string, JsonObject] => [
    path,
    isReference(path) ? reference(value) : expression(value, hidden === true),
  ]);
  return {
    address: local,
    mode: "managed",
    type,
    name,
    provider_config_key: PROVIDER_KEY,
    ...filled<"expressions", Json>("expressions", Object.fromEntries(expressions)),
    schema_version: 0,
    ...filled("depends_on", dependencies(resource)),
  };
}

function dependencies({ dependencies: needed }: DesiredResource): readonly string[] {
  return needed.map((each) => terraformName(each).address);
}

/** Properties that name another resource by its address. */
function isReference(path: string): boolean {
  return path === "on" || path === "of" || path === "clone";
}

function reference(value: Value): JsonObject {
  const address = typeof value === "string" ? parseAddress(value) : undefined;
  return address === undefined ? expression(value, false) : { references: [terraformName(address).address] };
}

function expression(value: Value, hidden: boolean): JsonObject {
  const references = refsIn(value).flatMap(({ address, property }) => referenceOf(address, property));
  if (references.length > 0) return { references: [...new Set(references)] };
  const known = hidden ? undefined : resolveValue(value, () => undefined);
  return known === undefined ? {} : { constant_value: known };
}

/** As Terraform lists them: the attribute, then the resource. */
function referenceOf(address: Address, property: string): readonly string[] {
  const { address: name } = terraformName(address);
  return [`${name}.${property}`, name];
}
