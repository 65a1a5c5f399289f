import { nameKey } from "../model/machine.ts";
import type { Digest } from "../model/machine-inputs.ts";
import type { Address } from "../model/address.ts";

/** Gives names for the way. The same plan gives the same ones. */
export type TemporaryNames = (name: string, purpose: "tmp" | "del", address: Address) => string;

const LONGEST = 63;

/**
 * Temporary names derive from lineage, serial and address: `web-orbform-tmp-1f3a`. They are valid machine names, taken by
 * no machine and by no other action of the plan.
 */
export function temporaryNames(seed: string, digest: Digest, isTaken: (key: string) => boolean): TemporaryNames {
  const given = new Set<string>();
  return (name, purpose, address) => {
    for (let attempt = 0; ; attempt += 1) {
      const mark = digest(`${seed} ${address} ${purpose} ${attempt}`).slice(0, 4);
      const ending = `-orbform-${purpose}-${mark}`;
      const candidate = `${original(name).slice(0, LONGEST - ending.length)}${ending}`;
      const key = nameKey(candidate);
      if (given.has(key) || isTaken(key)) continue;
      given.add(key);
      return candidate;
    }
  };
}

/** A name that is already temporary doesn't get a second ending. */
function original(name: string): string {
  return name.replace(/-orbform-(?:tmp|del)-[0-9a-f]{4}$/, "");
}
