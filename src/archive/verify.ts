import { join } from "node:path";
import type { Reading, Stored, Verdict } from "../model/archive.ts";
import { unreadable } from "./errors.ts";
import { readArchive, type Examined } from "./read-archive.ts";

/** Verifies what stands under one name: size and digest as on record, and reading to the end. Errors: `ORB_ARCHIVE_UNREADABLE`. */
export async function verifyStored(folder: string, stored: Stored, signal?: AbortSignal): Promise<Verdict> {
  const { file } = stored;
  if (stored.kind === "no archive") return { verdict: "damaged", file, why: "its archive is missing" };
  const path = join(folder, file);
  const examined = await readArchive(path, signal).catch((error: unknown) => {
    throw signal?.aborted === true ? error : unreadable(error, path);
  });
  return judge(stored, examined);
}

/** What is wrong with a damaged archive, and where. */
export function damageText(reading: Reading & { readonly status: "damaged" }): string {
  const where = reading.in === "tar" ? "of the tar in it" : "of the file";
  return `${reading.why} (at byte ${reading.offset} ${where})`;
}

function judge(stored: Exclude<Stored, { readonly kind: "no archive" }>, examined: Examined): Verdict {
  const { file } = stored;
  const { reading, sizeBytes, sha256 } = examined;
  const wrong: string[] = [];
  if (stored.kind !== "no metadata") {
    const { metadata } = stored;
    if (sizeBytes !== metadata.sizeBytes) wrong.push(`it has ${sizeBytes} bytes instead of ${metadata.sizeBytes}`);
    else if (sha256 !== metadata.sha256) wrong.push("its digest is not the one on record");
  }
  if (reading.status === "damaged") wrong.push(damageText(reading));
  if (wrong.length > 0) return { verdict: "damaged", file, why: wrong.join("; ") };
  if (stored.kind === "no metadata") return judgeAlone(stored, reading);
  if (reading.status === "whole") return { verdict: "sound", file, contents: reading.contents };
  return { verdict: "same bytes", file, why: reading.why };
}

function judgeAlone({ file, why }: Stored & { readonly kind: "no metadata" }, reading: Reading): Verdict {
  if (reading.status === "whole") return { verdict: "readable", file, contents: reading.contents };
  return { verdict: "not verifiable", file, why: `${why}, and ${reading.why}` };
}
