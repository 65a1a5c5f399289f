import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";
import { validator } from "../support/schema-validator.ts";

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;

const stack = (memory: string, more = "") => `
import { defineStack, file, machine } from "orbform";
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, memory: "${memory}" });
const db = machine({ image: "alpine" });
export default defineStack({ resources: { base, web, db, ${more} } });
`;

const secret = (content: string): string =>
  `key: file({ on: web, path: "/srv/key", content: "${content}", sensitive: true })`;

let project: TestProject;

beforeEach(() => {
  project = new TestProject();
});
afterEach(() => project.remove());

const here = (name: string): string => join(project.project, name);

/** The stack is applied, and a plan that gives `web` more memory is kept; its digest is given. */
async function reviewed(before = "", after = before): Promise<string> {
  project.stack("dev", stack("2G", before));
  expect(await project.orb(["apply", "--yes"])).toMatchObject({ code: 0 });
  project.stack("dev", stack("3G", after));
  const planned = await project.orb(["plan", "--out", "plan.json"]);
  expect(planned, planned.stderr).toMatchObject({ code: 0 });
  return /^Its digest: ([0-9a-f]{64})$/m.exec(planned.stderr)?.[1] ?? "";
}

/** What an apply of the kept plan is refused for, line by line; no call changed anything. */
async function refusal(): Promise<readonly string[]> {
  project.takeCalls();
  const state = JSON.stringify(project.state("dev"));
  const ran = await project.orb(["apply", "plan.json"]);
  expect(ran).toMatchObject({ code: 5, stdout: "" });
  expect(ran.stderr).toContain("ORB_PLAN_STALE");
  expect(JSON.stringify(project.state("dev"))).toBe(state);
  const changing = /^(?:create|clone|rename|delete|start|stop|restart|config set|default .)/;
  expect(project.takeCalls().filter((call) => changing.test(call))).toEqual([]);
  return ran.stderr.split("\n").flatMap((line) => /^ {2}- (.*)$/.exec(line)?.[1] ?? []);
}

