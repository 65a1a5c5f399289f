import { isAbsolute, relative } from "node:path";
import type { Place } from "../model/place.ts";
import type { DesiredResource } from "../model/resource.ts";
import type { Faults } from "../report/findings.ts";
import type { Review } from "../report/review.ts";
import type { Console } from "./console.ts";
import { seenFrom } from "./source-of.ts";

/** Where a report is made, and of which stack, as far as that is known. */
export interface ReportSource {
  readonly console: Pick<Console, "cwd" | "env">;
  /** The stack's name and its file. */
  readonly found?: { readonly name: string; readonly file: string } | undefined;
  /** What the stack declares. */
  readonly resources?: readonly DesiredResource[] | undefined;
}

/** Variables that say the commit, the first that is set: our own, GitHub's, GitLab's. */
const COMMIT = ["ORBFORM_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA"] as const;

/** What stands in a report beside what was planned or found: the commit, a link to the whole, the stack's file. */
export function aboutReport({ console, found }: ReportSource): Pick<Review, "commit" | "link" | "file"> {
  const { env, cwd } = console;
  const commit = COMMIT.map((name) => env[name]).find((each) => each !== undefined && each !== "");
  const link = env["ORBFORM_REPORT_LINK"] ?? runOf(env);
  return {
    ...(commit !== undefined && { commit }),
    ...(link !== undefined && link !== "" && { link }),
    ...(found !== undefined && { file: seenFile(cwd, found.file) }),
  };
}

/** The page of the run, in GitHub's CI and in GitLab's. */
function runOf(env: Console["env"]): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server !== undefined && repository !== undefined && run !== undefined)
    return `${server}/${repository}/actions/runs/${run}`;
  return env["CI_JOB_URL"];
}

/** A review with its places as seen from the present folder. */
export function seenReview(review: Review, { console: { cwd }, resources = [] }: ReportSource): Review {
  const { plan, policy, applied } = review;
  const places = resources.flatMap(({ address, place }): [string, Place][] =>
    place === undefined ? [] : [[address, seenPlace(cwd, place)]],
  );
  const results = [...(applied?.results ?? [])].map(([id, ended]) => {
    const { problem } = ended;
    return [id, problem === undefined ? ended : { ...ended, problem: seenFrom(cwd, problem) }] as const;
  });
  return {
    ...review,
    places: Object.fromEntries(places),
    plan: { ...plan, diagnostics: plan.diagnostics.map((each) => seenFrom(cwd, each)) },
    policy: {
      ...policy,
      findings: policy.findings.map(({ place, ...each }) => ({
        ...each,
        ...(place && { place: seenPlace(cwd, place) }),
      })),
    },
    ...(applied && { applied: { ...applied, results: new Map(results) } }),
  };
}

/** The same of what was found where there is no plan. */
export function seenFaults(faults: Faults, { console: { cwd } }: ReportSource): Faults {
  return { ...faults, diagnostics: faults.diagnostics.map((each) => seenFrom(cwd, each)) };
}

function seenPlace(cwd: string, place: Place): Place {
  return { ...place, file: seenFile(cwd, place.file) };
}

function seenFile(cwd: string, file: string): string {
  const seen = isAbsolute(file) ? relative(cwd, file) : file;
  return seen.startsWith("..") || isAbsolute(seen) ? file : seen;
}
