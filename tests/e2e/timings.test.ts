import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestProject } from "../support/project.ts";

const STACK = `import { defineStack, machine } from "orbform";
const web = machine({ image: "debian:bookworm", name: "web-1" });
const old = machine({ image: "debian:bookworm", name: "old" });
export default defineStack({ resources: { web, old } });
`;

interface Told {
  readonly type?: string;
  readonly timings?: {
    readonly calls: readonly { readonly command: string; readonly count: number }[];
    readonly machines: readonly { readonly machine: string; readonly outcome: string; readonly duration_ms: number }[];
  };
}

/** What `--json` told, line by line. */
function toldIn(stdout: string): readonly Told[] {
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe("--timings", { tags: ["slow"] }, () => {
  const project = new TestProject();

  beforeAll(async () => {
    project.stack("dev", STACK);
    // Of a call that runs a script, a line of the script would look like a call.
    const orbctl = join(project.bin, "orbctl");
    writeFileSync(orbctl, readFileSync(orbctl, "utf8").replace('"$*"', '"$1"'));
    writeFileSync(join(project.project, "file"), "x");
    await project.outside("create", "debian:bookworm", "old");
  });
  afterAll(() => project.remove());

  test.each([
    "adopt machine.old old",
    "apply --yes",
    "plan",
    "drift",
    "inventory",
    "probe",
    "probe logs web-1",
    "probe ssh web-1",
    "probe tcp web-1 old 22",
    "copy file web-1:/srv/file",
    "backup create web-1 --dir .",
    "backup restore web-1 --dir . --name web-2",
    "destroy --yes",
  ])("of %s has every call that was made", async (line) => {
    project.takeCalls();
    const { stdout, stderr, code } = await project.orb([...line.split(" "), "--timings", "--json"]);
    expect(code, stdout + stderr).toBe(0);
    const [timings, ...others] = toldIn(stdout).flatMap((line) => line.timings ?? []);
    expect(others).toEqual([]);
    const told = (timings?.calls ?? []).flatMap(({ command, count }) =>
      Array.from({ length: count }, () => command.replace(/ .*/, "")),
    );
    expect(told.toSorted()).toEqual(project.takeCalls().toSorted());
    expect(told).not.toEqual([]);
  });

  test("is told on standard error, and leaves the answer and its exit code as they are", async () => {
    expect(await project.orb(["apply", "--yes"])).toMatchObject({ code: 0 });
    const plain = await project.orb(["on", "web-1", "sh", "-c", "echo said; exit 7"]);
    const timed = await project.orb(["on", "--timings", "web-1", "sh", "-c", "echo said; exit 7"]);
    expect([timed.stdout, timed.code]).toEqual([plain.stdout, plain.code]);
    expect(timed.stderr).toMatch(
      /^\nTimings: \d.*s in all; 1 machine, 3 calls of orbctl\n\n {2}began +took {2}machine\n +\+0ms +\S+ {2}web-1 \(failed\)\n\n {2}calls +total +slowest {2}orbctl\n(?: +1 +\S+ +\S+ {2}(?:run|list|status)\n){3}$/,
    );
  });

  test("of work on several machines has each of them", async () => {
    const { stdout } = await project.orb(["on", "--timings", "--json", "web-1,old", "true"]);
    const [timings] = toldIn(stdout).flatMap((line) => line.timings ?? []);
    expect(timings?.machines.map(({ machine, outcome }) => `${machine} ${outcome}`).toSorted()).toEqual([
      "old succeeded",
      "web-1 succeeded",
    ]);
    expect(timings?.machines.every(({ duration_ms: ms }) => Number.isInteger(ms))).toBe(true);
  });

  test("is told of a command that failed too, before the summary", async () => {
    await project.outside("sim", "fault", "set", "image-not-found:debian");
    const { stdout, code } = await project.orb(["apply", "--yes", "--replace=machine.web", "--timings", "--json"]);
    expect(code).toBe(1);
    const told = toldIn(stdout).slice(-2);
    expect(told.map(({ type }) => type)).toEqual(["timings", "change_summary"]);
    expect(told[0]).toMatchObject({
      timings: {
        actions: [
          { does: "delete", outcome: "succeeded" },
          { does: "create", outcome: "failed" },
        ],
      },
    });
  });
});
