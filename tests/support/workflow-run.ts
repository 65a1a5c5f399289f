import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultsOf, evaluated, workflow, type Context, type Step, type Workflow } from "./workflow.ts";

/** Where a job is run: a workspace, and a folder for what is temporary. */
export interface Runner {
  readonly workspace: string;
  readonly temp: string;
  readonly env: { readonly [name: string]: string };
}

/** A job of a workflow, or an action (job ""), with the values that its expressions have. */
export interface Run {
  readonly of: string | Workflow;
  readonly job: string;
  readonly values: Context;
  /** Steps that are left out, by name. */
  readonly skip: readonly string[];
}

/** How a job ended. */
export interface RanJob {
  /** Of the first step that failed, else 0. */
  readonly code: number | null;
  readonly said: string;
  /** With the outputs of its steps. */
  readonly context: Context;
}

/** Runs the shell steps of a job as a runner does. */
export function runJob(runner: Runner, { of, job, values, skip }: Run): RanJob {
  const file = typeof of === "string" ? workflow(of) : of;
  const { temp, workspace } = runner;
  let context: Context = {
    "runner.temp": temp,
    "github.workspace": workspace,
    "github.token": "a-token",
    ...defaultsOf(file),
    ...values,
  };
  const said: string[] = [];
  let code: number | null = 0;
  for (const step of file.jobs?.[job]?.steps ?? file.runs?.steps ?? []) {
    if (step.run === undefined || skip.includes(step.name ?? "") || !isDue(step, code, context)) continue;
    const ran = runStep(runner, step, context);
    said.push(ran.stdout + ran.stderr);
    context = { ...context, ...outputsOf(runner, step) };
    if (code === 0) code = ran.status;
  }
  return { code, said: said.join(""), context };
}

/** Whether a runner would begin a step: what asks for something else than a result is the caller's to decide, by `skip`. */
function isDue({ if: condition = "" }: Step, code: number | null, context: Context): boolean {
  const [, output] = /(steps\.\S+) != ''/.exec(condition) ?? [];
  if (output !== undefined && (context[output] ?? "") === "") return false;
  return code === 0 || condition.startsWith("always()");
}

function runStep({ workspace, temp, env }: Runner, step: Step, context: Context) {
  const told = Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluated(String(value), context)]);
  const cwd = evaluated(step["working-directory"] ?? ".", context);
  writeFileSync(join(temp, "outputs"), "");
  return spawnSync("bash", ["-eo", "pipefail", "-c", step.run ?? ""], {
    cwd: cwd.startsWith("/") ? cwd : join(workspace, cwd),
    env: {
      ...env,
      GITHUB_OUTPUT: join(temp, "outputs"),
      GITHUB_STEP_SUMMARY: join(temp, "summary"),
      GITHUB_REPOSITORY: "o/r",
      GITHUB_SHA: "abc",
      GITHUB_REF: "refs/heads/main",
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      ...Object.fromEntries(told),
    },
    encoding: "utf8",
  });
}

function outputsOf({ temp }: Runner, { id }: Step): Context {
  const lines = readFileSync(join(temp, "outputs"), "utf8").split("\n").filter(Boolean);
  const outputs = lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);
  return Object.fromEntries(outputs.map(([name, value]) => [`steps.${id}.outputs.${name}`, value]));
}
