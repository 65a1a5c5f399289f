import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietProject, type QuietProject } from "../support/quiet-project.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));
const COUNTER = new URL("../support/count-modules.mjs", import.meta.url).href;

let project: QuietProject;
beforeAll(async () => {
  project = await quietProject(20);
});
afterAll(() => project.remove());

interface Loaded {
  readonly names: readonly string[];
  readonly bytes: number;
}

/** The files a call of the built program loads, and the bytes in them. */
function loadedBy(...args: readonly string[]): Loaded {
  const file = join(project.folder, "modules.json");
  execFileSync(process.execPath, ["--import", COUNTER, ORBFORM, ...args], {
    cwd: project.folder,
    env: { ...project.env, ORBFORM_COUNT_MODULES: file },
    encoding: "utf8",
  });
  const files: [string, number][] = JSON.parse(readFileSync(file, "utf8"));
  return {
    names: files.map(([url]) => url.replace(/.*\//, "").replace(/-[\w-]{8}\.js$/, "")),
    bytes: files.reduce((sum, [, bytes]) => sum + bytes, 0),
  };
}

// Time to start is kept by what is loaded: counts are the same on a busy computer. Raise them with a reason only.
describe("starting", { tags: ["slow"] }, () => {
  it("loads two small files for --version", () => {
    const { names, bytes } = loadedBy("--version");
    expect(names).toEqual(["orbform.js", "start.js"]);
    expect(bytes).toBeLessThan(4_000);
  });

  it("loads few files for a plan, and of them nothing that only an apply or an error needs", () => {
    const { names, bytes } = loadedBy("plan", "many");
    expect(names).toContain("many.ts");
    for (const late of ["schema", "execute", "immer", "patch", "log-update"]) expect(names).not.toContain(late);
    expect(names.length).toBeLessThanOrEqual(18);
    expect(bytes).toBeLessThan(440_000);
  });

  it("loads the same for a plan of more machines", async () => {
    const few = loadedBy("plan", "many");
    const other = await quietProject(2);
    try {
      const before = project;
      project = other;
      expect(loadedBy("plan", "many").names).toEqual(few.names);
      project = before;
    } finally {
      other.remove();
    }
  });
});
