import { afterEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

let project: TestProject;
afterEach(() => project.remove());

const stackOf = (count: number): string => `
import { defineStack, machine } from "orbform";
const base = machine({ image: "alpine", power: "stopped" });
const clones = Array.from({ length: ${count - 1} }, (_, n) => ["m" + n, machine({ clone: base, power: "stopped", cpus: 1 })]);
export default defineStack({ resources: { base, ...Object.fromEntries(clones) } });
`;

describe("a plan of unchanged machines", { tags: ["slow"] }, () => {
  it.each([1, 100, 500])("asks orbctl at most four times for %i machines, five the first time", async (count) => {
    project = new TestProject();
    project.stack("many", stackOf(count));
    const applied = await project.orb(["apply", "many", "--yes", "--driver", "simulator"], {
      // The world is filled by the simulator in one process; what is counted are the plans after it.
      ORBFORM_ORBCTL: "",
    });
    expect(applied).toMatchObject({ code: 0 });
    project.takeCalls();
    expect(await project.orb(["plan", "many"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("No changes."),
    });
    expect(project.takeCalls().length).toBeLessThanOrEqual(5);
    expect(await project.orb(["plan", "many"])).toMatchObject({ code: 0 });
    const calls = project.takeCalls();
    expect(calls.length).toBeLessThanOrEqual(4);
    expect(calls.length).toBeGreaterThan(0);
  });
});
