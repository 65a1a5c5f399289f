import { OrbformError, isOrbformError } from "../model/errors.ts";
import { isNodeError, reason } from "../state/disk-errors.ts";

/** What a failed write into a backup folder means; errors that are ours already stay as they are. */
export function unwritable(error: unknown, path: string): unknown {
  if (isOrbformError(error) || !isNodeError(error)) return error;
  return new OrbformError("ORB_ARCHIVE_UNWRITABLE", {
    summary: "The backup folder can't be written",
    detail: `${path} could not be written: ${reason(error)}. Archives that were there before are as they were.`,
    hint: "Make room or give yourself the right to write there, then run the command again.",
    cause: error,
  });
}

/** What a failed read of a backup folder or an archive means; errors that are ours already stay as they are. */
export function unreadable(error: unknown, path: string): unknown {
  if (isOrbformError(error) || !isNodeError(error)) return error;
  if (error.code === "ENOENT") return notFound(`There is no ${path}. Nothing was done.`, error);
  return new OrbformError("ORB_ARCHIVE_UNREADABLE", {
    summary: "A backup can't be read",
    detail: `${path} could not be read: ${error.code === "EACCES" ? "it may not be read" : reason(error)}. Nothing was done.`,
    hint: `Look at its owner and rights: \`ls -l ${path}\`.`,
    cause: error,
  });
}

/** There is no such archive, or no such folder. */
export function notFound(detail: string, cause?: unknown): OrbformError {
  return new OrbformError("ORB_ARCHIVE_NOT_FOUND", {
    summary: "There is no such backup",
    detail,
    hint: "Run `orb backup list --dir DIR` to see what is there.",
    cause,
  });
}

/** An archive that must not be relied on. */
export function isDamaged(path: string, why: string, after: string): OrbformError {
  return new OrbformError("ORB_ARCHIVE_DAMAGED", {
    summary: "An archive is damaged",
    detail: `${path}: ${why}. ${after}`,
    hint: "Run `orb backup verify --dir DIR` to see which archives are sound.",
  });
}

/** The command was asked to end. */
export function interrupted(detail: string, hint: string, cause?: unknown): OrbformError {
  return new OrbformError("ORB_INTERRUPTED", { summary: "Interrupted", detail, hint, cause });
}
