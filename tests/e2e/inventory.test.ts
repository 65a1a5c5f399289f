import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

const STACK = `
import { defineStack, machine } from "orbform";
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, name: "web-1", power: "stopped", labels: { team: "web" } });
export default defineStack({ resources: { base, web } });
`;

describe("orb inventory", { tags: ["slow"] }, () => {
  const project = new TestProject();
  afterAll(() => project.remove());
  beforeAll(() => project.stack("dev", STACK));

  const hosts = async (...args: readonly string[]) => {
    const ran = await project.orb(["inventory", ...args, "--json"]);
    expect(ran.code).toBe(0);
    return JSON.parse(ran.stdout).hosts.map(({ name }: { name: string }) => name);
  };

  it("lists all machines before anything was applied, and says why", async () => {
    await project.outside("create", "alpine", "stranger");
    const ran = await project.orb(["inventory", "dev"]);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^stranger ansible_host=127\.0\.0\.1 /);
    expect(ran.stderr).toContain("there is no state yet");
  });

  it("lists the stack's machines by the names they have now, and all with --all", async () => {
    expect((await project.orb(["apply", "dev", "--yes"])).code).toBe(0);
    await project.outside("rename", "web-1", "www-1");
    expect(await hosts("dev")).toEqual(["base", "www-1"]);
    expect(await hosts("dev", "--all")).toEqual(["base", "stranger", "www-1"]);
    const { ansible_user: user } = JSON.parse((await project.orb(["inventory", "--host", "www-1"])).stdout);
    expect(user).toMatch(/^\w+@www-1$/);
  });

  it("asks orbctl four times, starts nothing and writes nothing, however many machines there are", async () => {
    const before = [await project.machines(), project.state("dev")];
    project.takeCalls();
    expect((await project.orb(["inventory", "--all", "--list"])).code).toBe(0);
    expect(project.takeCalls().toSorted()).toEqual(["config show", "list -f json", "ssh", "status"]);
    expect([await project.machines(), project.state("dev")]).toEqual(before);
  });

  it("leaves out a machine that is gone, and says so", async () => {
    await project.outside("delete", "--force", "www-1");
    const ran = await project.orb(["inventory", "--format", "ssh-config"]);
    expect(ran.stdout).not.toContain("www-1");
    expect(ran.stderr).toContain('machine.web (machine "web-1") is in the state but not in OrbStack');
  });

  it("refuses a host that is none, two forms at once, and several stacks of which none is named", async () => {
    expect(await project.orb(["inventory", "--host", "nobody"])).toMatchObject({ code: 1, stdout: "" });
    expect((await project.orb(["inventory", "--list", "--format", "pyinfra"])).code).toBe(1);
    project.stack("two", STACK);
    expect((await project.orb(["inventory"])).stderr).toContain("ORB_STACK_AMBIGUOUS");
    expect(await hosts("--all")).toContain("stranger");
  });
});
