import type { Address } from "../model/address.ts";
import type { PlanInput } from "./plan-input.ts";
import { plan } from "./plan.ts";

/**
 * Tries in memory whether every machine of a stack can be taken into state as it stands: by address, why it can't, or what
 * the plan after that would still do. Addresses that are not in it plan empty once they are adopted.
 */
export function trialAdoption(input: Omit<PlanInput, "options">): ReadonlyMap<Address, readonly string[]> {
  const adopt = input.desired.resources.flatMap(({ type, address }) => (type === "machine" ? [address] : []));
  const options = { mode: "normal", targets: [], excludes: [], replace: [], adopt, allowReplace: false } as const;
  const { actions, changes, diagnostics } = plan({ ...input, options });
  const troubles = new Map<Address, string[]>();
  const note = (address: Address, trouble: string): void => {
    const noted = troubles.get(address);
    if (noted === undefined) troubles.set(address, [trouble]);
    else noted.push(trouble);
  };
  const addresses = new Map(adopt.map((address): [string, Address] => [address, address]));
  for (const { address: about = "", detail } of diagnostics) {
    const address = addresses.get(about);
    if (address !== undefined) note(address, detail);
  }
  for (const { address, attributes } of changes)
    for (const { path } of attributes) note(address, `Its ${path} can't be said as it is.`);
  for (const { address, kind } of actions) if (kind !== "adopt") note(address, `The next plan would ${kind} it.`);
  return troubles;
}
