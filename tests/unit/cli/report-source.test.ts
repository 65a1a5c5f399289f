import { describe, expect, test } from "vitest";
import { aboutReport, seenReview } from "../../../src/cli/report-source.ts";
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
