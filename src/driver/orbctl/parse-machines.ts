import { OrbformError } from "../../model/errors.ts";
import { nameKey, type MachineDetails, type MachineFacts } from "../../model/machine.ts";
import { findJson } from "./parse-json.ts";
import { isObject, parseRecord, unreadable } from "./parse-record.ts";

/**
 * What `list -f json` printed: every record, built-ins among them, in its order. Text around the JSON is ignored.
 * Errors: `ORB_LIST_UNREADABLE` for anything but an array of records; `ORB_LIST_INCONSISTENT` where two records have
 * one id, or one name without case.
 */
export function parseList(stdout: string): readonly MachineFacts[] {
  const value = findJson(stdout, "[");
  if (!Array.isArray(value)) throw unreadable("The list of machines is not a whole JSON array.");
  const machines = value.map(parseRecord);
  refuseTwins(machines.map((machine) => machine.id.toUpperCase()));
  refuseTwins(machines.map((machine) => nameKey(machine.name)));
  return machines;
}

/**
 * What `info -f json` printed: `{record, disk_size, ip4, ip6}`, or the flat record of 2023. Addresses are absent or
 * empty while a machine is stopped; empty reads as absent. Errors: `ORB_LIST_UNREADABLE`.
 */
export function parseInfo(stdout: string): MachineDetails {
  const value = findJson(stdout, "{");
  if (!isObject(value)) throw unreadable("What OrbStack says about a machine is not a whole JSON object.");
  const diskUsedBytes = value["disk_size"];
  return {
    ...parseRecord(value),
    ...optionalText("ip4", value["ip4"]),
    ...optionalText("ip6", value["ip6"]),
    ...(typeof diskUsedBytes === "number" ? { diskUsedBytes } : {}),
  };
}

function optionalText(key: "ip4" | "ip6", value: unknown): { readonly ip4?: string; readonly ip6?: string } {
  return typeof value === "string" && value !== "" ? { [key]: value } : {};
}

function refuseTwins(keys: readonly string[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw inconsistent(key);
    seen.add(key);
  }
}

function inconsistent(key: string): OrbformError {
  return new OrbformError("ORB_LIST_INCONSISTENT", {
    summary: "OrbStack lists one machine twice",
    detail: `Two machines of the list have the name or id ${JSON.stringify(key)}. Which is which can't be told, so nothing was planned or changed.`,
    hint: 'Run "orbctl list -f json" and look for the two.',
  });
}
