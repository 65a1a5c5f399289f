import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietProject, type QuietProject } from "../support/quiet-project.ts";
import { startCounts, type StartCounts } from "../support/start-counts.ts";

const MACHINES = 20;

let project: QuietProject;
let plan: StartCounts;
beforeAll(async () => {
  project = await quietProject(MACHINES);
  // The first one asks for orbctl's version and remembers it.
  startCounts(project, "plan", "many");
  plan = startCounts(project, "plan", "many");
});
afterAll(() => project.remove());

function bytesOf({ files }: StartCounts): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

// Time to start is kept by what is loaded and done: counts are the same on a busy computer. The bounds lie a tenth above
// what was counted when they were set; raise them with a reason only.
describe("starting", { tags: ["slow"] }, () => {
  it("loads two small files for --version", () => {
    const version = startCounts(project, "--version");
    expect(version.files.map(({ name }) => name)).toEqual(["orbform.js", "start.js"]);
    expect(bytesOf(version)).toBeLessThan(2_400);
    expect(version.builtins.length).toBeLessThanOrEqual(28);
    expect([version.processes, version.opened.length]).toEqual([0, 1]);
  });

  it("loads few files for a plan, and of them nothing that only an apply or an error needs", () => {
    const names = plan.files.map(({ name }) => name);
    expect(names).toContain("many.ts");
    for (const late of [
      "schema",
      "execute",
      "execa",
      "immer",
      "patch",
      "log-update",
      "observe-inside",
      "log",
      "timed",
      "watched-exec",
      "read-policies",
      "judge-plan",
      "policy-telling",
      "policies",
    ])
      expect(names).not.toContain(late);
    // One file holds all of ours; two small ones lead to it, one each brings the bundler's words and the library.
    expect(names.length).toBeLessThanOrEqual(7);
    // What lies inside machines is read and planned like all else (a tenth of it); what looks there is loaded late.
    expect(bytesOf(plan)).toBeLessThan(430_000);
  });

  it("loads none of Node's modules for a plan that it doesn't use", () => {
    for (const late of ["crypto", "util", "readline", "zlib", "worker_threads"])
      expect(plan.builtins).not.toContain(late);
    expect(plan.builtins.length).toBeLessThanOrEqual(47);
  });

  it("begins four processes for a plan", () => {
    expect(plan.processes).toBe(4);
  });

  it("opens each machine's claim for a plan, and five files beside", () => {
    const claims = plan.opened.filter((path) => path.includes("/claims/"));
    expect(claims.length).toBe(MACHINES);
    expect(plan.opened.length - claims.length).toBeLessThanOrEqual(5);
  });

  it("writes nothing for a plan", () => {
    const before = contentsOf(project.folder);
    startCounts(project, "plan", "many");
    expect(contentsOf(project.folder)).toEqual(before);
  });

  it("loads the same for a plan of more machines", async () => {
    const other = await quietProject(2);
    try {
      startCounts(other, "plan", "many");
      const few = startCounts(other, "plan", "many");
      expect(few.files.map(({ name }) => name)).toEqual(plan.files.map(({ name }) => name));
      expect([few.builtins, few.processes]).toEqual([plan.builtins, plan.processes]);
    } finally {
      other.remove();
    }
  });
});

/** Every file below the folders of stacks, state and home, with what is in it. */
function contentsOf(folder: string): ReadonlyMap<string, string> {
  const folders = ["stacks", "state", "home"].map((each) => join(folder, each));
  const entries = folders.flatMap((each) => readdirSync(each, { recursive: true, withFileTypes: true }));
  const files = entries.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(files.map((path) => [path, readFileSync(path, "utf8")]));
}
