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
});
