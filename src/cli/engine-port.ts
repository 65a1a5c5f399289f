import type { Applied, ApplyRequest, Planned, PlanRequest } from "../engine.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { DesiredState } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { LockInfo } from "../state/backend.ts";

export interface OpenOptions {
  readonly stack?: string;
  readonly env?: string;
  readonly driver?: string;
  readonly cwd: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly varFiles: readonly string[];
  readonly processEnv: { readonly [name: string]: string | undefined };
}

export interface Project {
  validate(): Promise<{ readonly desired: DesiredState; readonly diagnostics: readonly Diagnostic[] }>;
  plan(request: PlanRequest): Promise<Planned & { readonly applyInProgress?: LockInfo }>;
  apply(request: Omit<ApplyRequest, "limits"> & { readonly parallelism?: number }): Promise<Applied>;
  snapshot(): Promise<Snapshot | undefined>;
  stateEdit(operation: string, edit: (snapshot: Snapshot) => Snapshot): Promise<Snapshot>;
  adopt(address: Address, name: string, options: { readonly allowReplace: boolean }): Promise<Snapshot>;
  unlock(id: string): Promise<void>;
  rehost(): Promise<Snapshot>;
  close(): Promise<void>;
}

export declare function openProject(options: OpenOptions): Promise<Project>;
