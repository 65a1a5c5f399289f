import type { JsonObject } from "../model/json.ts";
import type { PolicyFinding, PolicyReport } from "../model/policy.ts";
import { printable } from "../model/printable.ts";

/** What policies say in JSON: `{ checked, findings }`. */
export function policyJson({ checked, findings }: PolicyReport): JsonObject {
  return { checked: [...checked], findings: findings.map(findingJson) };
}

/** A finding in JSON: `{ policy, severity, message, address?, range? }`. */
export function findingJson({ policy, severity, message, address, place }: PolicyFinding): JsonObject {
  return {
    policy,
    severity,
    message: printable(message),
    ...(address && { address }),
    ...(place && {
      range: { filename: printable(place.file), start: { line: place.line, column: place.column } },
    }),
  };
}
