import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { applySaved, needsStack, savePlan, type ApplySavedRequest, type SavedPlan } from "../engine-plan-file.ts";
import type { Applied, EnginePorts, Planned, PlanRequest, Stack } from "../engine-types.ts";
import { OrbformError } from "../model/errors.ts";
import { VERSION } from "./version.ts";

/** What keeping plans needs of a project. */
export interface KeepingParts {
  readonly ports: () => Promise<EnginePorts>;
  readonly stack: () => Promise<Stack>;
  readonly limits: (parallelism: number | undefined) => ApplySavedRequest["limits"];
  /** Whoever watches is told before those who asked. */
  readonly tell: (told: Told) => Told;
  readonly project: { readonly root: string };
  /** The stack's file. */
  readonly file: string;
}

type Told = Pick<ApplySavedRequest, "onPlan" | "onEvent">;

/** How a kept plan is applied. */
export type ApplyKept = Omit<ApplySavedRequest, "limits" | "loadStack"> & { readonly parallelism?: number };

/** Plans that are kept in files. */
export interface KeptPlans {
  /** A plan with all that applying it later takes. */
  save(planned: Planned, request: PlanRequest): Promise<SavedPlan>;
  /** Whether applying it loads the stack, which takes its inputs. */
  needsStack(saved: SavedPlan): boolean;
  /** Carries out a plan that was kept. Errors: as {@link applySaved}. */
  apply(saved: SavedPlan, request: ApplyKept): Promise<Applied>;
}

/** The file of the stack that a plan file names. Error: `ORB_USAGE` where the project has none: it is another one. */
export function stackIn(root: string, file: string): string {
  const path = join(root, file);
  if (existsSync(path)) return path;
  throw new OrbformError("ORB_USAGE", {
    summary: "The plan's stack is not here",
    detail: `The plan is of ${JSON.stringify(file)}, and ${root} has no such file. No machine was looked at.`,
    hint: "Apply it in the folder of the project that it was made in.",
  });
}

/** Keeps a project's plans and carries out those that were kept. */
export function keptPlans({ ports, stack, limits, tell, project, file }: KeepingParts): KeptPlans {
  return {
    save: async (planned, request) =>
      savePlan(await ports(), planned, { request, file: relative(project.root, file), version: VERSION }),
    needsStack,
    apply: async (saved, { parallelism, ...request }) =>
      applySaved(await ports(), saved, {
        ...request,
        ...tell(request),
        limits: limits(parallelism),
        loadStack: stack,
      }),
  };
}
