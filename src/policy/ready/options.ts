import { parseAddress } from "../../model/address.ts";
import { OrbformError } from "../../model/errors.ts";

/** What every ready policy takes. */
export interface ReadyOptions {
  /** Another name than its own, where it is there twice. */
  readonly name?: string | undefined;
  /** `"warn"`: it is told and nothing more. @default "deny" */
  readonly severity?: "deny" | "warn" | undefined;
}

/** What those about machines take besides. */
export interface MachineOptions extends ReadyOptions {
  /** Addresses of machines that it doesn't hold for: `["machine.build"]`. @default none */
  readonly except?: readonly string[] | undefined;
}

/** The options of a ready policy, once they are known to be an object with these keys. Error: `ORB_POLICY_INVALID`. */
export function checkedOptions<T extends object>(policy: string, options: T, known: readonly string[]): T {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw refused(policy, "its options are an object");
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw refused(policy, `it has no option ${JSON.stringify(unknown)}; there are: ${known.join(", ")}`);
  }
  return options;
}

/** The keys of {@link ReadyOptions}. Their values are checked with every policy's. */
export const READY_KEYS = ["name", "severity"];

/** The machines that a policy doesn't hold for. Error: `ORB_POLICY_INVALID`. */
export function exceptions(policy: string, { except = [] }: MachineOptions): ReadonlySet<string> {
  const wrong = "`except` is a list of addresses, like machine.web";
  if (!Array.isArray(except)) throw refused(policy, wrong);
  const all: readonly unknown[] = except;
  if (!all.every((each) => typeof each === "string" && parseAddress(each) !== undefined)) throw refused(policy, wrong);
  return new Set(except);
}

/** Says what a ready policy takes. */
export function refused(policy: string, takes: string): OrbformError {
  return new OrbformError("ORB_POLICY_INVALID", {
    summary: "A ready policy has wrong options",
    detail: `${policy}: ${takes}. No machine was looked at.`,
    hint: "Correct the options; docs/guides/policies.md has them all.",
  });
}
