import { afterAll, describe, expect, it } from "vitest";
import { TestProject } from "../support/project.ts";

/** oclif alone exits 2 where a command line is wrong, which with us says that there are changes. */
describe("a command line that is not right", { tags: ["slow"] }, () => {
  const project = new TestProject();
  afterAll(() => project.remove());

  it.each([
    ["frobnicate"],
    ["--nope"],
    ["state"],
    ["state", "frobnicate"],
    ["plan", "--nope"],
    ["plan", "--nope", "--json"],
    ["plan", "--detailed-exitcode", "--nope"],
    ["plan", "dev", "extra"],
    ["plan", "--var"],
    ["plan", "--untrusted", "--out", "kept.json"],
    ["apply", "--parallelism", "many"],
    ["apply", "--parallelism", "0"],
    ["adopt", "machine.web"],
    ["state", "mark", "machine.web", "maybe"],
    ["drift", "--nope"],
    ["help", "frobnicate"],
  ])("exits 1: %s %s %s", async (...words) => {
    const ran = await project.orb(words.filter((each) => each !== undefined));
    expect(ran, ran.stderr).toMatchObject({ code: 1, signal: null });
    expect(project.takeCalls()).toEqual([]);
  });

  const NO_ORBCTL = { PATH: "/usr/bin:/bin" };

  it.each([
    ["says nothing", [], {}],
    ["names no command", ["web-1"], {}],
    ["has a flag there is none of", ["--bogus", "web-1", "ls"], {}],
    ["has flags that exclude each other", ["--user", "x", "--sudo", "web-1", "ls"], {}],
    ["has a flag's value that is none", ["--parallelism", "0", "web-1", "ls"], {}],
    ["has a time that is none", ["--timeout", "soon", "web-1", "ls"], {}],
    ["passes on a variable that is not set", ["--pass-env", "NOTSET", "web-1", "ls"], {}],
    ["names a driver there is none of", ["--driver", "vmware", "web-1", "ls"], {}],
    ["names no machine there is", ["nomachine", "ls"], {}],
    ["stands where there is no orbctl", ["web-1", "ls"], NO_ORBCTL],
  ] as const)("exits 255 before any command of somebody's is run: orb on that %s", async (_, words, env) => {
    const ran = await project.orb(["on", ...words], env);
    expect(ran, ran.stderr).toMatchObject({ code: 255, stdout: "" });
    expect(ran.stderr).toContain("Error: ");
    expect(project.takeCalls().filter((call) => call.startsWith("run"))).toEqual([]);
  });

  it("says where our flags stand, of which a command's are none", async () => {
    const ran = await project.orb(["on", "web-1", "ls", "--driver", "simulator"], NO_ORBCTL);
    expect(ran.stderr).toContain("orb on --driver simulator SELECTOR COMMAND");
    expect((await project.orb(["on", "--help"])).code).toBe(0);
  });
});
