import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { ErrorCode } from "../model/errors.ts";
import type { Place } from "../model/place.ts";

/** What a problem is about: a resource of the stack, or one that only state has. */
export interface Subject {
  readonly address: Address;
  readonly place?: Place;
}

interface Words {
  readonly code: ErrorCode;
  readonly summary: string;
  readonly detail: string;
  readonly hint?: string;
}

/** An error about one resource: it keeps the plan from being applied. */
export function problem(subject: Subject, words: Words): Diagnostic {
  return {
    severity: "error",
    ...words,
    address: subject.address,
    ...(subject.place && { place: subject.place }),
  };
}

/** The command that takes a machine into state at an address. */
export function adoptLine(address: Address, name: string): string {
  return `orb adopt ${address} ${name}`;
}
