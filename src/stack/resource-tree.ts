import type { Archive } from "./archive.ts";
import type { Command } from "./command.ts";
import type { Component } from "./component.ts";
import type { Directory } from "./directory.ts";
import type { Existing } from "./existing.ts";
import type { File } from "./file.ts";
import type { Machine } from "./machine.ts";
import type { Packages } from "./packages.ts";
import type { Ref } from "./ref.ts";
import type { Service } from "./service.ts";
import type { Setting } from "./setting.ts";
import type { User } from "./user.ts";

/** Anything that may be listed among the resources of a stack or a component. */
export type Resource =
  | Machine
  | Setting
  | Archive
  | Existing
  | Component
  | File
  | Directory
  | Packages
  | Service
  | User
  | Command;

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
