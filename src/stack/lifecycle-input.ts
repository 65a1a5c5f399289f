import type { Ref } from "./ref.ts";
import type { Resource } from "./resource-tree.ts";

/** A duration as authors write it: `"90s"`, `"10m"`, `"1h"`, `"500ms"`. */
export type Duration = `${number}ms` | `${number}s` | `${number}m` | `${number}h`;

/** The actions that can be given a time-out. */
export type TimedAction =
  | "create"
  | "clone"
  | "restore"
  | "rename"
  | "start"
  | "stop"
  | "restart"
  | "config"
  | "set-default"
  | "delete"
  | "write"
  | "run"
  | "export"
  | "remove";

/** A value that may be watched by `replaceWhen`: plain data, a reference, or a resource (its id). */
export type Watched = string | number | boolean | null | Ref<unknown> | Resource | readonly Watched[];

/** How a resource lives. Everything is optional. */
export interface LifecycleInput<P extends string = string> {
  /** A plan that would delete or replace it fails. @default false */
  readonly preventDestroy?: boolean | undefined;
  /** Properties that are never compared. */
  readonly ignoreChanges?: readonly P[] | undefined;
  /** It is replaced when any of these values changes. */
  readonly replaceWhen?: readonly Watched[] | undefined;
  /** On replace, the new one is made and ready before the old one goes. @default false */
  readonly createBeforeDestroy?: boolean | undefined;
  /** What must be there before it. A component stands for everything in it. */
  readonly dependsOn?: readonly Resource[] | undefined;
  /** Addresses it stood at before: `["machine.old"]`. */
  readonly aliases?: readonly string[] | undefined;
  /** When it leaves the stack it is forgotten, not deleted. @default false */
  readonly retain?: boolean | undefined;
  /** How long an action may take before its outcome is looked into. */
  readonly timeouts?: { readonly [K in TimedAction]?: Duration | undefined } | undefined;
  /** How often an action that surely did nothing is tried again, 0 to 20. @default 3 */
  readonly retries?: number | undefined;
}
