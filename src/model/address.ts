import type { InsideType } from "./inside.ts";

/** Where a resource stands in its stack: `machine.web`, `setting.memory`, `team/web/machine.app`. */
export type Address = string & { readonly "~brand": "Address" };

/** The resource types of a stack. */
export type ResourceType = "machine" | "setting" | "archive" | InsideType;

/** An address taken apart; `path` holds the keys of the components around the resource, outermost first. */
export interface AddressParts {
  readonly path: readonly string[];
  readonly type: string;
  readonly key: string;
}

const KEY = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Whether a word may be a resource's or a component's key: `[A-Za-z][A-Za-z0-9_-]*`. */
export function isKey(word: string): boolean {
  return KEY.test(word);
}

/** Builds an address from its parts; the parts must be keys (see {@link isKey}). */
export function address(type: string, key: string, path: readonly string[] = []): Address {
  return [...path, `${type}.${key}`].join("/") as Address;
}

/** Reads an address, or gives `undefined` where the text is none. */
export function parseAddress(text: string): Address | undefined {
  const steps = text.split("/");
  const last = steps.pop()?.split(".");
  const wellFormed = steps.every(isKey) && last?.length === 2 && last.every(isKey);
  return wellFormed ? (text as Address) : undefined;
}

/** Takes an address apart. */
export function addressParts(whole: Address): AddressParts {
  const path = whole.split("/");
  const [type = "", key = ""] = (path.pop() ?? "").split(".");
  return { path, type, key };
}

/** The addresses of a record, which has no other keys. */
export function addressesIn(record: { readonly [address: Address]: unknown }): readonly Address[] {
  return Object.keys(record).map((each) => each as Address);
}
