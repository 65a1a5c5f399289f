/**
 * What a stack file imports. Nothing here touches a machine; it reaches `stack/` and `model/` only, so that a stack
 * loads fast.
 */
export { archive } from "./stack/archive.ts";
export type { Archive } from "./stack/archive.ts";
export type { ArchiveInput, KeepInput } from "./stack/archive-input.ts";
export { command } from "./stack/command.ts";
export type { Command } from "./stack/command.ts";
export { component } from "./stack/component.ts";
export type { Component, ComponentInput } from "./stack/component.ts";
export { defineConfig } from "./stack/define-config.ts";
export type { Config, ConfigInput, LimitsInput } from "./stack/define-config.ts";
export { definePolicy } from "./stack/define-policy.ts";
export type {
  Policy,
  PolicyAnswer,
  PolicyAttribute,
  PolicyChange,
  PolicyDrift,
  PolicyInput,
  PolicyMachine,
  PolicyPlan,
  PolicySubject,
} from "./stack/define-policy.ts";
export { defineStack } from "./stack/define-stack.ts";
export type { Stack, StackContext, StackInput } from "./stack/define-stack.ts";
export { directory } from "./stack/directory.ts";
export type { Directory } from "./stack/directory.ts";
export { existing } from "./stack/existing.ts";
export type { Existing } from "./stack/existing.ts";
export { extend } from "./stack/extend.ts";
export type {
  ArchiveDraft,
  ComponentDraft,
  Edit,
  ExistingDraft,
  LifecycleDraft,
  MachineDraft,
  SettingDraft,
  StackDraft,
} from "./stack/draft.ts";
export { file } from "./stack/file.ts";
export type { File } from "./stack/file.ts";
export type {
  CommandInput,
  Data,
  DirectoryInput,
  FileInput,
  InsideHandle,
  InsideLifecycle,
  PackagesInput,
  ServiceInput,
  Text,
  UserInput,
} from "./stack/inside-input.ts";
export { interpolate } from "./stack/interpolate.ts";
export type { Duration, LifecycleInput, TimedAction, Watched } from "./stack/lifecycle-input.ts";
export { machine } from "./stack/machine.ts";
export type { Machine } from "./stack/machine.ts";
export type {
  Distro,
  FromArchive,
  FromImage,
  FromMachine,
  Image,
  IsolationInput,
  MachineInput,
  MachineOptions,
  MachineProperty,
  ReadyInput,
  Size,
} from "./stack/machine-input.ts";
export { packages } from "./stack/packages.ts";
export type { Packages } from "./stack/packages.ts";
export type { Ref } from "./stack/ref.ts";
export type { OutputTree, OutputValue, Resource, ResourceTree } from "./stack/resource-tree.ts";
export { service } from "./stack/service.ts";
export type { Service } from "./stack/service.ts";
export { setting } from "./stack/setting.ts";
export type { KnownSetting, Setting, SettingInput } from "./stack/setting.ts";
export type { StandardSchema } from "./stack/schema.ts";
export { user } from "./stack/user.ts";
export type { User } from "./stack/user.ts";
