import type { Action } from "../model/action.ts";
import type { Change, ChangeReason, Drift } from "../model/plan.ts";
import { assertNever } from "../model/errors.ts";
import { runeOf, symbolOf } from "./theme.ts";
import { oneLine } from "./value-text.ts";

/** The lines above a block: what happens to the resource, in Terraform's words, and why. Without `#` and colour. */
export interface Heading {
  readonly address: string;
  readonly says: string;
  /** Further lines. */
  readonly because: readonly string[];
}

/** The heading of a planned change; `actions` are those of this change. */
export function headingOf(change: Change, actions: readonly Action[]): Heading {
  const because = [stepsLine(change, actions), reasonOf(change), movedFrom(change), recovered(change)];
  return {
    address: subject(change),
    says: saysOf(change),
    because: because.flatMap((line) => (line === undefined || line === "" ? [] : [line])),
  };
}

/** The heading of a drift. */
export function driftHeading(drift: Drift): Heading {
  const says = {
    changed: "has changed",
    deleted: "has been deleted",
    replaced: "has been replaced by another machine",
  };
  return { address: drift.address, says: says[drift.kind], because: [] };
}

function subject(change: Change): string {
  return change.reason === "delete: deposed" ? `${change.address} (deposed)` : change.address;
}

function saysOf(change: Change): string {
  switch (change.action) {
    case "create":
      return "will be created";
    case "update":
      return "will be updated in-place";
    case "replace":
      return replaceSays(change);
    case "delete":
      return "will be destroyed";
    case "forget":
      return forgetSays(change);
    case "adopt":
      return "will be taken into state";
    case "no-op":
      return noOpSays(change);
    default:
      return assertNever(change.action);
  }
}

function replaceSays(change: Change): string {
  if (change.reason === "replace: requested") return "will be replaced, as requested";
  if (change.reason === "replace: replaceWhen") return "will be replaced due to changes in replaceWhen";
  return change.reason === "replace: not ready" ? "never became ready, so it must be replaced" : "must be replaced";
}

function forgetSays(change: Change): string {
  if (change.reason === "forget: retained") return "will no longer be managed by Orbform, but will not be destroyed";
  if (change.reason === "forget: kept") return "will no longer be managed by Orbform";
  return "will be removed from the state";
}

function noOpSays(change: Change): string {
  if (change.previousAddress !== undefined) return `has moved from ${change.previousAddress}`;
  return change.recovered ? "was recovered" : "stays as it is";
}

function reasonOf(change: Change): string | undefined {
  if (change.reason === "delete: not in stack") return `(because ${change.address} is not in the stack)`;
  return change.reason === undefined ? undefined : REASONS[change.reason];
}

/** Reasons that the heading itself does not say. */
const REASONS: { readonly [reason in ChangeReason]?: string } = {
  "delete: half deleted": "(an earlier run was interrupted while it deleted this machine; the delete is finished now)",
  "delete: deposed": "(its replacement is made; this is the machine it replaced)",
  "delete: never ready": "(what was to replace it is given up, and deleted; the machine that it was to replace stays)",
  "forget: gone": "(because it no longer exists)",
  "forget: retained": "(retain is set)",
  "create: deleted outside": "(because it was deleted outside of Orbform)",
};

function movedFrom(change: Change): string | undefined {
  const moved = change.action !== "no-op" && change.previousAddress !== undefined;
  return moved ? `(moved from ${change.previousAddress})` : undefined;
}

function recovered(change: Change): string | undefined {
  return change.recovered ? "(found again after a run that did not end; taken into state)" : undefined;
}

/** What is done in which order, behind the change's symbol: `~ rename, config`. */
function stepsLine(change: Change, actions: readonly Action[]): string | undefined {
  const words = actions.map(stepWord);
  const steps = words.filter((word, index) => words.indexOf(word) === index);
  const isObvious = change.action !== "update" && steps.length === 1 && OBVIOUS.has(steps[0] ?? "");
  if (steps.length === 0 || isObvious) return undefined;
  return `${symbolOf(runeOf(change))} ${steps.join(", ")}`.trimStart();
}

/** Steps that the heading says already where they are the only one. */
const OBVIOUS = new Set(["create", "delete", "adopt", "forget", "write", "export", "remove"]);

function stepWord(action: Action): string {
  if (action.kind === "rename") return renameWord(action.temporary, action.to);
  if (action.kind === "remove") return action.subject === "setting" ? "put back" : "remove";
  return action.kind === "set-default" ? "set as default" : action.kind;
}

function renameWord(temporary: boolean, to: string): string {
  return temporary ? `rename by way of ${JSON.stringify(oneLine(to))}` : "rename";
}
