import type { PlanRequest } from "../engine.ts";
import { parseAddress, type Address } from "../model/address.ts";
import { OrbformError } from "../model/errors.ts";
import type { PlanMode } from "../model/plan.ts";

/** The flags that narrow or bend a plan. */
export interface RequestFlags {
  readonly target?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly replace?: readonly string[] | undefined;
  readonly adopt?: readonly string[] | undefined;
  readonly destroy?: boolean;
  readonly "refresh-only"?: boolean;
  readonly "allow-replace"?: boolean;
}

/** What the flags ask of a plan. Error: `ORB_USAGE` for a word that is no address. */
export function requestOf(flags: RequestFlags): PlanRequest {
  return {
    mode: modeOf(flags),
    targets: (flags.target ?? []).map(addressOf),
    excludes: (flags.exclude ?? []).map(addressOf),
    replace: (flags.replace ?? []).map(addressOf),
    adopt: (flags.adopt ?? []).map(addressOf),
    allowReplace: flags["allow-replace"] ?? false,
  };
}

/** Reads an address that a user typed. Error: `ORB_USAGE`. */
export function addressOf(word: string): Address {
  const address = parseAddress(word);
  if (address !== undefined) return address;
  throw new OrbformError("ORB_USAGE", {
    summary: "This is no address",
    detail: `${JSON.stringify(word)} is no address: machine.web and tier/machine.web are.`,
    hint: "Run `orb state list` to see the addresses in the state.",
  });
}

function modeOf(flags: RequestFlags): PlanMode {
  if (flags.destroy === true) return "destroy";
  return flags["refresh-only"] === true ? "refresh-only" : "normal";
}
