import { actionId, type ActionId, type ActionKind } from "../model/action.ts";
import { addressParts, type Address } from "../model/address.ts";
import type { Lifecycle } from "../model/lifecycle.ts";
import type { Durations } from "./plan-input.ts";

/** For whom actions are made. */
export interface Owner {
  readonly address: Address;
  readonly lifecycle: Lifecycle;
  readonly durations: Durations;
}

interface Begun<K extends ActionKind> {
  readonly id: ActionId;
  readonly kind: K;
  readonly address: Address;
  readonly after: readonly ActionId[];
  readonly expectedMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

interface Times {
  readonly expectedMs: number;
  readonly timeoutMs: number;
}

/** Milliseconds; from contract section 8: what was seen, and the time-outs suggested there. */
const TIMES: { readonly [K in ActionKind]: Times } = {
  create: { expectedMs: 15_000, timeoutMs: 600_000 },
  clone: { expectedMs: 1_000, timeoutMs: 120_000 },
  restore: { expectedMs: 30_000, timeoutMs: 600_000 },
  rename: { expectedMs: 300, timeoutMs: 120_000 },
  start: { expectedMs: 3_000, timeoutMs: 120_000 },
  stop: { expectedMs: 3_000, timeoutMs: 120_000 },
  restart: { expectedMs: 5_000, timeoutMs: 120_000 },
  config: { expectedMs: 300, timeoutMs: 120_000 },
  "set-default": { expectedMs: 200, timeoutMs: 60_000 },
  delete: { expectedMs: 5_000, timeoutMs: 120_000 },
  write: { expectedMs: 200, timeoutMs: 60_000 },
  remove: { expectedMs: 200, timeoutMs: 60_000 },
  run: { expectedMs: 2_000, timeoutMs: 3_600_000 },
  // Nothing was seen of how long it takes: as `orb backup create`.
  export: { expectedMs: 60_000, timeoutMs: 7_200_000 },
  adopt: { expectedMs: 100, timeoutMs: 60_000 },
  forget: { expectedMs: 10, timeoutMs: 60_000 },
};

/** What takes longer inside machines than {@link TIMES} says: packages are downloaded, a service stops in its own time. */
const TIMES_INSIDE: { readonly [type: string]: Times } = {
  packages: { expectedMs: 10_000, timeoutMs: 900_000 },
  service: { expectedMs: 1_000, timeoutMs: 300_000 },
};

/** What every action has. `suffix` tells two of one kind for one resource apart. Order comes later. */
export function begin<K extends ActionKind>(kind: K, owner: Owner, suffix = ""): Begun<K> {
  const { address, lifecycle, durations } = owner;
  const inside = kind === "write" || kind === "remove" ? TIMES_INSIDE[addressParts(address).type] : undefined;
  const times = inside ?? TIMES[kind];
  return {
    id: actionId(address, `${kind}${suffix}`),
    kind,
    address,
    after: [],
    expectedMs: durations.get(`${kind} ${address}`) ?? durations.get(kind) ?? times.expectedMs,
    timeoutMs: lifecycle.timeoutsMs[kind] ?? times.timeoutMs,
    retries: lifecycle.retries,
  };
}
