import type { Snapshot } from "./snapshot.ts";

/** How a snapshot came to be. */
export interface Made {
  /** ISO-8601, UTC. */
  readonly at: string;
  /** `user@host`. */
  readonly who: string;
  /** The command: `apply`; `recovery` where a dead run was taken over. */
  readonly operation: string;
  /** Of what was applied; absent for an edit by hand. */
  readonly planDigest?: string;
}

/** One snapshot that is kept. `made` is absent where nobody wrote it down. */
export type HistoryEntry =
  | { readonly kind: "snapshot"; readonly serial: number; readonly snapshot: Snapshot; readonly made?: Made }
  /** It is damaged, or of a newer version. `why` is a sentence. */
  | { readonly kind: "unreadable"; readonly serial: number; readonly why: string; readonly made?: Made };
