import { afterAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

/** The stack of the README and the product page, without what lies inside machines. */
const DEV = `
import { defineStack, machine } from "orbform";
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, name: "web-1", cpus: 2, memory: "4G" });
export default defineStack({ name: "dev", resources: { base, web }, outputs: { address: web.ip4 } });
`;

describe("the product's stack, from nothing to nothing", { tags: ["slow"] }, () => {
  const project = new TestProject();
  afterAll(() => project.remove());

  const plan = () => project.orb(["plan", "dev", "--detailed-exitcode"]);
  const apply = async () => {
    const ran = await project.orb(["apply", "dev", "--yes"]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Error") });
    expect(await plan()).toMatchObject({ code: 0, stdout: expect.stringContaining("No changes.") });
    return ran;
  };
  const edit = (from: string, to: string, text = DEV): string => {
    expect(text).toContain(from);
    const edited = text.replace(from, to);
    project.stack("dev", edited);
    return edited;
  };
  const idOf = async (name: string) => (await project.machines()).find((each) => each.name === name)?.id;

  it("plans two machines to add", async () => {
    project.stack("dev", DEV);
    const ran = await plan();
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
    expect(ran.code).toBe(2);
    expect(await project.machines()).toEqual([]);
  });

  it("applies them, and plans empty", async () => {
    const ran = await apply();
    expect(ran.stdout).toContain("Apply complete! Resources: 2 added, 0 changed, 0 destroyed.");
    const machines = await project.machines();
    expect(machines.map(({ name, state }) => ({ name, state }))).toEqual([
      { name: "base", state: "stopped" },
      { name: "web-1", state: "running" },
    ]);
  });

  it("renames in place", async () => {
    const before = await idOf("web-1");
    edit('"web-1"', '"www-1"');
    const ran = await plan();
    expect(ran.stdout).toContain("~ rename");
    expect(ran.stdout).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    await apply();
    expect(await idOf("www-1")).toBe(before);
    expect(await idOf("web-1")).toBeUndefined();
  });

  it("swaps two names", async () => {
    const [base, web] = [await idOf("base"), await idOf("www-1")];
    edit('name: "web-1"', 'name: "base"', DEV.replace('power: "stopped" }', 'power: "stopped", name: "www-1" }'));
    await apply();
    expect([await idOf("www-1"), await idOf("base")]).toEqual([base, web]);
  });

  it("changes a limit on a running machine and restarts it", async () => {
    project.stack("dev", DEV);
    await apply();
    project.takeCalls();
    edit("cpus: 2", "cpus: 4");
    expect((await plan()).stdout).toContain("restart");
    await apply();
    const calls = project.takeCalls();
    expect(calls.filter((each) => each.startsWith("config set"))).toEqual(["config set machine.web-1.cpu 4"]);
    expect(calls.filter((each) => each.startsWith("restart")).length).toBe(1);
  });

  it("makes a clone of a machine that is being replaced after the new source is there", async () => {
    const text = edit("debian:bookworm", "debian:trixie").replace(
      "export default",
      'const api = machine({ clone: base, name: "api" });\nexport default',
    );
    project.stack("dev", text.replace("{ base, web }", "{ base, web, api }"));
    const [base, web] = [await idOf("base"), await idOf("web-1")];
    const planned = await plan();
    expect(planned.stdout).toContain("# machine.base must be replaced");
    expect(planned.stdout).toContain("Plan: 2 to add, 1 to change, 1 to destroy.");
    await apply();
    expect(await idOf("web-1")).toBe(web);
    expect(await idOf("base")).not.toBe(base);
    const version = JSON.parse((await project.outside("info", "api", "-f", "json")).stdout).record.image.version;
    expect(version).toBe("trixie");
  });

  it("deletes a machine that leaves the stack", async () => {
    edit("debian:bookworm", "debian:trixie");
    const ran = await plan();
    expect(ran.stdout).toContain("# machine.api will be destroyed");
    await apply();
    expect(await idOf("api")).toBeUndefined();
  });

  it("shows a rename from outside as drift, and renames back", async () => {
    const web = await idOf("web-1");
    await project.outside("rename", "web-1", "renamed");
    const drift = await project.orb(["drift", "dev"]);
    expect(drift.code).toBe(2);
    expect(drift.stdout).toContain("renamed");
    await apply();
    expect(await idOf("web-1")).toBe(web);
  });

  it("makes again what was deleted outside", async () => {
    const web = await idOf("web-1");
    await project.outside("delete", "--force", "web-1");
    const ran = await plan();
    expect(ran.stdout).toContain("has been deleted");
    await apply();
    expect(await idOf("web-1")).toEqual(expect.not.stringMatching(String(web)));
  });

  it("refuses a machine that was re-created outside, until it is adopted", async () => {
    await project.outside("delete", "--force", "web-1");
    await project.outside("create", "debian:trixie", "web-1");
    const stranger = await idOf("web-1");
    const refused = await project.orb(["apply", "dev", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("--adopt machine.web");
    expect(await idOf("web-1")).toBe(stranger);
    const adopted = await project.orb(["apply", "dev", "--yes", "--adopt", "machine.web"]);
    expect(adopted).toMatchObject({ code: 0 });
    expect(await plan()).toMatchObject({ code: 0 });
    expect(await idOf("web-1")).toBe(stranger);
  });

  it("destroys everything it made and nothing else", async () => {
    await project.outside("create", "alpine", "foreign");
    const ran = await project.orb(["destroy", "dev", "--yes"]);
    expect(ran.stdout).toContain("Destroy complete! Resources: 2 destroyed.");
    expect((await project.machines()).map((each) => each.name)).toEqual(["foreign"]);
  });
});
