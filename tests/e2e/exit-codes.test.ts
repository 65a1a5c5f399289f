import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped" });
const api = machine({ clone: web });
export default defineStack({ resources: { web, api } });
`;

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.stack("dev", STACK);
});
afterEach(() => project.remove());

interface Line {
  readonly type: string;
  readonly orbform?: string;
  readonly changes?: { readonly operation: string; readonly errored?: boolean; readonly failed?: number };
  readonly diagnostic?: { readonly code: string };
}

/** The lines of `--json`: each is an object, the first names the version, the last is the only summary. */
function linesOf({ stdout }: Ran): readonly Line[] {
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));
  expect(lines[0]).toMatchObject({ type: "version", ui: "1.2", "@level": "info", "@module": "orbform.ui" });
  expect(typeof lines[0]?.orbform).toBe("string");
  expect(lines.filter((line) => line.type === "change_summary")).toEqual([lines.at(-1)]);
  return lines;
}

const codesOf = (lines: readonly Line[]) => lines.flatMap((line) => line.diagnostic?.code ?? []);

it("tells changes, an apply and its end as JSON lines, and exits 0, 2 and 0", async () => {
  const planned = await project.orb(["plan", "dev", "--json", "--detailed-exitcode"]);
  expect([planned.code, planned.stderr]).toEqual([2, ""]);
  expect(linesOf(planned).at(-1)?.changes).toMatchObject({ add: 2, change: 0, remove: 0, operation: "plan" });
  const applied = await project.orb(["apply", "dev", "--yes", "--json"]);
  expect([applied.code, applied.stderr]).toEqual([0, ""]);
  expect(linesOf(applied).at(-1)?.changes).toMatchObject({
    add: 2,
    operation: "apply",
    failed: 0,
    skipped: 0,
    unknown: 0,
  });
  expect(await project.orb(["plan", "dev", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  expect(await project.orb(["drift", "dev"])).toMatchObject({ code: 0 });
  await project.outside("rename", "web", "other");
  const drifted = await project.orb(["drift", "dev", "--json"]);
  expect(drifted.code).toBe(2);
  expect(linesOf(drifted).map((line) => line.type)).toContain("resource_drift");
});

it("ends the lines with a summary where an action failed, and exits 1", async () => {
  const env = { ORBCTL_SIM_FAULTS: "create-crash" };
  const ran = await project.orb(["apply", "dev", "--yes", "--json"], env);
  expect(ran.code, ran.stdout).toBe(1);
  const last = linesOf(ran).at(-1)?.changes;
  expect(last).toMatchObject({ operation: "apply", partial: true });
});

it.each([
  ["a flag that does not exist", ["plan", "dev", "--json", "--nonsense"], "ORB_USAGE"],
  ["a stack that does not exist", ["plan", "nope", "--json"], "ORB_STACK_NOT_FOUND"],
  ["nobody to ask", ["apply", "dev", "--json"], "ORB_NOT_APPROVED"],
  ["a taken name", ["apply", "dev", "--json", "--yes"], "ORB_NAME_TAKEN"],
  ["a taken name, planning", ["plan", "dev", "--json"], "ORB_NAME_TAKEN"],
])("ends the lines with a summary on %s, and exits 1", async (...[what, args, code]) => {
  if (what.startsWith("a taken name")) await project.outside("create", "alpine", "web");
  const ran = await project.orb(args);
  expect([ran.code, ran.stderr]).toEqual([1, ""]);
  const lines = linesOf(ran);
  expect(codesOf(lines)).toEqual([code]);
  expect(lines.at(-1)?.changes).toMatchObject({ operation: args[0], errored: true });
});

it("names --yes where nobody can be asked", async () => {
  const ran = await project.orb(["apply", "dev"]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("--yes");
  expect(await project.machines()).toEqual([]);
});

it("exits 4 where another apply holds the lock, naming the holder", async () => {
  const first = project.startOrb(["apply", "dev", "--yes"], { ORBCTL_SIM_LATENCY: "0.2" });
  await project.until(() => project.takeCalls().some((call) => call.startsWith("create")));
  const second = await project.orb(["apply", "dev", "--yes", "--json"]);
  expect(second.code, second.stdout).toBe(4);
  const lines = linesOf(second);
  expect(codesOf(lines)).toEqual(["ORB_STATE_LOCKED"]);
  expect(JSON.stringify(lines)).toContain("orb state unlock");
  expect((await project.orb(["plan", "dev"])).stderr).toContain("apply");
  expect(await first.ended).toMatchObject({ code: 0 });
});

it("exits 5 where the plan is not the approved one", async () => {
  const ran = await project.orb(["apply", "dev", "--yes", "--json", "--expect", "another"]);
  expect(ran.code).toBe(5);
  expect(codesOf(linesOf(ran))).toEqual(["ORB_PLAN_STALE"]);
  expect(await project.machines()).toEqual([]);
  const { digest } = JSON.parse((await project.orb(["plan", "dev", "--format", "json"])).stdout).orbform;
  expect(await project.orb(["apply", "dev", "--yes", "--expect", digest])).toMatchObject({ code: 0 });
});

it("exits 70 on a bug of ours, and asks for a report", async () => {
  // Node's own function breaks, in our process only: nothing of ours expects that.
  const bug = join(project.folder, "bug.mjs");
  writeFileSync(
    bug,
    `import crypto from "node:crypto";
    import { syncBuiltinESMExports } from "node:module";
    if (process.argv[1].includes("orbform.js")) crypto.randomUUID = () => { throw new TypeError("broken"); };
    syncBuiltinESMExports();`,
  );
  const ran = await project.orb(["plan", "dev", "--json"], { NODE_OPTIONS: `--import ${bug}` });
  expect(ran.code, ran.stdout).toBe(70);
  expect(codesOf(linesOf(ran))).toEqual(["ORB_BUG"]);
  expect(ran.stdout).toContain("Please report this");
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 143],
] as const)("waits for what is under way after %s, and exits %d with a summary", async (signal, code) => {
  const run = project.startOrb(["apply", "dev", "--yes", "--json"], { ORBCTL_SIM_LATENCY: "0.1" });
  await project.until(() => project.takeCalls().some((call) => call.startsWith("create")));
  run.kill(signal);
  const ran = await run.ended;
  expect(ran.code, ran.stdout).toBe(code);
  expect(linesOf(ran).at(-1)?.changes).toMatchObject({ operation: "apply", partial: true });
  expect((await project.machines()).map((each) => each.name)).toEqual(["web"]);
});
