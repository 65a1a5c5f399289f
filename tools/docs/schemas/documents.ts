/** The JSON schemas that are published in docs/schemas, made from the code's own shapes. */
import type { Check } from "../../../src/plan/shape.ts";
import { snapshotSchema } from "../../../src/state/schema.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { eventShape } from "./events.ts";
import { terraformPlanShape } from "./terraform-plan.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** Texts of the schemas' files by their names. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    [...schemas()].map(([name, schema]) => [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`]),
  );
}

/** The schemas by what they are of: `plan`, `state`, `events`. */
export function schemas(): ReadonlyMap<string, JsonObject> {
  return new Map([
    ["plan", written("plan", PLAN, terraformPlanShape())],
    ["state", { ...head("state", STATE), ...withoutDraft(snapshotSchema()) }],
    ["events", written("events", EVENTS, eventShape())],
  ]);
}

const PLAN =
  "A plan of Orbform as JSON: Terraform's plan representation 1.2, with what is ours under the keys `orbform`.";
const STATE = "A snapshot of Orbform: the file of a state.";
const EVENTS = "One line of what Orbform tells with --json. Types that a reader doesn't know are to be ignored.";

function head(name: string, title: string): JsonObject {
  return { $schema: DRAFT, $id: `urn:orbform:schema:${name}`, title };
}

function written(name: string, title: string, shape: Check): JsonObject {
  const definitions = new Map<string, JsonObject>();
  const schema = shape.schema(definitions);
  const sorted = [...definitions].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return { ...head(name, title), ...schema, $defs: Object.fromEntries(sorted) };
}

function withoutDraft(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}
