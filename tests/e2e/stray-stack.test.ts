import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped" });
export default defineStack({ resources: { web } });
`;

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
});
afterEach(() => project.remove());

function expectStackFailed(ran: Ran, file: string): void {
  expect(ran, ran.stderr).toMatchObject({ code: 1, signal: null, stdout: "" });
  expect(ran.stderr).toContain("ORB_STACK_FAILED");
  expect(ran.stderr).toContain(`on ${file} line `);
  expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$|Warning: Detected unsettled/m);
}

describe("a stack that goes astray while it is loaded", { tags: ["slow"] }, () => {
  it.each([
    ["waits for what never comes", "await new Promise(() => {});"],
    ["ends the process", "process.exit(0);"],
    ["ends the process and hides it", "try { process.exit(0); } catch {}"],
    ["ends the process in its resources", STACK.replace("{ web }", "() => process.exit(0)")],
    ["waits for ever in its resources", STACK.replace("{ web }", "() => new Promise(() => {})")],
    ["leaves a rejection floating", `Promise.reject(new Error("no luck"));${STACK}`],
    ["throws from a callback", `setImmediate(() => { throw new Error("no luck"); });await new Promise(() => {});`],
  ])("%s", async (_, text) => {
    project.stack("dev", text);
    for (const args of [["validate"], ["plan"], ["apply", "--yes"]])
      expectStackFailed(await project.orb(args), "stacks/dev.ts");
    expect(project.state("dev")).toBeUndefined();
  });

  it("is told in JSON lines too", async () => {
    project.stack("dev", "await new Promise(() => {});");
    const { code, stdout, stderr } = await project.orb(["plan", "--json"]);
    expect([code, stderr]).toEqual([1, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(["version", "diagnostic", "change_summary"]);
  });

  it("may be the project's configuration", async () => {
    project.stack("dev", STACK);
    writeFileSync(join(project.project, "orb.config.ts"), "process.exit(0);");
    expectStackFailed(await project.orb(["plan"]), "orb.config.ts");
  });
});

it("does not end an apply by what its stack left behind, but tells it and exits 1", async () => {
  const late = 'setTimeout(() => Promise.reject(new Error("too late")), 60);setTimeout(() => process.exit(0), 90);';
  project.stack("dev", `${STACK}${late}`);
  const ran = await project.orb(["apply", "--yes"], { ORBCTL_SIM_LATENCY: "0.2" });
  expect(ran, ran.stderr).toMatchObject({ code: 1, signal: null });
  expect(ran.stdout).toContain("Apply complete! Resources: 1 added");
  expect(ran.stderr).toContain("too late");
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

it("tells what failed too late for the plan", async () => {
  project.stack("dev", `import { readFile } from "node:fs/promises";\nreadFile("/none");${STACK}`);
  const ran = await project.orb(["plan"]);
  expect(ran, ran.stderr).toMatchObject({ code: 1, signal: null });
  expect(ran.stderr).toMatch(/ORB_STACK_FAILED[\s\S]*stacks\/dev.ts[\s\S]*ENOENT/);
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

it("keeps what a stack prints out of the answer", async () => {
  const prints = 'console.log("from the stack");console.info("more");process.stdout.write("and more\\n");';
  project.stack("dev", `${prints}${STACK}`);
  for (const flag of ["--json", "--format=json"]) {
    const { code, stdout, stderr } = await project.orb(["plan", flag]);
    expect([code, stderr]).toEqual([0, "from the stack\nmore\nand more\n"]);
    for (const text of flag === "--json" ? stdout.trimEnd().split("\n") : [stdout]) JSON.parse(text);
  }
});
