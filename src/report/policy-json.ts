import type { JsonObject } from "../model/json.ts";
import type { PolicyFinding, PolicyReport } from "../model/policy.ts";
import { printable } from "../model/printable.ts";

/** What policies say in JSON: `{ checked, findings, failed? }`. */
export function policyJson({ checked, findings, failed = [] }: PolicyReport): JsonObject {
  const silent = failed.map(({ policy, message }) => ({ policy, message: printable(message) }));
  return {
    checked: [...checked],
    findings: findings.map(findingJson),
    ...(silent.length > 0 && { failed: silent }),
  };
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
