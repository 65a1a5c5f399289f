import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { quietProject } from "../support/quiet-project.ts";

const ORBFORM = fileURLToPath(new URL("../../bin/orbform.js", import.meta.url));

describe("a plan of unchanged machines", { tags: ["slow"] }, () => {
  it.each([1, 100, 500])("asks orbctl at most four times for %i machines, five the first time", async (count) => {
    const project = await quietProject(count);
    try {
      const plan = (): string =>
        execFileSync(process.execPath, [ORBFORM, "plan", "many"], {
          cwd: project.folder,
          env: project.env,
          encoding: "utf8",
        });
      expect(plan()).toContain("No changes.");
      const always = ["config show", "default", "list -f json", "status"];
      expect(project.takeCalls().toSorted()).toEqual([...always, "version"]);
      expect(plan()).toContain("No changes.");
      const second = project.takeCalls();
      expect(second[0]).toBe("status");
      expect(second.toSorted()).toEqual(always);
    } finally {
      project.remove();
    }
  });
});
