import { isAbsolute } from "node:path";
import { OrbformError } from "../model/errors.ts";
import type { SavedPlan } from "../engine-plan-file.ts";
import { carryOut, otherPlan, type ApplyFlags, type ToldCall } from "./apply-flow.ts";
import type { ProjectFlags } from "./base-command.ts";
import type { Project } from "./context.ts";
import { shellWord } from "./hints.ts";
import type { RequestFlags } from "./request.ts";

/** A kept plan as a command applies it. */
export interface SavedCall extends ToldCall {
  readonly flags: ApplyFlags;
  readonly saved: SavedPlan;
  /** Values for the stack's inputs were given. */
  readonly given: boolean;
}

/** The flags of a command that applies a kept plan. */
export type SavedFlags = ApplyFlags & ProjectFlags & RequestFlags;

/** Which project and stack a kept plan is about, and which machines, where its command does not say. Error: `ORB_USAGE`. */
export function projectOf({ plan, stack }: SavedPlan, flags: SavedFlags): ProjectFlags {
  if (isAbsolute(stack.file) || stack.file.split(/[\\/]/).includes("..")) throw outside(stack.file);
  const drives = plan.world.driver === "simulator" ? "simulator" : undefined;
  return { ...flags, stackFromRoot: stack.file, env: plan.env, driver: flags.driver ?? drives };
}

/** Whether the stack's inputs were given values. */
export function isGiven({ var: values = [], "var-file": files = [] }: SavedFlags): boolean {
  return values.length + files.length > 0;
}

/** Flags that say what to plan: a plan that is kept says that itself. */
const PLANNING = ["target", "exclude", "replace", "adopt", "destroy", "refresh-only", "allow-replace"] as const;

/**
 * Carries out a kept plan and tells how it went; asks nobody: naming the file is the approval. Exits as an apply does, 5
 * where what it rests on has changed.
 */
export async function savedFlow(project: Project, call: SavedCall): Promise<number> {
  const { flags, saved } = call;
  const told = { ...call, request: saved.request, flags: { ...flags, yes: true } };
  const kept = await project.kept();
  if (call.given && !kept.needsStack(saved))
    call.tell.notice("Note: the plan file has its inputs; --var and --var-file are not used.");
  return await carryOut(told, project, async (hooks) => {
    // Before anything that the file names is read or run.
    if (flags.expect !== undefined && flags.expect !== saved.digest) throw otherPlan(flags.expect, saved.digest);
    return await kept.apply(saved, {
      ...hooks,
      operation: call.operation,
      ...(flags.parallelism === undefined ? {} : { parallelism: flags.parallelism }),
      failFast: flags["fail-fast"],
      recreateAll: flags["recreate-all"],
    });
  });
}

/** Refuses what a kept plan has said already. Error: `ORB_USAGE`. */
export function refusePlanning(flags: SavedFlags, { plan }: SavedPlan): void {
  const given = PLANNING.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (given !== undefined) throw saidAlready(`--${given} says what to plan`, flagWords(given, flags[given]));
  if (flags.env !== undefined && flags.env !== plan.env)
    throw saidAlready(`--env is another than the plan's (${plan.env ?? "none"})`, []);
}

/** A plan file is no way to have a program run from anywhere. */
function outside(file: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "The plan's stack is outside the project",
    detail: `Its stack is ${JSON.stringify(file)}, which is not in the project's folder. No machine was looked at.`,
    hint: "Plan and apply it in its own project's folder.",
  });
}

function flagWords(name: string, value: string | readonly string[] | boolean | undefined): readonly string[] {
  const values = typeof value === "string" ? [value] : value;
  return Array.isArray(values) ? values.map((each) => `--${name} ${shellWord(each)}`) : [`--${name}`];
}

function saidAlready(what: string, words: readonly string[]): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "A plan file says itself what to do",
    detail: `${what}, and a plan file is carried out exactly as it stands. No machine was touched.`,
    hint: `Leave the flag out, or make a new plan with it: ${["orb plan --out plan.json", ...words].join(" ")}`,
  });
}
