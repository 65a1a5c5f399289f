import type { Address } from "../model/address.ts";
import type { HashText } from "../model/inside-wish.ts";
import { isDesiredInside, type DesiredResource } from "../model/resource.ts";
import { canonical } from "./plan-digest.ts";

/** Whose secrets they are: nobody else's have these digests. */
interface Owner {
  readonly host: string;
  readonly stack: string;
  readonly hash: HashText;
}

/**
 * Digests of the contents that nobody may see, by address, as the stack words them: with the references in them, whatever
 * these come to.
 */
export function secretDigests(
  resources: readonly DesiredResource[],
  { host, stack, hash }: Owner,
): { readonly [address: Address]: string } {
  const secrets = resources.flatMap((each) => {
    if (!isDesiredInside(each) || !each.sensitive || each.properties["content"] === undefined) return [];
    const words = JSON.stringify(canonical(each.properties["content"]));
    return [[each.address, hash(`${host} ${stack} ${each.address}\n${words}`)] as const];
  });
  return Object.fromEntries(secrets.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
