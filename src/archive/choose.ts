import type { Stored, Verdict } from "../model/archive.ts";
import { OrbformError } from "../model/errors.ts";
import { machineName, nameKey, type MachineName } from "../model/machine.ts";
import { parseStem, stemOf } from "./archive-name.ts";
import { isDamaged, notFound } from "./errors.ts";

/** What a word means in a folder: one archive by its file's name, or all of a machine. Error: `ORB_ARCHIVE_NOT_FOUND`. */
export function chooseStored(stored: readonly Stored[], word: string, folder: string): readonly Stored[] {
  const byFile = stored.filter(({ file }) => file === word || stemOf(file) === word);
  if (byFile.length > 0) return byFile;
  const ofMachine = stored.filter((each) => nameKey(machineOf(each) ?? "") === nameKey(word));
  if (ofMachine.length > 0) return ofMachine;
  throw notFound(
    `${folder} has no archive ${JSON.stringify(word)}, nor any of a machine of that name. Nothing was done.`,
  );
}

/** The newest archive of a machine that can be restored at all. Error: `ORB_ARCHIVE_NOT_FOUND`. */
export function newestStored(chosen: readonly Stored[], word: string, folder: string): Stored {
  const [newest] = chosen.filter((each) => each.kind !== "no archive").toSorted((a, b) => madeAt(b) - madeAt(a));
  if (newest !== undefined) return newest;
  throw notFound(
    `Of ${JSON.stringify(word)} there is only metadata in ${folder}: its archive is missing. Nothing was done.`,
  );
}

/** The name a machine gets: the wanted one, else the one it was exported under. Error: `ORB_USAGE`. */
export function restoredName(stored: Stored, wanted: string | undefined): MachineName {
  const name = machineName(wanted ?? machineOf(stored) ?? "");
  if (name !== undefined) return name;
  throw new OrbformError("ORB_USAGE", {
    summary: "The machine needs a name",
    detail:
      wanted === undefined
        ? `${stored.file} does not tell the name of its machine. Nothing was done.`
        : `${JSON.stringify(wanted)} can't be a machine's name: letters, digits, hyphens and dots can, at most 63. Nothing was done.`,
    hint: "Give it one with --name.",
  });
}

/** Throws where an archive must not be restored without the user saying so. `ORB_ARCHIVE_DAMAGED`, `ORB_ARCHIVE_NEWER`, `ORB_ARCHIVE_UNREADABLE`. */
export function refuseUnsound(path: string, stored: Stored, verdict: Verdict): void {
  if (stored.kind === "no metadata" && stored.newer) {
    throw unverified("ORB_ARCHIVE_NEWER", "The archive is of a newer version", `${path}: ${stored.why}.`);
  }
  if (verdict.verdict === "damaged") throw isDamaged(path, verdict.why, "No machine was made.");
  if (verdict.verdict === "not verifiable") {
    throw unverified("ORB_ARCHIVE_UNREADABLE", "The archive can't be verified", `${path}: ${verdict.why}.`);
  }
}

function madeAt({ file }: Stored): number {
  return parseStem(stemOf(file) ?? "")?.at ?? 0;
}

function machineOf(stored: Stored): string | undefined {
  return stored.kind === "no metadata" ? parseStem(stemOf(stored.file) ?? "")?.machine : stored.metadata.machine.name;
}

function unverified(
  code: "ORB_ARCHIVE_NEWER" | "ORB_ARCHIVE_UNREADABLE",
  summary: string,
  detail: string,
): OrbformError {
  return new OrbformError(code, {
    summary,
    detail: `${detail} No machine was made.`,
    hint: "Add --no-verify to restore it as it is.",
  });
}
