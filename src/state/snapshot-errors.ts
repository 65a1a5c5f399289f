import { OrbformError } from "../model/errors.ts";
import type { JsonObject } from "../model/json.ts";
import { SNAPSHOT_FORMAT } from "../model/snapshot.ts";
import { besideSnapshot } from "./paths.ts";

/** What is wrong in a snapshot's text, without any of its values. */
export interface Trouble {
  /** Where in the document; empty = the document itself. */
  readonly path: string;
  readonly why: string;
  /** Counts from 1; absent where it could not be told. */
  readonly line?: number | undefined;
}

/** `ORB_STATE_CORRUPT`: the file is ours and cannot be understood. */
export function corrupt(where: string, trouble: Trouble): OrbformError {
  const { history } = besideSnapshot(where);
  const line = trouble.line === undefined ? "" : `, line ${trouble.line}`;
  const path = trouble.path === "" ? "" : ` at ${trouble.path}`;
  return new OrbformError("ORB_STATE_CORRUPT", {
    summary: "The state file is damaged",
    detail:
      `${where}${line}: ${trouble.why}${path}. Without it Orbform does not know which machines are its own, so nothing ` +
      `was done. The last snapshots are kept in ${history}, named by serial.`,
    hint: `Put the newest one back: \`cp ${history}/SERIAL.json ${where}\`, then run \`orb plan\`.`,
  });
}

/** `ORB_STATE_NEWER`: written by a later version. */
export function newer(where: string, format: number): OrbformError {
  return new OrbformError("ORB_STATE_NEWER", {
    summary: "The state is of a newer Orbform",
    detail: `${where} has format ${format}; this version reads up to format ${SNAPSHOT_FORMAT}. Nothing was changed.`,
    hint: "Use the newer version: `npm install orbform@latest`.",
  });
}

/** `ORB_STATE_FOREIGN`: JSON, but of somebody else. */
export function foreign(where: string, document: JsonObject | undefined): OrbformError {
  const terraform = document !== undefined && isTerraform(document);
  return new OrbformError("ORB_STATE_FOREIGN", {
    summary: terraform ? "This is Terraform's state" : "This is no state file",
    detail: terraform
      ? `${where} is a state of Terraform (or OpenTofu), which Orbform cannot read. It was not changed.`
      : `${where} is JSON, but not written by Orbform: it has no format, lineage and resources. It was not changed.`,
    hint: `Move ${where} away, then run \`orb plan\`; take machines that exist into state with \`orb adopt\`.`,
  });
}

function isTerraform(document: JsonObject): boolean {
  return "terraform_version" in document || ("version" in document && Array.isArray(document.resources));
}

/** A state is to be changed, and there is none. */
export function nothingApplied(location: string): OrbformError {
  return new OrbformError("ORB_STATE_MISSING", {
    summary: "There is no state yet",
    detail: `Nothing was ever applied: there is no state at ${location}.`,
    hint: "Run `orb apply` first.",
  });
}
