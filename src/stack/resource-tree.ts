import type { Component } from "./component.ts";
import type { Existing } from "./existing.ts";
import type { Machine } from "./machine.ts";
import type { Ref } from "./ref.ts";
import type { Setting } from "./setting.ts";

/** Anything that may be listed among the resources of a stack or a component. */
export type Resource = Machine | Setting | Existing | Component;

/** Resources by their keys. A key is `[A-Za-z][A-Za-z0-9_-]*` and becomes part of the address. */
export interface ResourceTree {
  readonly [key: string]: Resource;
}

/** What an output may hold: plain data with references in it. */
export type OutputValue =
  | string
  | number
  | boolean
  | null
  | Ref<unknown>
  | readonly OutputValue[]
  | { readonly [key: string]: OutputValue };

/** Outputs by name. */
export interface OutputTree {
  readonly [name: string]: OutputValue;
}
