import { describe, expect, test } from "vitest";
import { aboutReport, seenFaults, seenReview } from "../../../src/cli/report-source.ts";
import { REVIEWS } from "../../support/reviews.ts";

const about = (env: { readonly [name: string]: string }) => aboutReport({ console: { cwd: "/project", env } });

describe("what CI says of itself", () => {
  test.each([
    [{}, {}],
    [{ ORBFORM_COMMIT: "a", GITHUB_SHA: "b", CI_COMMIT_SHA: "c" }, { commit: "a" }],
    [{ ORBFORM_COMMIT: "", GITHUB_SHA: "b" }, { commit: "b" }],
    [
      { CI_COMMIT_SHA: "c", CI_JOB_URL: "https://gitlab/1" },
      { commit: "c", link: "https://gitlab/1" },
    ],
    [
      { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "7" },
      { link: "https://github.com/a/b/actions/runs/7" },
    ],
    [{ ORBFORM_REPORT_LINK: "https://x/", CI_JOB_URL: "https://gitlab/1" }, { link: "https://x/" }],
    [{ ORBFORM_REPORT_LINK: "", CI_JOB_URL: "https://gitlab/1" }, {}],
  ])("is read from %j", (env, found) => {
    expect(about(env)).toEqual(found);
  });
});

test("paths are seen from the folder of the call, where they lie below it", () => {
  const console = { cwd: "/project", env: {} };
  const file = (path: string) => aboutReport({ console, found: { name: "dev", file: path } }).file;
  expect(["/project/stacks/dev.ts", "/elsewhere/dev.ts", "/project-2/dev.ts"].map(file)).toEqual([
    "stacks/dev.ts",
    "/elsewhere/dev.ts",
    "/project-2/dev.ts",
  ]);
});

describe("the root of the repository", () => {
  const seen = (env: { readonly [name: string]: string }, file = "/job/infra/stacks/dev.ts") =>
    aboutReport({ console: { cwd: "/job/infra", env }, found: { name: "dev", file } }).file;

  test.each([
    [{ GITHUB_WORKSPACE: "/job" }, "infra/stacks/dev.ts"],
    [{ CI_PROJECT_DIR: "/job/" }, "infra/stacks/dev.ts"],
    [{ ORBFORM_ROOT: "/job/infra", GITHUB_WORKSPACE: "/job" }, "stacks/dev.ts"],
    [{ ORBFORM_ROOT: "..", GITHUB_WORKSPACE: "/elsewhere" }, "infra/stacks/dev.ts"],
    [{ ORBFORM_ROOT: "", GITHUB_WORKSPACE: "/job" }, "infra/stacks/dev.ts"],
    [{ GITHUB_WORKSPACE: "/" }, "job/infra/stacks/dev.ts"],
    // Somebody else's checkout, or one beside: what lies there says nothing of this folder.
    [{ GITHUB_WORKSPACE: "/job/infra-2" }, "stacks/dev.ts"],
    [{ CI_PROJECT_DIR: "/elsewhere" }, "stacks/dev.ts"],
    [{}, "stacks/dev.ts"],
  ])("is what paths are seen from, as %j say it", (env, file) => {
    expect(seen(env)).toBe(file);
  });

  test("shows what lies beside the folder of the call too", () => {
    expect(seen({ GITHUB_WORKSPACE: "/job" }, "/job/shared/web.ts")).toBe("shared/web.ts");
  });

  test("is where the places of errors and of policies are seen from", () => {
    const place = { file: "/job/infra/stacks/dev.ts", line: 1, column: 1 };
    const review = REVIEWS.denied();
    const findings = review.policy.findings.map((each) => ({ ...each, place }));
    const diagnostics = [{ code: "ORB_STACK_FAILED", severity: "error", summary: "s", detail: "d", place } as const];
    const source = { console: { cwd: "/job/infra", env: { GITHUB_WORKSPACE: "/job" } } };
    const { policy, plan } = seenReview(
      { ...review, policy: { ...review.policy, findings }, plan: { ...review.plan, diagnostics } },
      source,
    );
    const faults = seenFaults({ command: "plan", version: "1", diagnostics }, source);
    const files = [...policy.findings, ...plan.diagnostics, ...faults.diagnostics].map((each) => each.place?.file);
    expect(new Set(files)).toEqual(new Set(["infra/stacks/dev.ts"]));
  });
});

test("findings of policies are seen from there too", () => {
  const review = REVIEWS.denied();
  const findings = review.policy.findings.map((each) => ({
    ...each,
    ...(each.place && { place: { ...each.place, file: `/project/${each.place.file}` } }),
  }));
  const seen = seenReview(
    { ...review, policy: { ...review.policy, findings } },
    { console: { cwd: "/project", env: {} } },
  );
  expect(seen.policy).toEqual(review.policy);
});
