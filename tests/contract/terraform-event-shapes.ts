/** The shapes of Terraform 1.11.4's lines of JSON, by type. What is only ours is in {@link OURS}. */
import type { Shape } from "./terraform-shape.ts";

const HEAD = { "@level": "string", "@message": "string", "@module": "string", "@timestamp": "string" } as const;

const RESOURCE = {
  addr: "string",
  module: "string",
  resource: "string",
  implied_provider: "string",
  resource_type: "string",
  resource_name: "string",
  resource_key: "string|number|null",
} as const;

const POSITION = { line: "number", column: "number", byte: "number" } as const;

const DIAGNOSTIC = {
  severity: "string",
  summary: "string",
  detail: "string",
  "address?": "string",
  "range?": { filename: "string", start: POSITION, end: POSITION },
  "snippet?": {
    context: "string|null",
    code: "string",
    start_line: "number",
    highlight_start_offset: "number",
    highlight_end_offset: "number",
    values: { "[]": { traversal: "string", statement: "string" } },
  },
} as const;

const HOOK = {
  resource: RESOURCE,
  action: "string",
  "id_key?": "string",
  "id_value?": "string",
  "elapsed_seconds?": "number",
} as const;

const CHANGE = {
  resource: RESOURCE,
  "previous_resource?": RESOURCE,
  action: "string",
  "reason?": "string",
  "importing?": { id: "string" },
} as const;

const hooked = (hook: Shape): Shape => ({ ...HEAD, hook, type: "string" });

const OUTPUT = { sensitive: "boolean", "action?": "string", "type?": "any", "value?": "any" } as const;

/** What Terraform's own types of lines look like. */
export const EVENT_SHAPES: { readonly [type: string]: Shape } = {
  version: { ...HEAD, terraform: "string", type: "string", ui: "string" },
  log: { ...HEAD, type: "string" },
  diagnostic: { ...HEAD, diagnostic: DIAGNOSTIC, type: "string" },
  resource_drift: { ...HEAD, change: { resource: RESOURCE, action: "string" }, type: "string" },
  planned_change: { ...HEAD, change: CHANGE, type: "string" },
  change_summary: {
    ...HEAD,
    changes: { add: "number", change: "number", import: "number", remove: "number", operation: "string" },
    type: "string",
  },
  outputs: { ...HEAD, outputs: { "*": OUTPUT }, type: "string" },
  refresh_start: hooked({ resource: RESOURCE, id_key: "string", id_value: "string" }),
  refresh_complete: hooked({ resource: RESOURCE, id_key: "string", id_value: "string" }),
  apply_start: hooked({ resource: RESOURCE, action: "string", "id_key?": "string", "id_value?": "string" }),
  apply_progress: hooked({ resource: RESOURCE, action: "string", elapsed_seconds: "number" }),
  apply_complete: hooked(HOOK),
  apply_errored: hooked({ resource: RESOURCE, action: "string", elapsed_seconds: "number" }),
};

/** Keys of ours, by the path they stand at in a line of one of Terraform's types. All come after Terraform's. */
export const OURS: { readonly [path: string]: readonly string[] } = {
  "change_summary changes": ["forget", "drift", "partial", "failed", "skipped", "unknown", "errored"],
  "diagnostic diagnostic": ["code", "hint"],
  "planned_change change": ["diff"],
  "resource_drift change": ["diff"],
};

/** Types of ours: to be ignored by who doesn't know them. */
export const OUR_TYPES = ["queue", "retry", "wait", "apply_skipped", "policy"] as const;

/** Words that a change's action may be in a line. */
export const UI_ACTIONS = [
  "noop",
  "create",
  "read",
  "update",
  "replace",
  "delete",
  "move",
  "import",
  "remove",
] as const;
