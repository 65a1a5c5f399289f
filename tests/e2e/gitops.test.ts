import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROJECT_FILES } from "../../src/cli/init-files.ts";
import { TestProject } from "../support/project.ts";
import { runJob, type RanJob } from "../support/workflow-run.ts";
import type { Context, Workflow } from "../support/workflow.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FAKE_GH = join(root, "tests/support/fake-gh.mjs");
const HEAD = "0123456789abcdef0123456789abcdef01234567";

/** Installs the checkout itself, as it is built, or what a lock names: one package with a policy. Notes what lay where it was called. */
const FAKE_NPM = `case "$*" in
*--prefix*) mkdir -p orbform/node_modules/.bin && ln -sfn "${root}" orbform/node_modules/orbform && ln -sfn "${root}/bin/orbform.js" orbform/node_modules/.bin/orbform ;;
*) echo "npm $* beside $(ls -A | tr '\\n' ' ')" >> "$RUNNER_TEMP/npm.log"
  mkdir -p node_modules/team && ln -s "${root}" node_modules/orbform
  echo '{ "name": "team", "type": "module", "exports": "./index.js" }' > node_modules/team/package.json
  node -p 'JSON.parse(require("node:fs").readFileSync("package-lock.json")).team' > node_modules/team/index.js ;;
esac`;
/** A lock that has the program of the package that it names. */
const lockOf = (team: string): string => JSON.stringify({ packages: { "": {} }, team });
const TEAM = lockOf(`import { definePolicy } from "orbform";
export const frozen = definePolicy({ name: "team/frozen", plan: (_, { warn }) => warn("Nothing on a Friday.") });
`);

interface World {
  readonly calls: readonly (readonly string[])[];
  readonly comments: readonly { readonly id: number; readonly login: string; readonly body: string }[];
  readonly issues: readonly {
    readonly number: number;
    readonly login: string;
    readonly state: string;
    readonly title: string;
    readonly body: string;
  }[];
  readonly sarif?: string;
}

let project: TestProject;
let temp: string;
let gh: string;

beforeEach(() => {
  project = new TestProject();
  temp = join(project.folder, "temp");
  gh = join(project.folder, "gh.json");
  mkdirSync(temp);
  github({});
  project.script("gh", `exec "${process.execPath}" "${FAKE_GH}" "$@"`);
  symlinkSync(process.execPath, join(project.bin, "node"));
  project.script("npm", FAKE_NPM);
});
afterEach(() => project.remove());

function github(more: object): void {
  writeFileSync(gh, JSON.stringify({ calls: [], comments: [], issues: [], pulls: [], artifacts: {}, ...more }));
}

const world = (): World => JSON.parse(readFileSync(gh, "utf8"));
const found = (path: string): string => readFileSync(join(temp, path), "utf8");

const run = (of: string | Workflow, job: string, values: Context, skip: readonly string[] = []): RanJob =>
  runJob({ workspace: project.folder, temp, env: { ...project.env, FAKE_GH: gh } }, { of, job, values, skip });

const PLAN = ".github/workflows/orbform-plan.yml";
const PULL = {
  "github.event.pull_request.number": "12",
  "github.event.pull_request.head.sha": HEAD,
  "inputs.stack": "dev",
  "inputs.folder": ".",
};
/** What only a runner of GitHub's can do, and what is done for `dependencies` only. */
const GITHUBS = "Let a process be without a network";
const OTHERS = [GITHUBS, "Install what the stack imports", "Install what the base's configuration imports"];

const stack = (resources: string): string =>
  `import { defineStack, machine } from "orbform";\nexport default defineStack({ resources: { ${resources} } });\n`;

/** Lays the project out as the checkouts do: the pull request's in `pull`, the base's in `base`. */
function checkOut(text: string, folder = "."): void {
  project.stack("dev", text);
  rmSync(join(project.folder, "pull"), { recursive: true, force: true });
  cpSync(project.project, join(project.folder, "pull", folder), { recursive: true });
}

