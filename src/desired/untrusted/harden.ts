import { EventEmitter } from "node:events";
import { Duplex, PassThrough, Readable, Stream, Transform, Writable } from "node:stream";

/**
 * Keeps what Node's own code and ours rely on from being changed by a stack: with another `Set.prototype.has`, or with a
 * setter for `1` on every array, it would be asked what may be loaded, or handed what loads it. Where programs commonly
 * give an object a method of its own in place of an inherited one (`toString`, `constructor`), only additions are prevented.
 */
export function harden(): void {
  for (const each of FROZEN) Object.freeze(each);
  for (const each of MAKERS) Object.defineProperty(each, Symbol.species, { configurable: false });
  for (const each of CLOSED) Object.preventExtensions(each);
}

const iteratorOf = (iterable: Iterable<unknown>): object => Object.getPrototypeOf(iterable[Symbol.iterator]());
const TypedArray: { readonly prototype: object } = Object.getPrototypeOf(Uint8Array);

const FROZEN: readonly object[] = [
  ...[Array, String, Map, Set, WeakMap, WeakSet, Promise, RegExp, Symbol].map(({ prototype }) => prototype),
  ...[[], "", new Map(), new Set(), "".matchAll(/_/g)].map(iteratorOf),
  TypedArray.prototype,
  // Node's loader asks these what is to be loaded.
  URL.prototype,
  URLSearchParams.prototype,
  Reflect,
  JSON,
];

/** What Node's own code takes out of one of these goes into an object of the class that it names. */
const MAKERS: readonly object[] = [Array, Map, Set, Promise, RegExp, ArrayBuffer, TypedArray];

/** Of whatever inherits from one of these, Node would make objects for a message that names its class. */
const CLOSED: readonly object[] = [
  ...[Object, Function, Error, Number, Boolean, BigInt, Date, ArrayBuffer, EventTarget].map(
    ({ prototype }) => prototype,
  ),
  ...[EventEmitter, Stream, Readable, Writable, Duplex, Transform, PassThrough].map(({ prototype }) => prototype),
];
