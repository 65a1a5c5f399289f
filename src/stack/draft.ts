import type { ArchiveInput, KeepInput } from "./archive-input.ts";
import type { Archive } from "./archive.ts";
import type { Component } from "./component.ts";
import type { Existing } from "./existing.ts";
import type { InsideHandle } from "./inside-input.ts";
import type { LifecycleInput } from "./lifecycle-input.ts";
import type { Distro, Image, IsolationInput, MachineOptions, MachineProperty } from "./machine-input.ts";
import type { Machine } from "./machine.ts";
import type { Ref } from "./ref.ts";
import type { OutputValue, Resource, ResourceTree } from "./resource-tree.ts";
import type { Setting, SettingInput } from "./setting.ts";

type InsideType = InsideHandle["~orbform"];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A lifecycle while it is overridden. */
export interface LifecycleDraft<P extends string = string> extends Mutable<
  Omit<LifecycleInput<P>, "ignoreChanges" | "dependsOn" | "aliases">
> {
  ignoreChanges?: P[] | undefined;
  dependsOn?: Resource[] | undefined;
  aliases?: string[] | undefined;
}

/** A machine's input while it is overridden. Whatever it was made from, all three origins can be written. */
export interface MachineDraft extends Mutable<Omit<MachineOptions, "labels" | "groups" | "lifecycle" | "isolated">> {
  image?: Image | Distro | undefined;
  arch?: "arm64" | "amd64" | undefined;
  cloudInit?: string | Ref<string> | { readonly file: string } | undefined;
  clone?: Machine | Existing | undefined;
  restore?: string | undefined;
  isolated?: boolean | Mutable<IsolationInput> | null | undefined;
  labels?: Record<string, string> | undefined;
  groups?: string[] | undefined;
  lifecycle?: LifecycleDraft<MachineProperty> | undefined;
}

/** A setting's input while it is overridden. */
export interface SettingDraft extends Mutable<Omit<SettingInput, "lifecycle">> {
  lifecycle?: LifecycleDraft<"value"> | undefined;
}

/** An archive's input while it is overridden. */
export interface ArchiveDraft extends Mutable<Omit<ArchiveInput, "keep" | "lifecycle">> {
  keep?: number | Mutable<KeepInput> | undefined;
  lifecycle?: LifecycleDraft<"keep" | "triggers"> | undefined;
}

/** A reference to a machine outside the stack while it is overridden. */
export interface ExistingDraft {
  name: string;
}

/** A component while its resources are overridden. */
export interface ComponentDraft<R extends ResourceTree = ResourceTree> {
  readonly resources: ResourcesDraft<R>;
}

/** The draft of one resource. */
type ResourceDraft<T extends Resource> = T extends Machine
  ? MachineDraft
  : T extends Setting
    ? SettingDraft
    : T extends Archive
      ? ArchiveDraft
      : T extends Existing
        ? ExistingDraft
        : T extends Component<infer R>
          ? ComponentDraft<R>
          : T extends { readonly "~orbform": InsideType; readonly "~input": infer I }
            ? Mutable<I>
            : never;

/** The drafts of all resources, by the keys they have in the stack. */
type ResourcesDraft<R extends ResourceTree> = { readonly [K in keyof R]: ResourceDraft<R[K]> };

/** A stack while it is overridden. */
export interface StackDraft<R extends ResourceTree> {
  readonly resources: ResourcesDraft<R>;
  /** Outputs by name, as the stack gives them. */
  readonly outputs: Record<string, OutputValue>;
}

/** What a recipe can do beyond writing to the draft. */
export interface Edit<R extends ResourceTree> {
  /** Adds a resource under a new key; `tier/db` adds it to the component `tier`. */
  add(key: string, resource: Resource): void;
  /** Takes a resource out; `tier/db` takes it out of the component `tier`. */
  remove(key: Extract<keyof R, string> | `${Extract<keyof R, string>}/${string}`): void;
}
