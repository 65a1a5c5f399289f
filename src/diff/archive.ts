import type { ArchiveFacts, MadeArchive } from "../model/archive.ts";
import type { AttributeChange } from "../model/plan.ts";
import { attribute } from "./attributes.ts";

/** How what stands in the folder differs from what was put there; empty = nothing says that it does. */
export function archiveDamage(made: MadeArchive, facts: ArchiveFacts): readonly AttributeChange[] {
  if (facts.status === "missing") return [];
  const { sizeBytes, recorded, sha256 = made.sha256 } = facts;
  if (sizeBytes !== made.sizeBytes) return [attribute("sizeBytes", { before: made.sizeBytes, after: sizeBytes })];
  const found = sha256 === made.sha256 ? recorded : sha256;
  if (found === made.sha256) return [];
  const before = digestText(made.sha256);
  if (found !== null) return [attribute("digest", { before, after: digestText(found) })];
  return [{ ...attribute("digest", { before, after: null }), note: "its metadata can't be read" }];
}

function digestText(sha256: string): string {
  return `sha256:${sha256}`;
}
