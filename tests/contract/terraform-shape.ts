/**
 * The shapes of what Terraform 1.11.4 prints, as they were seen: keys in their order and the types of their values. A key
 * with `?` may be left out. `a|b`: either. Keys that only ours has are not here; {@link misfits} knows of `orbform` alone.
 */

/** A shape: the types of a value, the shape of an object's keys, of a list's items (`[]`) or of a map's values (`*`). */
export type Shape = string | { readonly [key: string]: Shape };

const RESOURCE = {
  address: "string",
  mode: "string",
  type: "string",
  name: "string",
  "index?": "string|number",
  provider_name: "string",
  schema_version: "number",
  "values?": "object",
  sensitive_values: "object|boolean",
  "depends_on?": { "[]": "string" },
  "tainted?": "boolean",
  "deposed_key?": "string",
} as const;

/** Terraform's structure of a module, which holds itself: two deep is as deep as anything here is. */
const INNERMOST = { "resources?": { "[]": RESOURCE }, "address?": "string" } as const;
const INNER = { ...INNERMOST, "child_modules?": { "[]": INNERMOST } } as const;
const MODULE = { "resources?": { "[]": RESOURCE }, "child_modules?": { "[]": INNER } } as const;

const CHANGE = {
  actions: { "[]": "string" },
  before: "object|null",
  after: "object|null",
  after_unknown: "object",
  before_sensitive: "object|boolean",
  after_sensitive: "object|boolean",
  "replace_paths?": { "[]": { "[]": "string" } },
  "importing?": { id: "string" },
} as const;

const RESOURCE_CHANGE = {
  address: "string",
  "previous_address?": "string",
  "module_address?": "string",
  mode: "string",
  type: "string",
  name: "string",
  "index?": "string|number",
  provider_name: "string",
  "deposed?": "string",
  change: CHANGE,
  "action_reason?": "string",
} as const;

const OUTPUT_CHANGE = {
  actions: { "[]": "string" },
  before: "any",
  "after?": "any",
  after_unknown: "boolean",
  before_sensitive: "boolean",
  after_sensitive: "boolean",
} as const;

const CONFIG_RESOURCE = {
  address: "string",
  mode: "string",
  type: "string",
  name: "string",
  provider_config_key: "string",
  "expressions?": { "*": { "references?": { "[]": "string" }, "constant_value?": "any" } },
  schema_version: "number",
  "depends_on?": { "[]": "string" },
} as const;

const CALLED = { "resources?": { "[]": CONFIG_RESOURCE } } as const;
const CALLS = { ...CALLED, "module_calls?": { "*": { module: CALLED } } } as const;

const CONFIGURATION = {
  provider_config: { "*": { name: "string", full_name: "string" } },
  root_module: {
    "outputs?": {
      "*": {
        "sensitive?": "boolean",
        expression: { "references?": { "[]": "string" }, "constant_value?": "any" },
      },
    },
    "resources?": { "[]": CONFIG_RESOURCE },
    "module_calls?": { "*": { module: CALLS } },
    "variables?": { "*": "object" },
  },
} as const;

const CHECK = {
  address: { kind: "string", name: "string", to_display: "string" },
  status: "string",
  "instances?": {
    "[]": {
      address: { to_display: "string" },
      status: "string",
      "problems?": { "[]": { message: "string" } },
    },
  },
} as const;

/** A plan, as `terraform show -json` prints it. */
export const PLAN_SHAPE: Shape = {
  format_version: "string",
  terraform_version: "string",
  "variables?": { "*": { value: "any" } },
  planned_values: {
    "outputs?": { "*": { sensitive: "boolean", "type?": "any", "value?": "any" } },
    root_module: MODULE,
  },
  "resource_drift?": { "[]": RESOURCE_CHANGE },
  "resource_changes?": { "[]": RESOURCE_CHANGE },
  "output_changes?": { "*": OUTPUT_CHANGE },
  "prior_state?": {
    format_version: "string",
    terraform_version: "string",
    values: {
      "outputs?": { "*": { sensitive: "boolean", "value?": "any", "type?": "any" } },
      root_module: MODULE,
    },
  },
  configuration: CONFIGURATION,
  "relevant_attributes?": { "[]": { resource: "string", attribute: { "[]": "string" } } },
  "checks?": { "[]": CHECK },
  timestamp: "string",
  applyable: "boolean",
  complete: "boolean",
  errored: "boolean",
};

/** How a resource's change looks in Terraform's plans by what is done: what both sides and their marks are. */
export const SIDES: { readonly [actions: string]: readonly [before: string, after: string, marks: string] } = {
  "no-op": ["object", "object", "object/object/object"],
  create: ["null", "object", "object/boolean/object"],
  update: ["object", "object", "object/object/object"],
  "delete,create": ["object", "object", "object/object/object"],
  "create,delete": ["object", "object", "object/object/object"],
  delete: ["object", "null", "object/object/boolean"],
  forget: ["object", "null", "object/object/boolean"],
};

/** What of a document doesn't fit a shape, by where it stands; empty: it fits. */
export function misfits(value: unknown, shape: Shape, where = "$"): readonly string[] {
  if (typeof shape === "string") return fits(value, shape) ? [] : [`${where}: ${typeOf(value)}, not ${shape}`];
  if (shape["[]"] !== undefined) return itemMisfits(value, shape["[]"], where);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${where}: ${typeOf(value)}`];
  const entries = Object.entries(value).filter(([key]) => key !== "orbform");
  const each = shape["*"];
  if (each !== undefined) return entries.flatMap(([key, item]) => misfits(item, each, `${where}.${key}`));
  return [...keyMisfits(new Set(entries.map(([key]) => key)), shape, where), ...valueMisfits(entries, shape, where)];
}

function itemMisfits(value: unknown, shape: Shape, where: string): readonly string[] {
  if (!Array.isArray(value)) return [`${where}: ${typeOf(value)}, not a list`];
  return value.flatMap((item: unknown, index) => misfits(item, shape, `${where}[${index}]`));
}

function keyMisfits(keys: ReadonlySet<string>, shape: Exclude<Shape, string>, where: string): readonly string[] {
  const known = Object.keys(shape).map((key) => key.replace(/\?$/, ""));
  const needed = Object.keys(shape).filter((key) => !key.endsWith("?"));
  const missing = needed.filter((key) => !keys.has(key)).map((key) => `${where}.${key}: it is missing`);
  const strange = [...keys].filter((key) => !known.includes(key)).map((key) => `${where}.${key}: it is unknown`);
  const expected = known.filter((key) => keys.has(key)).join();
  const found = [...keys].filter((key) => known.includes(key)).join();
  return [...missing, ...strange, ...(expected === found ? [] : [`${where}: in the order ${found}, not ${expected}`])];
}

function valueMisfits(
  entries: readonly (readonly [string, unknown])[],
  shape: Exclude<Shape, string>,
  where: string,
): readonly string[] {
  return entries.flatMap(([key, item]) => {
    const own = shape[key] ?? shape[`${key}?`];
    return own === undefined ? [] : misfits(item, own, `${where}.${key}`);
  });
}

function fits(value: unknown, types: string): boolean {
  return types === "any" || types.split("|").includes(typeOf(value));
}

/** A value's type, as shapes call it. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
