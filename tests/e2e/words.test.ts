import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const web = machine({ image: "alpine", power: "stopped" });
const api = machine({ image: "alpine", power: "stopped" });
export default defineStack({ resources: { web, api } });
`;

let project: TestProject;
beforeEach(() => {
  project = new TestProject();
  project.stack("dev", STACK);
});
afterEach(() => project.remove());

const idOf = async (name: string) => (await project.machines()).find((each) => each.name === name)?.id;

describe("what is said", { tags: ["slow"] }, () => {
  it("of a deletion names the machine that is deleted, not its successor", async () => {
    const first = STACK.replace('{ image: "alpine"', '{ image: "alpine", lifecycle: { createBeforeDestroy: true }');
    project.stack("dev", first);
    await project.orb(["apply", "--yes"]);
    const old = await idOf("web");
    project.stack("dev", first.replace('"alpine"', '"debian"'));
    const ran = await project.orb(["apply", "--yes", "--json"]);
    expect(ran.code, ran.stdout).toBe(0);
    const lines = ran.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const ended = lines.filter((line) => line.type === "apply_complete" && line.hook.orbform.does === "delete");
    expect(ended.map((line) => line.hook.id_value)).toEqual([old]);
    expect(ended[0]["@message"]).toContain(old);
  });

  it("of a part claims nothing of the whole", async () => {
    await project.orb(["apply", "--yes", "--target", "machine.web"]);
    for (const args of [["plan"], ["apply", "--yes"]]) {
      const ran = await project.orb([...args, "--target", "machine.web"]);
      expect(ran.code).toBe(0);
      expect(ran.stderr).toContain("Warning: Resource targeting is in effect (ORB_TARGETED)");
      expect(ran.stdout).toContain("No changes. Nothing is to be done for what was targeted.");
      expect(ran.stdout).not.toContain("Your infrastructure matches");
    }
    const { digest } = JSON.parse(
      (await project.orb(["plan", "--format=json", "--exclude", "machine.web"])).stdout,
    ).orbform;
    const approved = await project.orb(["apply", "--yes", "--exclude", "machine.web", "--expect", digest]);
    expect(approved, approved.stderr).toMatchObject({ code: 0 });
  });

  it("of an address that stands for a machine says how to let go of it", async () => {
    await project.orb(["apply", "--yes"]);
    await project.outside("create", "alpine", "other");
    const ran = await project.orb(["adopt", "machine.web", "other"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("machine.web stands for the machine web already");
    expect(ran.stderr).toContain("orb state rm machine.web");
  });

  it("of a prevented destroy points at the stack", async () => {
    project.stack("dev", STACK.replace('{ image: "alpine"', '{ image: "alpine", lifecycle: { preventDestroy: true }'));
    await project.orb(["apply", "--yes"]);
    const ran = await project.orb(["destroy", "--yes"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("on stacks/dev.ts line 3, in machine.web:");
    expect(ran.stderr).toContain("Take preventDestroy out of its lifecycle in the stack, then run: orb destroy");
    project.stack("dev", STACK);
    expect(await project.orb(["destroy", "--yes"])).toMatchObject({ code: 0 });
  });

  it("of machines that are all gone is what an apply will ask", async () => {
    await project.orb(["apply", "--yes"]);
    for (const name of ["web", "api"]) await project.outside("delete", "-f", name);
    const ran = await project.orb(["plan"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("Warning: Every recorded machine is gone (ORB_ALL_GONE)");
    expect(ran.stderr).toContain("--recreate-all");
  });

  it("of an environment without state names those that have one", async () => {
    await project.orb(["apply", "--yes", "--env", "staging"]);
    const ran = await project.orb(["destroy", "--yes", "--env", "stagin"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("The stack has state in: --env staging.");
    expect((await project.orb(["destroy", "--yes", "--env", "staging"])).stderr).not.toContain("No state");
  });

  it("of drift names the command that records it", async () => {
    await project.orb(["apply", "--yes"]);
    await project.outside("rename", "web", "other");
    expect((await project.orb(["drift", "dev"])).stdout).toContain("orb apply --refresh-only dev");
  });

  it("of a stack in a CommonJS package names the cause and the remedy", async () => {
    writeFileSync(join(project.project, "package.json"), '{ "type": "commonjs" }');
    const ran = await project.orb(["validate", "dev"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/Write "type": "module" in .*package\.json/);
  });

  it("of an import without its ending is how to write it", async () => {
    mkdirSync(join(project.project, "stacks/lib"));
    writeFileSync(join(project.project, "stacks/lib/x.ts"), "export const x = 1;");
    for (const wanted of ["./lib/x", "./lib/x.js"]) {
      project.stack("dev", `import { x } from "${wanted}";${STACK}`);
      expect((await project.orb(["validate"])).stderr).toContain('with its ending: "./lib/x.ts"');
    }
  });

  it("of a broken configuration calls it one", async () => {
    writeFileSync(join(project.project, "orb.config.ts"), "export default {");
    expect((await project.orb(["plan"])).stderr).toContain("Error: Config file has a syntax error");
  });
});
