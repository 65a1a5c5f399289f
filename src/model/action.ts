import type { Address } from "./address.ts";
import { isInsideType, type InsideFacts, type InsideType } from "./inside.ts";
import type { MachineId, MachineSettings } from "./machine.ts";
import type { CloudInit, DesiredSettings, Ready } from "./resource.ts";
import type { Value } from "./value.ts";

/** Names one action within its plan: `machine.web:rename`. */
export type ActionId = string & { readonly "~brand": "ActionId" };

/** Names an action: the resource's address and what is done, `machine.web:rename`. */
export function actionId(address: Address, what: string): ActionId {
  return `${address}:${what}` as ActionId;
}

/** The machine an action is for: by id where the plan knows it, else the one this plan makes at that address. */
export interface Target {
  readonly address: Address;
  readonly id: MachineId | null;
}

interface ActionBase {
  readonly id: ActionId;
  /** The resource whose state it changes. */
  readonly address: Address;
  /** Actions that must have succeeded before; sorted. */
  readonly after: readonly ActionId[];
  /** Actions that must have ended before, however they ended; sorted. Absent: none. */
  readonly afterEnd?: readonly ActionId[];
  /** How long it is expected to take, from learned durations or the kind's default. Milliseconds. */
  readonly expectedMs: number;
  /** Milliseconds until its outcome is looked into. */
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Makes a machine from an image; it boots as part of this and is probed with `ready`. */
export interface CreateAction extends ActionBase {
  readonly kind: "create";
  readonly name: string;
  readonly distro: string;
  readonly version: string | null;
  readonly arch: string | null;
  readonly cloudInit: CloudInit | null;
  /** Settings to be made with; the driver passes as flags what it can and sets the rest afterwards. */
  readonly settings: DesiredSettings;
  /** `null`: it ends stopped, or its readiness is a later action's concern. */
  readonly ready: Ready | null;
  readonly identity: "keep" | "fresh";
}

/** Makes a machine from another, by the source's id. It is born stopped, with the source's settings. */
export interface CloneAction extends ActionBase {
  readonly kind: "clone";
  readonly name: string;
  readonly source: Target;
}

/** Makes a machine from an archive. */
export interface RestoreAction extends ActionBase {
  readonly kind: "restore";
  readonly name: string;
  readonly path: string;
  readonly digest: string;
}

/** Gives a machine another name; the id stays. Ends by comparing its settings with what they were. */
export interface RenameAction extends ActionBase {
  readonly kind: "rename";
  readonly target: Target;
  readonly from: string;
  readonly to: string;
  /** A name only for the way: something else needs the present one, or the final one is still held. */
  readonly temporary: boolean;
}

/** Starts a stopped machine, or stops and starts a running one, and probes it. */
export interface StartAction extends ActionBase {
  readonly kind: "start" | "restart";
  readonly target: Target;
  readonly ready: Ready | null;
  /** New machine-id and SSH host keys at this, its first, start. */
  readonly identity: "keep" | "fresh";
}

/** Stops a running machine, by id. Never without a target: bare `stop` stops all of OrbStack. */
export interface StopAction extends ActionBase {
  readonly kind: "stop";
  readonly target: Target;
}

/** Changes settings of one machine. */
export interface ConfigAction extends ActionBase {
  readonly kind: "config";
  readonly target: Target;
  readonly settings: DesiredSettings;
  /** Live values of the same keys when planned. */
  readonly before: MachineSettings;
  /** A running machine has this only after its next start. */
  readonly needsRestart: boolean;
}

/** Changes one global setting, or puts it back (`remove`). */
export interface SettingAction extends ActionBase {
  readonly kind: "write" | "remove";
  readonly subject: "setting";
  readonly key: string;
  readonly value: Value;
  readonly before: string | null;
}

/** Changes something inside a machine, runs a command there, or takes away what it made. The machine runs meanwhile. */
export interface InsideAction extends ActionBase {
  readonly kind: "write" | "run" | "remove";
  readonly subject: InsideType;
  readonly target: Target;
  /** What is asked, by property; for `remove`, none. */
  readonly properties: { readonly [property: string]: Value };
  /** What was found there when planned; `null` = nobody could look: the machine was not there, or did not run. */
  readonly before: InsideFacts | null;
  /** A service is restarted, whether or not anything else of it changes. */
  readonly restart: boolean;
  /** A sensitive file lies in its machine: what programs print there is not repeated. */
  readonly quiet?: true;
}

/** Exports a machine into a folder, and lets go of older archives of the same resource. The machine is as it was afterwards. */
export interface ExportAction extends ActionBase {
  readonly kind: "export";
  readonly target: Target;
  /** The folder, seen from the project's. */
  readonly dir: string;
}

/** Removes the archives that a resource made. */
export interface ArchiveAction extends ActionBase {
  readonly kind: "remove";
  readonly subject: "archive";
  readonly dir: string;
  /** The mark in the metadata of what it made. */
  readonly series: string;
}

/** Makes a machine the default one, after it has its final name. */
export interface SetDefaultAction extends ActionBase {
  readonly kind: "set-default";
  /** `null`: no machine is the default any more. */
  readonly target: Target | null;
}

/** Deletes a machine for good: intent with a temporary name, rename by id, list, delete that name. */
export interface DeleteAction extends ActionBase {
  readonly kind: "delete";
  readonly target: Target;
  readonly name: string;
  /** The name it stands under while it is being deleted. */
  readonly temporaryName: string;
  /** The predecessor of a replacement made first, not the resource's own machine. */
  readonly deposed: boolean;
  /** It is deleted so that another can be made in its place. */
  readonly replacing: boolean;
}

/** Takes an existing machine into state. Touches no machine. */
export interface AdoptAction extends ActionBase {
  readonly kind: "adopt";
  readonly target: Target;
  readonly name: string;
}

/** Takes a resource out of state. Touches no machine. */
export interface ForgetAction extends ActionBase {
  readonly kind: "forget";
}

/** One step of a plan. The words are engine.md's; `write` and `remove` are those of settings, archives and of what lies inside machines. */
export type Action =
  | CreateAction
  | CloneAction
  | RestoreAction
  | RenameAction
  | StartAction
  | StopAction
  | ConfigAction
  | SettingAction
  | InsideAction
  | ExportAction
  | ArchiveAction
  | SetDefaultAction
  | DeleteAction
  | AdoptAction
  | ForgetAction;

/** Whether an action is done inside a machine. */
export function isInsideAction(action: Action): action is InsideAction {
  return "subject" in action && isInsideType(action.subject);
}

/** Whether it makes a machine. */
export function isMaking({ kind }: Pick<Action, "kind">): boolean {
  return kind === "create" || kind === "clone" || kind === "restore";
}

/** Everything that an action waits for. */
export function waitsFor({ after, afterEnd = [] }: Pick<ActionBase, "after" | "afterEnd">): readonly ActionId[] {
  return afterEnd.length === 0 ? after : [...after, ...afterEnd];
}

/** The kinds, as verbs: see docs/glossary.md. */
export type ActionKind = Action["kind"];
