import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";
import { validator } from "../support/schema-validator.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped", labels: { keep: "yes" } });
const api = machine({ clone: web, memory: "1G" });
export default defineStack({ resources: { web, api } });
`;

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.stack("dev", STACK);
});
afterEach(() => project.remove());

function config(policies: string, head = ""): void {
  const imports = 'import { defineConfig, definePolicy } from "orbform";\nimport * as ready from "orbform/policies";\n';
  const text = `${imports}${head}\nexport default defineConfig({ policies: [${policies}] });\n`;
  writeFileSync(join(project.project, "orb.config.ts"), text);
}

interface Line {
  readonly type: string;
  readonly policy?: { readonly name: string; readonly severity: string };
  readonly changes?: { readonly policy?: unknown };
  readonly diagnostic?: { readonly code: string };
}

const linesOf = ({ stdout }: Ran): readonly Line[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));

it("exits 3 where a policy denies, and touches nothing, whoever approves", async () => {
  config('ready.imageAllowList(["debian"])');
  const planned = await project.orb(["plan", "dev", "--detailed-exitcode"]);
  expect(planned.code, planned.stderr).toBe(3);
  expect(planned.stdout).toContain("Plan: 2 to add");
  expect(planned.stdout).toContain("Policies: 1 checked, 2 denials, 0 warnings.");
  expect(planned.stdout).toContain("Denied: image-allow-list machine.web (stacks/dev.ts line 3)");
  const applied = await project.orb(["apply", "dev", "--yes"]);
  expect(applied.code, applied.stderr).toBe(3);
  expect(applied.stderr).toContain("ORB_POLICY_DENIED");
  expect(applied.stderr).toContain("- image-allow-list, machine.api: The image alpine is not on the list.");
  expect(await project.machines()).toEqual([]);
  expect(project.state("dev")).toBeUndefined();
});

it("tells a denial in lines, and in the whole plan", async () => {
  config('ready.atMostMachines(1), ready.limitsRequired(["memory"], { severity: "warn" })');
  const planned = await project.orb(["plan", "dev", "--json"]);
  expect(planned.code, planned.stdout).toBe(3);
  const lines = linesOf(planned);
  expect(
    lines.flatMap((line) => (line.type === "policy" ? `${line.policy?.severity} ${line.policy?.name}` : [])),
  ).toEqual(["deny at-most-machines", "warn limits-required"]);
  expect(lines.at(-1)?.changes?.policy).toEqual({ checked: 2, denied: 1, warned: 1 });
  const applied = await project.orb(["apply", "dev", "--yes", "--json"]);
  expect(applied.code).toBe(3);
  expect(linesOf(applied).flatMap((line) => line.diagnostic?.code ?? [])).toEqual(["ORB_POLICY_DENIED"]);
  expect(linesOf(applied).at(-1)?.changes?.policy).toEqual({ checked: 2, denied: 1, warned: 1 });
  const whole = await project.orb(["plan", "dev", "--format", "json"]);
  expect(whole.code).toBe(3);
  expect(JSON.parse(whole.stdout).orbform.policy.checked).toEqual(["at-most-machines", "limits-required"]);
});

it("applies what a policy only warns of, and says so", async () => {
  config('ready.isolationRequired({ severity: "warn" })');
  const ran = await project.orb(["apply", "dev", "--yes"]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain("Policies: 1 checked, 0 denials, 2 warnings.");
  expect((await project.machines()).map((each) => each.name)).toEqual(["api", "web"]);
});

it("keeps labelled machines from being destroyed, and lets others go", async () => {
  config('ready.noDeletesOf({ label: "keep" })');
  expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
  expect(await project.orb(["destroy", "dev", "--yes"])).toMatchObject({ code: 3 });
  // The label is taken away and the image changed in one go: the machine has it still.
  project.stack("dev", STACK.replace('"alpine"', '"debian"').replace(', labels: { keep: "yes" }', ""));
  expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 3 });
  expect((await project.machines()).map((each) => each.name)).toEqual(["api", "web"]);
  project.stack("dev", STACK);
  expect(await project.orb(["destroy", "dev", "--target", "machine.api", "--yes"])).toMatchObject({ code: 0 });
});

it("refuses a kept plan that was denied when it was made, whatever the policies are by now", async () => {
  config("ready.atMostMachines(1)");
  const kept = await project.orb(["plan", "dev", "--out", "plan.json"]);
  expect([kept.code, kept.stderr.includes("orb apply plan.json")]).toEqual([3, false]);
  config("");
  const ran = await project.orb(["apply", "plan.json"]);
  expect(ran.code, ran.stderr).toBe(3);
  expect(ran.stderr).toContain("- at-most-machines: The stack has 2 machines");
  expect(await project.machines()).toEqual([]);
  config('ready.limitsRequired(["cpus"], { severity: "warn" })');
  expect(await project.orb(["plan", "dev", "--out", "plan.json"])).toMatchObject({ code: 0 });
  const applied = await project.orb(["apply", "plan.json"]);
  expect(applied.code, applied.stderr).toBe(0);
  expect(applied.stdout).toContain("Policies: 1 checked, 0 denials, 2 warnings.");
});

it("keeps a plan that a policy could not judge, as one that can't be applied", async () => {
  config('definePolicy({ name: "mine", plan: () => { throw new Error("no"); } })');
  expect(await project.orb(["plan", "dev", "--out", "plan.json"])).toMatchObject({ code: 1 });
  const ran = await project.orb(["apply", "plan.json"]);
  expect([ran.code, ran.stderr.includes("ORB_POLICY_FAILED")]).toEqual([1, true]);
  const whole = await project.orb(["show", "plan.json", "--format", "json"]);
  const { checks, orbform } = JSON.parse(whole.stdout);
  expect(validator("plan")(JSON.parse(whole.stdout))).toEqual([]);
  const why = expect.stringContaining("The policy mine, asked about the plan, threw no.");
  expect(checks).toMatchObject([
    { address: { name: "mine" }, status: "error", instances: [{ problems: [{ message: why }] }] },
  ]);
  expect(orbform.policy).toEqual({ checked: [], findings: [], failed: [{ policy: "mine", message: why }] });
});

it("says nothing of drift: policies judge what is to be changed", async () => {
  expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
  config("ready.atMostMachines(0)");
  const drift = await project.orb(["drift", "dev"]);
  expect([drift.code, drift.stdout.includes("Policies")]).toEqual([0, false]);
  expect(await project.orb(["plan", "dev"])).toMatchObject({ code: 3 });
});

it.each([
  ["throws", "() => { throw new TypeError('no such thing'); }", "threw TypeError: no such thing"],
  ["is asynchronous", "async () => {}", "is asynchronous"],
  ["returns rubbish", "() => ['web is bad']", "returned an array"],
  ["says nothing readable", "(machine, { deny }) => deny(3)", "gave a message that is no text"],
])("refuses a plan whose policy %s, naming its place and no stack trace", async (...[, code, says]) => {
  config(`definePolicy({ name: "mine", machine: ${code} })`);
  const planned = await project.orb(["plan", "dev"]);
  expect(planned.code, planned.stderr).toBe(1);
  expect(planned.stderr).toContain("ORB_POLICY_FAILED");
  expect(planned.stderr).toContain("on orb.config.ts line 4");
  expect(planned.stderr).toContain("The policy mine, asked about machine.api, ");
  expect(planned.stderr).toContain(says);
  expect(planned.stderr).not.toMatch(/^\s+at /m);
  expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 1 });
  expect(await project.machines()).toEqual([]);
});

it("refuses a plan whose policy ends the process, without the name of a class", async () => {
  config('definePolicy({ name: "mine", plan: () => process.exit(0) })');
  const { code, stderr } = await project.orb(["plan", "dev"]);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain("The policy mine, asked about the plan, failed: it called process.exit, which");
});

it("says at its end that a policy answered too late to be heard, as far as it comes to know", async () => {
  config(`definePolicy({ name: "mine", plan: (_, { deny }) => void setTimeout(() => deny("late"), 0) })`);
  const { code, stderr } = await project.orb(["apply", "dev", "--yes"]);
  expect([code, (await project.machines()).length], stderr).toEqual([1, 2]);
  expect(stderr).toContain("A policy answered too late");
  expect(stderr).toContain("The policy mine said something after it had returned.");
  expect(stderr).not.toMatch(/^\s+at /m);
});

it("takes policies from a package, which has a copy of Orbform of its own", async () => {
  const folder = join(project.project, "node_modules/@acme/rules");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "@acme/rules", type: "module", exports: "./index.js", version: "1.0.0" }),
  );
  const copy = join(import.meta.dirname, "../../dist/lib/index.js");
  writeFileSync(
    join(folder, "index.js"),
    `import { definePolicy } from ${JSON.stringify(copy)};
     import { atMostMachines } from "orbform/policies";
     export default [
       definePolicy({ name: "acme/no-alpine", machine: ({ image }, { deny }) => { if (image === "alpine") deny("No alpine."); } }),
       atMostMachines(10),
     ];`,
  );
  config("...acme", 'import acme from "@acme/rules";');
  const ran = await project.orb(["plan", "dev"]);
  expect(ran.code, ran.stderr).toBe(3);
  expect(ran.stdout).toContain("Denied: acme/no-alpine machine.web");
  expect(ran.stdout).toContain("Policies: 2 checked, 2 denials");
});

it.each([
  ["two of one name", "ready.atMostMachines(1), ready.atMostMachines(2)", "another policy named"],
  [
    "something else",
    "() => true",
    "policies[0] of the configuration must be what definePolicy gives, but is a function",
  ],
  ["options that are none", 'ready.limitsRequired(["ram"])', "it takes a list of cpus, memory, disk"],
  ["a property nobody knows", 'definePolicy({ name: "x", machines: () => {} })', 'Did you mean "machine"?'],
  ["no function", 'definePolicy({ name: "x" })', "would never be asked"],
])("refuses %s in its configuration", async (...[, policies, says]) => {
  config(policies);
  const ran = await project.orb(["validate", "dev"]);
  expect(ran.code, ran.stdout).toBe(1);
  expect(ran.stderr + ran.stdout).toContain("ORB_POLICY_INVALID");
  expect(ran.stderr + ran.stdout).toContain(says);
});

it("holds a stack to policies of its own besides", async () => {
  const own = STACK.replace("resources: { web, api }", "resources: { web, api }, policies: [atMostMachines(1)]");
  project.stack("dev", `import { atMostMachines } from "orbform/policies";\n${own}`);
  const ran = await project.orb(["plan", "dev"]);
  expect(ran.code, ran.stderr).toBe(3);
  config('ready.imageAllowList(["alpine"])');
  expect((await project.orb(["plan", "dev"])).stdout).toContain("Policies: 2 checked, 1 denial, 0 warnings.");
});
