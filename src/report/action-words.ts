import type { ActionKind } from "../model/action.ts";

/** How progress speaks of one kind of action. */
export interface ActionWords {
  /** `Creating` – also after `Still `, in lower case. */
  readonly doing: string;
  /** `Creation` – before `complete after` and `errored after`. */
  readonly noun: string;
  /** Terraform's word for it in its event lines. */
  readonly ui: "create" | "update" | "delete" | "import" | "remove";
}

/** Terraform's words where it has them. */
export const ACTION_WORDS: { readonly [kind in ActionKind]: ActionWords } = {
  create: { doing: "Creating", noun: "Creation", ui: "create" },
  clone: { doing: "Cloning", noun: "Clone", ui: "create" },
  restore: { doing: "Restoring", noun: "Restore", ui: "create" },
  rename: { doing: "Renaming", noun: "Rename", ui: "update" },
  start: { doing: "Starting", noun: "Start", ui: "update" },
  stop: { doing: "Stopping", noun: "Stop", ui: "update" },
  restart: { doing: "Restarting", noun: "Restart", ui: "update" },
  config: { doing: "Modifying", noun: "Modifications", ui: "update" },
  "set-default": { doing: "Setting as default", noun: "Setting as default", ui: "update" },
  write: { doing: "Writing", noun: "Write", ui: "update" },
  run: { doing: "Running", noun: "Run", ui: "update" },
  export: { doing: "Exporting", noun: "Export", ui: "create" },
  remove: { doing: "Removing", noun: "Removal", ui: "delete" },
  delete: { doing: "Destroying", noun: "Destruction", ui: "delete" },
  adopt: { doing: "Adopting", noun: "Adoption", ui: "import" },
  forget: { doing: "Forgetting", noun: "Removal from state", ui: "remove" },
};