describe("a plan file", { tags: ["slow"] }, () => {
  it("is applied exactly as it was reviewed, without a question, and once", async () => {
    const digest = await reviewed(secret("hush"), secret("whisper"));
    expect(statSync(here("plan.json")).mode & 0o777).toBe(0o600);
    expect(readFileSync(here("plan.json"), "utf8")).not.toMatch(/hush|whisper/);
    expect(validator("plan")(JSON.parse(readFileSync(here("plan.json"), "utf8")))).toEqual([]);
    const shown = await project.orb(["show", "plan.json"]);
    expect(shown.stdout).toContain('memory = "2G" -> "3G"');
    const applied = await project.orb(["apply", "plan.json", "--expect", digest]);
    expect(applied, applied.stderr).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain("Apply complete! Resources: 0 added, 2 changed, 0 destroyed.");
    expect(await project.orb(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
    expect((await project.orb(["apply", "plan.json"])).stderr).toContain("The plan was applied before");
  });

  it("is applied whatever else happened meanwhile", async () => {
    await reviewed();
    await project.outside("rename", "db", "elsewhere");
    await project.outside("create", "alpine", "somebodys");
    expect(await project.orb(["apply", "plan.json"])).toMatchObject({ code: 0 });
    const names = (await project.machines()).map(({ name }) => name).toSorted();
    expect(names).toEqual(["base", "elsewhere", "somebodys", "web"]);
  });

  it("is refused where the machine it touches was renamed, stopped, restarted or made anew, and says all of it", async () => {
    await reviewed();
    await project.outside("rename", "web", "www");
    await project.outside("config", "set", "machine.www.cpu", "1");
    const renamed = 'machine.web was renamed from "web" to "www"';
    expect(await refusal()).toEqual([renamed, "machine.web has another cpus: 0 then, 1 now"]);
    await project.outside("rename", "www", "web");
    await project.outside("config", "set", "machine.web.cpu", "0");
    await project.outside("stop", "web");
    expect(await refusal()).toEqual(["machine.web was running and is stopped"]);
    await project.outside("start", "web");
    expect(await refusal()).toEqual(["machine.web was restarted"]);
    await project.outside("delete", "-f", "web");
    await project.outside("create", "debian:bookworm", "web");
    const anew = 'machine.web was re-created outside: its machine "web" is gone, and another one has its name';
    expect(await refusal()).toEqual([anew]);
  });

  it("with one byte changed is refused before anything is looked at, and one with errors is never applied", async () => {
    await project.outside("create", "alpine", "db");
    project.stack("dev", stack("3G"));
    expect(await project.orb(["plan", "--out", "plan.json"])).toMatchObject({ code: 1 });
    const broken = await project.orb(["apply", "plan.json"]);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("ORB_NAME_TAKEN")]);
    const text = readFileSync(here("plan.json"), "utf8");
    writeFileSync(here("plan.json"), text.replace("3072", "4072"));
    project.takeCalls();
    const ran = await project.orb(["apply", "plan.json"]);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("it is not as Orbform wrote it");
    expect(project.takeCalls()).toEqual([]);
  });

  it("is said to be what can be made of it", async () => {
    const kept = async (out: string): Promise<string> => (await project.orb(["plan", "--out", out])).stderr;
    project.stack("dev", 'import { defineStack } from "orbform"; export default defineStack({ resources: {} });');
    expect(await kept("planned")).toContain("There is nothing to do in it.");
    project.stack("dev", stack("2G"));
    expect(await kept("planned")).toMatch(/run:\n {2}orb apply \.\/planned\n/);
    await project.outside("create", "alpine", "db");
    project.stack("dev", stack("3G"));
    expect(await kept("planned")).toContain("It can't be applied: it has errors.");
  });

  it("says itself what to do, and where; and is written over nothing but a plan", async () => {
    project.stack("dev", stack("2G"));
    expect(await project.orb(["plan", "--out", "plan.json"])).toMatchObject({ code: 0 });
    const said = async (...args: readonly string[]) => {
      const { code, stderr } = await project.orb(args);
      return [code, /\((ORB_\w+)\)/.exec(stderr)?.[1]];
    };
    expect(await said("apply", "plan.json", "--target", "machine.web")).toEqual([1, "ORB_USAGE"]);
    const { stderr } = await project.orb(["apply", "plan.json", "--target", "machine.web"]);
    expect(stderr).toContain("or make a new plan with it: orb plan --out plan.json --target machine.web");
    expect(await said("apply", "plan.json", "--env", "prod")).toEqual([1, "ORB_USAGE"]);
    expect(await said("apply", "plan.json", "--expect", "0".repeat(64))).toEqual([5, "ORB_PLAN_STALE"]);
    expect(await said("apply", "plan.json", "--expect", "")).toEqual([5, "ORB_PLAN_STALE"]);
    expect(await said("apply", "nowhere.json")).toEqual([1, "ORB_USAGE"]);
    writeFileSync(here("other.json"), "{}");
    expect(await said("apply", "other.json")).toEqual([1, "ORB_PLAN_UNREADABLE"]);
    expect(await said("plan", "--out", "stacks/dev.ts")).toEqual([1, "ORB_USAGE"]);
    expect(await said("plan", "--out", "package.json")).toEqual([1, "ORB_FILE_EXISTS"]);
    expect(await said("plan", "--out", "new.json", "--report", "./new.json")).toEqual([1, "ORB_USAGE"]);
    mkdirSync(here("folder"));
    for (const [out, why] of [
      ["folder", "it is a folder"],
      ["package.json/plan.json", "a part of the path is a file"],
    ] as const)
      // Before anything is planned: the stack is not even read.
      expect((await project.orb(["plan", "nowhere", "--out", out])).stderr).toContain(`could not be written: ${why}.`);
    // A file of a stack's name is no plan.
    writeFileSync(here("dev"), "anything");
    expect(await said("plan", "dev", "--out", "plan.json")).toEqual([0, undefined]);
    expect((await project.orb(["show", "dev"])).stdout).toContain("No state");
  });

  it("deletes no machine that it was to make: by now somebody may have repaired it", async () => {
    project.stack(
      "dev",
      `import { defineStack, machine } from "orbform";
      const web = machine({ image: "ubuntu", cloudInit: "#cloud-config\\npackages: [nginx]\\n" });
      export default defineStack({ resources: { web } });`,
    );
    await project.orb(["plan", "--out", "plan.json"]);
    await project.outside("sim", "fault", "set", "create-cloud-init=error");
    expect(await project.orb(["apply", "plan.json"])).toMatchObject({ code: 1 });
    const made = await project.machines();
    const ran = await project.orb(["apply", "plan.json"]);
    expect([ran.code, ran.stderr]).toEqual([5, expect.stringContaining("The plan was begun, and is stale")]);
    expect(ran.stderr).toContain("  - machine.web would have to be deleted, and was not to be\n");
    expect([made.length, await project.machines()]).toEqual([1, made]);
  });

  it("is of its own project, and says so in another", async () => {
    project.stack("dev", stack("2G"));
    await project.orb(["plan", "--out", "plan.json"]);
    const other = new TestProject();
    const ran = await other.orb(["apply", here("plan.json")]);
    other.remove();
    const why = `The plan is of "stacks/dev.ts", and ${other.project} has no such file. No machine was looked at.`;
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([1, "", expect.stringContaining(why)]);
  });

  it.each(["outcome:1", "go:2"])("finishes the job after a pulled plug at %s", async (point) => {
    project.stack("dev", stack("2G"));
    await project.orb(["plan", "--out", "plan.json"]);
    const mark = join(project.folder, "killed");
    const env = { NODE_OPTIONS: `--import=${KILL_AT}`, ORBFORM_TEST_KILL_AT: point, ORBFORM_TEST_KILL_MARK: mark };
    expect(await project.orb(["apply", "plan.json"], env)).toMatchObject({ signal: "SIGKILL" });
    expect(existsSync(mark)).toBe(true);
    const shown = await project.orb(["show", "dev"]);
    expect(shown.stdout).toMatch(/under way or unknown\)\nmachine "\w+" \{\n {4}id += \(not known yet\)\n/);
    expect(shown.stdout).toMatch(
      / image += \(not known yet\)\n {4}arch += \(not known yet\)\n {4}power += \(not known yet\)\n/,
    );
    const next = await project.orb(["apply", "plan.json"]);
    expect(next, next.stderr).toMatchObject({ code: 0 });
    expect((await project.machines()).map(({ name }) => name).toSorted()).toEqual(["base", "db", "web"]);
    expect(await project.orb(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  });
});