function planned(text: string, given: Context = {}): { readonly code: number | null; readonly said: string } {
  checkOut(text, given["inputs.folder"]);
  spawnSync("rm", ["-rf", join(temp, "orbform-plan"), join(temp, "orbform")]);
  const { code, said } = run(PLAN, "plan", { ...PULL, ...given }, given["inputs.dependencies"] ? [GITHUBS] : OTHERS);
  spawnSync("rm", ["-rf", join(temp, "orbform")]);
  const told = run(PLAN, "comment", { ...PULL, ...given });
  expect(told, told.said).toMatchObject({ code: 0 });
  return { code, said };
}

describe("a pull request", { tags: ["slow"] }, () => {
  it("gets a comment with its plan, which is written over when the plan changes, and nobody else's", () => {
    const marker = "<!-- orbform:stack=dev -->";
    github({
      comments: [
        { id: 1, login: "mallory", body: `${marker}\nAll is well.` },
        { id: 2, login: "github-actions[bot]", body: "<!-- orbform:stack=other -->" },
      ],
    });
    const first = planned(stack('web: machine({ image: "alpine" })'));
    expect(first, first.said).toMatchObject({ code: 0 });
    expect(world().comments.map(({ id, login }) => [id, login])).toEqual([
      [1, "mallory"],
      [2, "github-actions[bot]"],
      [102, "github-actions[bot]"],
    ]);
    const [mallory, , comment] = world().comments;
    expect(mallory?.body).toBe(`${marker}\nAll is well.`);
    expect(comment?.body.split("\n")[0]).toBe(marker);
    expect(comment?.body).toContain(found("orbform-plan/digest").trim());
    expect(comment?.body).toContain("machine.web");
    expect(comment?.body).toContain("Child processes: denied");
    const second = planned(stack('db: machine({ image: "alpine" })'));
    expect(second, second.said).toMatchObject({ code: 0 });
    expect(world().comments.map(({ id }) => id)).toEqual([1, 2, 102]);
    expect(world().comments[2]?.body).toContain("machine.db");
    expect(world().comments[2]?.body).not.toContain("machine.web");
    expect(
      world()
        .calls.filter((each) => each.includes("PATCH"))
        .map((each) => each[4]),
    ).toEqual(["repos/o/r/issues/comments/102"]);
  });

  it("is told of with its own commit, and with paths as its repository has them", () => {
    const ran = planned(stack('web: machine({ image: "alpine", cpus: -2 })'), { "inputs.folder": "infra" });
    expect(ran, ran.said).toMatchObject({ code: 1 });
    expect(world().comments[0]?.body).toContain(`- Commit: \`${HEAD}\``);
    expect(world().comments[0]?.body).toContain("infra/stacks/dev.ts");
    expect(found("orbform-plan/plan.sarif")).toContain('"uri": "infra/stacks/dev.ts"');
    expect(found("orbform-plan/plan.xml")).toContain("infra/stacks/dev.ts");
    expect(found("orbform-plan/plan.md")).not.toContain("pull/");
  });

  it("of a project with several stacks is told to name one, in a comment that is written over", () => {
    project.stack("other", stack(""));
    for (const _ of ["first", "second"]) expect(planned(stack(""), { "inputs.stack": "" })).toMatchObject({ code: 1 });
    expect(world().comments.map(({ body }) => body.split("\n")[0])).toEqual(["<!-- orbform: -->"]);
    expect(world().comments[0]?.body).toContain("ORB_STACK_AMBIGUOUS");
  });

  it("that is broken fails, and says why in its comment", () => {
    const { code } = planned('throw new Error("`$(touch owned)` <script>");');
    expect(code).toBe(1);
    const [comment] = world().comments;
    expect(comment?.body).toContain("ORB_STACK_FAILED");
    expect(comment?.body).toMatch(/^```text\n[^`]*\n.*<script>.*\n```$/m);
    expect(existsSync(join(project.project, "owned"))).toBe(false);
  });

  it("of a fork, whose token may only read, has its plan in the summary of the job", () => {
    github({ forbidden: ["POST", "PATCH"] });
    expect(planned(stack('web: machine({ image: "alpine" })')).code).toBe(0);
    expect(found("summary")).toContain("machine.web");
  });

  it("has its own configuration and its own npm settings passed over, for the base's with its policies", () => {
    const files = {
      "project/orb.config.ts": "throw new Error('it ran');",
      "project/.npmrc": "registry=http://127.0.0.1:1/\nignore-scripts=false\n",
      "project/package.json": "{}",
      "project/package-lock.json": lockOf('export const image = "alpine";'),
      "base/machines/orb.config.ts": 'import { frozen } from "team";\nexport default { policies: [frozen] };',
      "base/machines/.npmrc": "registry=http://127.0.0.1:1/\n",
      "base/machines/package.json": '{ "type": "module" }',
      "base/machines/package-lock.json": TEAM,
    };
    mkdirSync(join(project.folder, "base/machines"), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(project.folder, path), text);
    const text = `import { image } from "team";\n${stack("web: machine({ image })")}`;
    const given = { "inputs.config": "machines/orb.config.ts", "inputs.dependencies": "true" };
    const ran = planned(text, given);
    expect(ran, ran.said).toMatchObject({ code: 0 });
    expect(world().comments[0]?.body).toContain("was not loaded");
    expect(world().comments[0]?.body).toContain("Nothing on a Friday.");
    const flags = "--ignore-scripts --no-audit --no-fund --git=/usr/bin/false --replace-registry-host=always";
    const ci = `npm ci ${flags} beside package-lock.json package.json `;
    expect(found("npm.log")).toBe(`${ci}\n${ci}\n`);
  });

  it("can't have its plan written elsewhere by a link", () => {
    checkOut(stack(""));
    mkdirSync(join(project.folder, "elsewhere"));
    symlinkSync(join(project.folder, "elsewhere"), join(temp, "orbform-plan"));
    const { code, said } = run(PLAN, "plan", PULL, OTHERS);
    expect([code, said]).toEqual([1, expect.stringContaining("is there already")]);
  });
});

describe("the workflow of a new project", { tags: ["slow"] }, () => {
  const review: Workflow = parse(PROJECT_FILES[".github/workflows/orbform.yml"] ?? "");

  it("fails for a stack that is broken, and shows that and the plans of all others", () => {
    checkOut(stack('web: machine({ image: "alpine" })'));
    cpSync(join(project.project, "stacks"), join(project.folder, "stacks"), { recursive: true });
    writeFileSync(join(project.folder, "stacks/a-broken.ts"), stack('web: machine({ image: "alpine", cpus: -2 })'));
    const ran = run(review, "review", {});
    expect(ran, ran.said).toMatchObject({ code: 1 });
    const summary = found("summary")
      .split("\n")
      .filter((line) => /^#|\*\*/.test(line));
    expect(summary).toEqual([
      "## stacks/a-broken.ts",
      "## Orbform: plan of `a-broken`",
      "**Nothing could be planned: 1 error.**",
      "## stacks/dev.ts",
      "## Orbform: plan of `dev`",
      "**Plan: 1 to add, 0 to change, 0 to destroy.**",
    ]);
  });
});

describe("a merge", { tags: ["slow"] }, () => {
  const APPLY = ".github/workflows/orbform-apply.yml";
  const GIVEN = { "inputs.stack": "dev", "inputs.folder": "project" };

  function merged(): void {
    const name = `orbform-plan-dev-${HEAD}`;
    const folder = join(project.folder, "artifact");
    cpSync(join(temp, "orbform-plan"), folder, { recursive: true });
    github({
      comments: world().comments,
      pulls: [{ number: 12, head: HEAD }],
      artifacts: { [name]: { run: "55", folder } },
    });
    spawnSync("rm", ["-rf", join(temp, "orbform"), join(temp, "orbform-apply")]);
  }

  it("applies what was reviewed in another checkout, and says so under the pull request", () => {
    writeFileSync(join(project.project, "logo"), Buffer.from([0, 255, 254]));
    const logo = 'logo: file({ on: web, path: "/srv/logo", source: "logo" })';
    const text = stack(`web, ${logo}`).replace("\n", '\nconst web = machine({ image: "alpine" });\n');
    planned(text.replace("machine }", "file, machine }"));
    merged();
    const ran = run(APPLY, "apply", GIVEN);
    expect(ran, ran.said).toMatchObject({ code: 0 });
    expect(project.state("dev")?.resources).toHaveProperty(["file.logo"]);
    expect(ran.context["steps.apply.outputs.pull"]).toBe("12");
    expect(
      world()
        .calls.find(([word]) => word === "run")
        ?.slice(0, 6),
    ).toEqual(["run", "download", "55", "--repo", "o/r", "--name"]);
    const [plan, apply, ...more] = world().comments.map(({ body }) => body);
    expect([plan, more]).toEqual([found("orbform-plan/plan.md"), []]);
    expect(apply?.split("\n")[0]).toBe("<!-- orbform:stack=dev apply -->");
    expect(apply).toContain("## Orbform apply of `dev`");
    const again = run(APPLY, "apply", GIVEN);
    expect([again.code, world().comments.length]).toEqual([5, 2]);
    expect(world().comments[0]?.body).toBe(plan);
    expect(world().comments[1]?.body).toContain("ORB_PLAN_STALE");
  });

  it("whose plan is another by now applies nothing, exits with 5 and says what to do", () => {
    planned(stack('web: machine({ image: "alpine" })'));
    merged();
    project.stack("dev", stack('web: machine({ image: "alpine" }), more: machine({ image: "alpine" })'));
    const { code, said } = run(APPLY, "apply", GIVEN);
    expect(code).toBe(5);
    expect(said).toContain("is not what was reviewed");
    expect(project.state("dev")).toBeUndefined();
    const { orbform }: { readonly orbform: { readonly digest: string } } = JSON.parse(
      found("orbform-apply/apply.json"),
    );
    const { digest } = orbform;
    spawnSync("rm", ["-rf", join(temp, "orbform")]);
    const again = run(APPLY, "apply", { ...GIVEN, "inputs.expect": digest });
    expect(again, again.said).toMatchObject({ code: 0 });
    expect(Object.keys(project.state("dev")?.resources ?? {})).toEqual(["machine.more", "machine.web"]);
  });

  it.each([
    ["of no pull request", { pulls: [] }, "is no merge of a pull request"],
    [
      "that another pull request's merge has in it",
      { pulls: [{ number: 12, head: HEAD, merge: "def" }] },
      "is no merge of a pull request",
    ],
    ["without a plan", { pulls: [{ number: 12, head: HEAD }] }, "has no plan of its last commit"],
    [
      "with a number that is none",
      { pulls: [{ number: "12; touch owned", head: HEAD }] },
      "is no merge of a pull request",
    ],
  ])("%s applies nothing", (_, more, why) => {
    checkOut(stack('web: machine({ image: "alpine" })'));
    github(more);
    const { code, said } = run(APPLY, "apply", GIVEN);
    expect([code, said]).toEqual([1, expect.stringContaining(why)]);
    expect(project.state("dev")).toBeUndefined();
  });

  it("with something else than a digest in its plan applies nothing", () => {
    planned(stack('web: machine({ image: "alpine" })'));
    writeFileSync(join(temp, "orbform-plan/digest"), "--recreate-all\n");
    merged();
    const { code, said } = run(APPLY, "apply", GIVEN);
    expect([code, said]).toEqual([1, expect.stringContaining("no digest of a reviewed plan")]);
  });

  it("whose last plan was denied applies nothing, though it has a digest", () => {
    planned(stack('web: machine({ image: "alpine" })'));
    writeFileSync(join(temp, "orbform-plan/exit-code"), "3\n");
    merged();
    const { code, said } = run(APPLY, "apply", GIVEN);
    expect([code, said]).toEqual([1, expect.stringContaining("could not be made, or was denied")]);
  });

  it("has a stack that sees no token", () => {
    const seen = 'output: ["GH_TOKEN", "GITHUB_TOKEN", "ORB_CI_TOKEN"].filter((each) => each in process.env).join(" ")';
    const text = stack('web: machine({ image: "alpine" })').replace("resources:", `outputs: { ${seen} }, resources:`);
    planned(text);
    merged();
    const { code, said } = run(APPLY, "apply", GIVEN);
    expect([code, said]).toEqual([0, expect.stringMatching(/output += ""/)]);
  });
});

describe("a schedule", { tags: ["slow"] }, () => {
  const DRIFT = ".github/workflows/orbform-drift.yml";
  const look = (given: Context = {}) => {
    spawnSync("rm", ["-rf", join(temp, "orbform"), join(temp, "orbform-drift")]);
    return run(DRIFT, "drift", { "inputs.stack": "dev", "inputs.folder": "project", ...given });
  };

  it("keeps one issue about drift: opened, rewritten, and closed when there is none any more", async () => {
    checkOut(stack('web: machine({ image: "alpine" })'));
    expect((await project.orb(["apply", "--yes"])).code).toBe(0);
    expect(look()).toMatchObject({ code: 0 });
    expect(world().issues).toEqual([]);
    await project.outside("stop", "web");
    expect(look()).toMatchObject({ code: 0 });
    expect(look({ "inputs.sarif": "true", "inputs.fail": "true" })).toMatchObject({ code: 2 });
    expect(world().issues).toMatchObject([{ number: 7, state: "open", title: "Drift: dev" }]);
    expect(world().issues[0]?.body).toContain("machine.web");
    expect(world().sarif).toMatch(/^[A-Za-z0-9+/=]+$/);
    await project.outside("start", "web");
    expect(look()).toMatchObject({ code: 0 });
    expect(world().issues.map(({ state }) => state)).toEqual(["closed"]);
  });

  it("tells environments apart in its issues, and leaves alone what somebody else opened", async () => {
    const body = "<!-- orbform:stack=dev env=prod -->\nMine.";
    const theirs = { number: 1, login: "mallory", state: "open", title: "Drift", body };
    const pull = { ...theirs, number: 2, login: "github-actions[bot]", pull: true };
    github({ issues: [theirs, pull] });
    checkOut(stack('web: machine({ image: "alpine" })'));
    expect((await project.orb(["apply", "--yes", "--env", "prod"])).code).toBe(0);
    await project.outside("stop", "web");
    expect(look({ "inputs.env": "prod" })).toMatchObject({ code: 0 });
    await project.outside("start", "web");
    expect(look({ "inputs.env": "prod" })).toMatchObject({ code: 0 });
    const [first, second, ours] = world().issues;
    expect([first, second]).toEqual([theirs, pull]);
    expect(ours).toMatchObject({ title: "Drift: dev (prod)", state: "closed", login: "github-actions[bot]" });
  });
});

describe("the composite actions", { tags: ["slow"] }, () => {
  const act = (name: string, given: Context) => {
    const ran = run(`actions/${name}/action.yml`, "", { "inputs.stack": "dev", "inputs.folder": "pull", ...given });
    expect(ran, ran.said).toMatchObject({ code: 0 });
    return (output: string) => ran.context[`steps.${name}.outputs.${output}`] ?? "";
  };

  it("plan two environments in one job, comment, apply what was reviewed and look for drift", async () => {
    checkOut(stack('web: machine({ image: "alpine" })'));
    const first = act("plan", { "inputs.commit": HEAD, "inputs.root": "pull" });
    const second = act("plan", { "inputs.env": "prod" });
    expect([first("out"), second("out")]).toEqual(
      ["dev", "dev.prod"].map((each) => join(temp, `orbform-plan-${each}`)),
    );
    expect(found("orbform-plan-dev/plan.md")).toContain(`- Commit: \`${HEAD}\``);
    expect(found("orbform-plan-dev/plan.json")).not.toContain("pull/");
    expect(second("digest")).toBe(found("orbform-plan-dev.prod/digest").trim());
    act("comment", { "inputs.report": join(second("out"), "plan.md"), "inputs.pull": "12", "inputs.token": "t" });
    expect(world().comments.map(({ body }) => body.split("\n")[0])).toEqual(["<!-- orbform:stack=dev env=prod -->"]);
    const artifacts = { [`orbform-plan-dev.prod-${HEAD}`]: { run: "55", folder: second("out") } };
    github({ comments: world().comments, pulls: [{ number: 12, head: HEAD }], artifacts });
    expect(act("apply", { "inputs.env": "prod" })("pull")).toBe("12");
    expect(found("orbform-apply-dev.prod/apply.md")).toContain("Apply complete!");
    expect(act("drift", { "inputs.env": "prod" })("exit-code")).toBe("0");
    await project.outside("stop", "web");
    expect(act("drift", { "inputs.env": "prod", "inputs.root": "pull" })("exit-code")).toBe("2");
    expect(found("orbform-drift-dev.prod/drift.sarif")).toContain('"uri": "stacks/dev.ts"');
  });
});
