import { addressParts, type Address } from "../model/address.ts";
import type { Signatures } from "./signatures.ts";

type Sides = ReadonlyMap<Address, Signatures>;

/**
 * Pairs what leaves with what comes: by what it is known by (a machine's name), then by all that is asked of it. Among
 * several that are all alike, those with one key go first, then as they come. Nothing is in two pairs. Linear, but for
 * what is alike.
 */
export function pairAlike(leaving: Sides, coming: Sides): readonly (readonly [Address, Address])[] {
  const pairs = new Map<Address, Address>();
  const taken = new Set<Address>();
  for (const by of [identity, whole] as const) {
    const buckets = bucketsOf(coming, by, taken);
    for (const pick of [sameKey, first]) {
      for (const [from, signatures] of leaving) {
        const bucket = pairs.has(from) ? undefined : buckets.get(by(signatures) ?? "");
        const to = bucket && pick(bucket, from);
        if (bucket === undefined || to === undefined) continue;
        bucket.delete(to);
        taken.add(to);
        pairs.set(from, to);
      }
    }
  }
  return [...pairs];
}

type By = (signatures: Signatures) => string | undefined;

const identity: By = (signatures) => signatures.identity;
const whole: By = (signatures) => signatures.whole;

function bucketsOf(coming: Sides, by: By, taken: ReadonlySet<Address>): ReadonlyMap<string, Map<Address, string>> {
  const buckets = new Map<string, Map<Address, string>>();
  for (const [address, signatures] of coming) {
    const signature = taken.has(address) ? undefined : by(signatures);
    if (signature === undefined) continue;
    const bucket = buckets.get(signature) ?? new Map<Address, string>();
    buckets.set(signature, bucket.set(address, addressParts(address).key));
  }
  return buckets;
}

function sameKey(bucket: ReadonlyMap<Address, string>, from: Address): Address | undefined {
  const { key } = addressParts(from);
  for (const [address, each] of bucket) if (each === key) return address;
  return undefined;
}

function first(bucket: ReadonlyMap<Address, string>): Address | undefined {
  return bucket.keys().next().value;
}
