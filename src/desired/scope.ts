import type { Address, ResourceType } from "../model/address.ts";
import type { Place } from "../model/place.ts";

/** One resource of the stack at its address, before the rules have read it. */
export interface Node {
  readonly kind: ResourceType;
  readonly rid: string;
  readonly address: Address;
  readonly path: readonly string[];
  readonly key: string;
  readonly input: unknown;
  readonly place: Place | undefined;
}

/** Everything the stack lists, by the ids that references hold. */
export interface Scope {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Names of the `existing` machines that are listed, which an override may have changed. */
  readonly existing: ReadonlyMap<string, string>;
  /** The resources inside each listed component. */
  readonly members: ReadonlyMap<string, readonly Node[]>;
  /** Final names of machines, by id; absent where the name is not valid. */
  readonly names: ReadonlyMap<string, string>;
  /** Digests of archives (`sha256:…`) and texts of files, by path as written; read before the rules run. */
  readonly files: ReadonlyMap<string, FileContent>;
}

/** A file that a stack names. */
export type FileContent =
  | { readonly kind: "archive"; readonly path: string; readonly digest: string }
  | { readonly kind: "text"; readonly text: string }
  /** Not UTF-8, or long: `digest` is hex SHA-256. */
  | { readonly kind: "bytes"; readonly path: string; readonly digest: string }
  | { readonly kind: "unreadable"; readonly reason: string };
