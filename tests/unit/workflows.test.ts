import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROJECT_FILES } from "../../src/cli/init-files.ts";
import { workflow, type Step, type Workflow } from "../support/workflow.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, "utf8");

const WORKFLOWS = ["plan", "apply", "drift"].map((name) => `.github/workflows/orbform-${name}.yml`);
const ACTIONS = ["plan", "comment", "apply", "drift"].map((name) => `actions/${name}/action.yml`);
const SCRIPTS = readdirSync(`${root}/ci`).filter((name) => name.endsWith(".sh"));

const stepsOf = ({ jobs, runs }: Workflow): readonly Step[] => [
  ...Object.values(jobs ?? {}).flatMap(({ steps }) => steps),
  ...(runs?.steps ?? []),
];

/** The actions that it takes, but for those of GitHub by their commit and with their version. */
function unpinned(text: string): readonly string[] {
  const uses = text.split("\n").filter((line) => /\buses:/.test(line));
  const pinned = /uses: actions\/(?:checkout|setup-node|(?:up|down)load-artifact)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  return uses.filter((line) => !pinned.test(line));
}

describe.each([...WORKFLOWS, ...ACTIONS])("%s", (path) => {
  const file = workflow(path);

  it("runs nothing that somebody else could have written into its commands", () => {
    const scripts = stepsOf(file).flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((each) => each.includes("${{"))).toEqual([]);
  });

  it("takes actions of GitHub only, each by its commit", () => {
    expect(unpinned(read(path))).toEqual([]);
  });

  it("installs this version of Orbform, without what packages would run", () => {
    const { version }: { readonly version: string } = JSON.parse(read("package.json"));
    expect(read(path)).toContain(`default: "${version}"`);
    const installs = stepsOf(file).filter(({ run }) => run?.includes("orbform@$VERSION"));
    expect(installs.length).toBeGreaterThan(0);
    expect(
      installs.filter(
        (each) => !each.run?.includes("--ignore-scripts") || each["working-directory"] !== "${{ runner.temp }}",
      ),
    ).toEqual([]);
  });
});

/** GitLab's own: another job's lines. */
const REFERENCE = {
  tag: "!reference",
  collection: "seq",
  identify: () => false,
  resolve: (lines: unknown) => lines,
} as const;

