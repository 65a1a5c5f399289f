import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
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

/** Variables that say where the repository lies, in the same way. */
const ROOT = ["ORBFORM_ROOT", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"] as const;

/** What stands in a report beside what was planned or found: the commit, a link to the whole, the stack's file. */
export function aboutReport({ console, found }: ReportSource): Pick<Review, "commit" | "link" | "file"> {
  const { env } = console;
  const commit = firstOf(env, COMMIT);
  const link = env["ORBFORM_REPORT_LINK"] ?? runOf(env);
  return {
    ...(commit !== undefined && { commit }),
    ...(link !== undefined && link !== "" && { link }),
    ...(found !== undefined && { file: seenFile(rootOf(console), found.file) }),
  };
}

function firstOf(env: Console["env"], names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((each) => each !== undefined && each !== "");
}

/** The folder that paths are seen from: GitHub and GitLab look for files from the repository's root. Elsewhere the present one. */
function rootOf({ cwd, env }: ReportSource["console"]): string {
  const named = firstOf(env, ROOT);
  if (named === undefined) return cwd;
  const root = resolve(cwd, named);
  // Outside of what CI checked out the present folder is none of the repository.
  return [root, unlinked(root)].find((each) => liesBelow(each, cwd)) ?? cwd;
}

/** A folder without the links on the way to it: a process is told its own without them, and CI names one with them. */
function unlinked(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function liesBelow(folder: string, path: string): boolean {
  const seen = relative(folder, path);
  return seen !== ".." && !/^\.\.[/\\]/.test(seen) && !isAbsolute(seen);
}

/** The page of the run, in GitHub's CI and in GitLab's. */
function runOf(env: Console["env"]): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server !== undefined && repository !== undefined && run !== undefined)
    return `${server}/${repository}/actions/runs/${run}`;
  return env["CI_JOB_URL"];
}

/** A review with its places as seen from the repository's root, where CI says it, else from the present folder. */
export function seenReview(review: Review, { console, resources = [] }: ReportSource): Review {
  const root = rootOf(console);
  const { plan, policy, applied } = review;
  const places = resources.flatMap(({ address, place }): [string, Place][] =>
    place === undefined ? [] : [[address, seenPlace(root, place)]],
  );
  const results = [...(applied?.results ?? [])].map(([id, ended]) => {
    const { problem } = ended;
    return [id, problem === undefined ? ended : { ...ended, problem: seenFrom(root, problem) }] as const;
  });
  return {
    ...review,
    places: Object.fromEntries(places),
    plan: { ...plan, diagnostics: plan.diagnostics.map((each) => seenFrom(root, each)) },
    policy: {
      ...policy,
      findings: policy.findings.map(({ place, ...each }) => ({
        ...each,
        ...(place && { place: seenPlace(root, place) }),
      })),
    },
    ...(applied && { applied: { ...applied, results: new Map(results) } }),
  };
}

/** The same of what was found where there is no plan. */
export function seenFaults(faults: Faults, { console }: ReportSource): Faults {
  const root = rootOf(console);
  return { ...faults, diagnostics: faults.diagnostics.map((each) => seenFrom(root, each)) };
}

function seenPlace(root: string, place: Place): Place {
  return { ...place, file: seenFile(root, place.file) };
}

function seenFile(root: string, file: string): string {
  return isAbsolute(file) && liesBelow(root, file) ? relative(root, file) : file;
}
