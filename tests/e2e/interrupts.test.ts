import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestProject, type Running } from "../support/project.ts";

const ORBFORM = resolve(import.meta.dirname, "../../bin/orbform.js");

/** As slow as it takes for a signal to meet a machine that is being made. */
const SLOW = { ORBCTL_SIM_LATENCY: "0.2" };

const TWO = `
import { defineStack, machine } from "orbform";
const a = machine({ image: "alpine" });
const b = machine({ image: "alpine", lifecycle: { dependsOn: [a] } });
export default defineStack({ resources: { a, b } });
`;

describe("an apply that is interrupted", { tags: ["slow"] }, () => {
  let project: TestProject;
  beforeEach(() => {
    project = new TestProject();
    project.stack("two", TWO);
  });
  afterEach(() => project.remove());

  const calls = (): string => (existsSync(project.callLog) ? readFileSync(project.callLog, "utf8") : "");
  const left = () => readdirSync(join(project.project, "state")).filter((name) => /\.(?:lock|journal)/.test(name));

  async function whileMaking(): Promise<Running> {
    const running = project.startOrb(["apply", "two", "--yes"], SLOW);
    await project.until(() => calls().includes("create"));
    return running;
  }

  async function expectConverging(): Promise<void> {
    const next = await project.orb(["apply", "two", "--yes"]);
    expect(next, next.stderr).toMatchObject({ code: 0 });
    expect((await project.machines()).map(({ name }) => name)).toEqual(["a", "b"]);
    const born = (await project.outside("sim", "log")).stdout.match(/"what":"create"/g)?.length;
    expect([born, left()]).toEqual([2, []]);
    expect(await project.orb(["plan", "two", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  }

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 143],
  ] as const)("by one %s starts nothing new, waits, writes state, and lets the lock go", async (signal, code) => {
    const running = await whileMaking();
    running.kill(signal);
    expect(await running.ended).toMatchObject({ code });
    expect([Object.keys(project.state("two")?.resources ?? {}), left()]).toEqual([["machine.a"], []]);
    expect(calls().match(/create/g)?.length).toBe(1);
    await expectConverging();
  });

  it("twice ends at once; the next takes the lock over and waits for what goes on", async () => {
    const running = await whileMaking();
    running.kill("SIGINT");
    await project.until(() => running.said().includes("Interrupt received"));
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 130 });
    expect(left()).toEqual(["two.journal", "two.lock.1"]);
    expect((await project.machines()).map(({ state }) => state)).not.toContain("running");
    await expectConverging();
  });

  it("by a terminal's Ctrl-C, which goes to the whole process group, goes on with the machine being made", async () => {
    const child = spawn(process.execPath, [ORBFORM, "apply", "two", "--yes"], {
      cwd: project.project,
      env: { ...project.env, ...SLOW },
      stdio: "ignore",
      detached: true,
    });
    const ended = new Promise((done) => void child.on("exit", done));
    await project.until(() => calls().includes("create"));
    process.kill(-(child.pid ?? 0), "SIGINT");
    expect(await ended).toBe(130);
    expect(project.state("two")?.resources["machine.a"]).toMatchObject({ status: "ready" });
    await expectConverging();
  });
});