describe("the workflows", () => {
  it("give each job the permissions that it needs, and none by default", () => {
    const permissions = WORKFLOWS.map((path) => {
      const { permissions: all, jobs = {} } = workflow(path);
      return [all, Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))];
    });
    expect(permissions).toEqual([
      [{}, { plan: { contents: "read" }, comment: { "pull-requests": "write" } }],
      [{}, { apply: { contents: "read", actions: "read", "pull-requests": "write" } }],
      [{}, { drift: { contents: "read", issues: "write", "security-events": "write" } }],
    ]);
  });

  it("keep every token from the job that evaluates a pull request", () => {
    const { jobs = {} } = workflow(WORKFLOWS[0] ?? "");
    const steps = jobs["plan"]?.steps ?? [];
    expect(steps.length).toBeGreaterThan(4);
    expect(JSON.stringify(steps)).not.toMatch(/secrets\.|github\.token|GH_TOKEN/);
    expect(JSON.stringify(jobs["comment"]?.steps)).not.toContain("checkout@");
  });

  it("leave no token in a checkout", () => {
    const checkouts = WORKFLOWS.flatMap((path) => stepsOf(workflow(path))).filter(({ uses }) =>
      uses?.startsWith("actions/checkout@"),
    );
    expect(checkouts.map((step) => JSON.stringify(step).includes('"persist-credentials":false'))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("are called by others, never by pull_request_target", () => {
    for (const path of WORKFLOWS) {
      expect(Object.keys(Object(workflow(path).on))).toEqual(["workflow_call"]);
      expect(read(path).replaceAll(/^#.*$/gm, "")).not.toContain("pull_request_target");
    }
  });
});

describe("the workflow of a new project", () => {
  const text = PROJECT_FILES[".github/workflows/orbform.yml"] ?? "";

  it("plans pull requests without a token that may write, and runs nothing of theirs in its commands", () => {
    const file: Workflow = parse(text);
    expect(file.on).toBe("pull_request");
    expect(file.permissions).toEqual({ contents: "read" });
    expect(
      stepsOf(file)
        .flatMap(({ run }) => run ?? [])
        .filter((each) => each.includes("${{")),
    ).toEqual([]);
    expect(text).toContain("persist-credentials: false");
    expect(text).toContain("--untrusted");
  });

  it("takes the same actions as ours, by the same commits", () => {
    expect(unpinned(text)).toEqual([]);
    const ours = new Set(WORKFLOWS.flatMap((path) => read(path).match(/actions\/\S+@.*/g) ?? []));
    expect(text.match(/actions\/\S+@.*/g)?.filter((each) => !ours.has(each))).toEqual([]);
  });
});

describe("the scripts", () => {
  it.each(SCRIPTS)("%s is a script of bash that stops at what fails", (name) => {
    const checked = spawnSync("bash", ["-n", `${root}/ci/${name}`], { encoding: "utf8" });
    expect([checked.status, checked.stderr]).toEqual([0, ""]);
    expect(
      read(`ci/${name}`)
        .split("\n")
        .find((line) => !line.startsWith("#")),
    ).toBe("set -euo pipefail");
  });

  it("use nothing of bash that the one of macOS has not", () => {
    for (const name of SCRIPTS)
      expect(read(`ci/${name}`)).not.toMatch(/declare -A|mapfile|readarray|\$\{\w+(?:,,|\^\^)\}|\|&|&>>/);
  });

  const filters = SCRIPTS.flatMap((name) =>
    [...read(`ci/${name}`).matchAll(/--jq '([^']*)'/g)].map(([, filter]) => filter ?? ""),
  );
  const hasJq = spawnSync("jq", ["--version"]).status === 0;

  it.skipIf(!hasJq)("read what GitHub answers", () => {
    const answers = [
      [
        { merged_at: null, merge_commit_sha: "d", number: 1, head: { sha: "a" } },
        { merged_at: "now", merge_commit_sha: "e", number: 2, head: { sha: "b" } },
      ],
      {
        artifacts: [
          { expired: true, created_at: "3", workflow_run: { id: 1, head_sha: "b" } },
          { expired: false, created_at: "2", workflow_run: { id: 3, head_sha: "c" } },
          { expired: false, created_at: "1", workflow_run: { id: 2, head_sha: "b" } },
        ],
      },
      [{ id: 5, user: { login: "me" }, body: "first\r\nsecond\tthird" }],
      [
        { number: 9, user: { login: "me" }, body: null },
        { number: 8, user: { login: "you" }, body: "first\nsecond" },
        { number: 7, user: { login: "me" }, body: "first", pull_request: {} },
      ],
    ];
    const found = filters.map((filter, index) =>
      spawnSync("jq", ["-r", filter], { input: JSON.stringify(answers[index]), encoding: "utf8" }),
    );
    expect(found.map(({ stdout, stderr }) => stdout + stderr)).toEqual([
      "e\t2\tb\n",
      "c\t3\nb\t2\n",
      "5\tme\tfirst\n",
      "9\tme\t\n8\tyou\tfirst\n",
    ]);
  });
});

describe("the template for GitLab", () => {
  type Variables = { readonly [name: string]: string };
  const template = read("ci/gitlab/orbform.gitlab-ci.yml");
  const file: {
    readonly [job: string]: {
      readonly before_script?: readonly unknown[];
      readonly script?: readonly string[];
      readonly variables?: Variables;
      readonly rules?: readonly { readonly if: string }[];
    };
  } = parse(template, { customTags: [REFERENCE] });

  it("has a job for each occasion, each of which says when it runs", () => {
    const jobs = Object.keys(file).filter((name) => name !== "variables" && !name.startsWith("."));
    expect(jobs).toEqual(["orbform-plan", "orbform-note", "orbform-apply", "orbform-drift"]);
    expect(jobs.map((name) => file[name]?.rules?.[0]?.if.match(/"(\w+)"/)?.[1])).toEqual([
      "merge_request_event",
      "merge_request_event",
      "push",
      "schedule",
    ]);
  });

  it("takes nothing for a plan that a branch has in it", () => {
    expect(file["orbform-plan"]?.before_script?.[0]).toBe('rm -rf -- "$CI_PROJECT_DIR/orbform-plan"');
  });

  it("applies after merges only where that is asked for: by default it plans on the simulator, which no apply can match", () => {
    const { variables }: { readonly variables: Variables } = parse(template, { customTags: [REFERENCE] });
    const plans = file["orbform-plan"]?.variables?.["ORB_CI_DRIVER"];
    expect([variables["ORB_CI_APPLY"], plans]).toEqual(["false", "simulator"]);
    const onPush = file["orbform-apply"]?.rules?.filter((rule) => rule.if.includes('"push"')) ?? [];
    expect(onPush.map((rule) => rule.if.endsWith('&& $ORB_CI_APPLY == "true"'))).toEqual([true]);
  });

  it("keeps the token from the job that evaluates a merge request", () => {
    const [first, ...more] = file["orbform-plan"]?.script ?? [];
    expect(first).toBe("unset ORB_CI_TOKEN");
    expect(JSON.stringify(more)).not.toContain("TOKEN");
    expect(JSON.stringify(file["orbform-note"])).toContain('"GIT_STRATEGY":"none"');
  });
});
