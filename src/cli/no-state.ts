import type { Diagnostic } from "../model/diagnostic.ts";
import type { Project } from "./context.ts";

/** A warning where there is nothing to destroy here, but in other environments there is: the name may be mistyped. */
export async function warnOfOtherEnvs(project: Project): Promise<readonly Diagnostic[]> {
  if ((await project.snapshot()) !== undefined) return [];
  const files = (await project.stateFiles()).filter((each) => !each.endsWith(".timings.json"));
  if (files.length === 0) return [];
  const envs = files.map((each) => /^[^.]+\.(?:([^.]+)\.)?json$/.exec(each)?.[1]);
  const named = envs.map((env) => (env === undefined ? "the one without --env" : `--env ${env}`)).toSorted();
  return [
    {
      severity: "warning",
      code: "ORB_STATE_MISSING",
      summary: "No state in this environment",
      detail: `Nothing was ever applied here. The stack has state in: ${named.join(", ")}.`,
      hint: "If another was meant, name it with --env.",
    },
  ];
}
