import { Ajv2020 } from "ajv/dist/2020.js";
import { schemas } from "../../tools/docs/schemas/documents.ts";

/** What of a value doesn't fit a published schema, by where it stands; empty: it fits. */
export type Validate = (value: unknown) => readonly string[];

/** Validates against a published schema, `plan`, `state` or `events`, or against one of its parts. */
export function validator(name: string, part?: string): Validate {
  const schema = schemas().get(name);
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  // Of a union, what all have in common stands beside what each has: a type, and the field that tells them apart.
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  const whole = ajv.compile(schema);
  const validate = part === undefined ? whole : ajv.compile({ $ref: `urn:orbform:schema:${name}#/$defs/${part}` });
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message ?? ""}`);
}
