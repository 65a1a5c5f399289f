import { OrbformError, isOrbformError } from "../model/errors.ts";

const REASONS: { readonly [code: string]: string } = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  EROFS: "the file system is read-only",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  EIO: "the disk reports an error",
};

/** What a failed write of state means to the user; errors that are ours already stay as they are. */
export function unwritable(error: unknown, path: string): unknown {
  if (isOrbformError(error) || !isNodeError(error)) return error;
  return new OrbformError("ORB_STATE_UNWRITABLE", {
    summary: "State cannot be written",
    detail: `${path} could not be written: ${reason(error)}. What was written before is intact.`,
    hint: "Make room or give yourself the right to write there, then run the command again.",
    cause: error,
  });
}

/** A failure that keeps a run's snapshot from being written: what the run did is in its journal, and the user is told so. */
export function keptInJournal(error: unknown, journal: string): unknown {
  if (!isOrbformError(error)) return error;
  const { code, summary, detail, cause } = error;
  return new OrbformError(code, {
    summary,
    detail: `${detail} What this run did to machines is kept in its journal, ${journal}: leave that file where it is.`,
    hint: "Mend that, then run `orb apply` again: it takes over what this run did.",
    cause: cause ?? error,
  });
}

/** What a failed read of state means to the user. */
export function unreadable(error: unknown, path: string): unknown {
  if (isOrbformError(error) || !isNodeError(error)) return error;
  return new OrbformError("ORB_STATE_UNREADABLE", {
    summary: "State cannot be read",
    detail: `${path} could not be read: ${error.code === "EACCES" ? "it may not be read" : reason(error)}. No machine was touched.`,
    hint: `Look at its owner and rights: \`ls -l ${path}\`.`,
    cause: error,
  });
}

/** Whether an error is one of the operating system's. */
export function isNodeError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/** Why the operating system refused, in words: "the disk is full". */
export function reason(error: { readonly code: string }): string {
  return REASONS[error.code] ?? error.code;
}
