import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestProject } from "../support/project.ts";

const SECRET = "hunter2-secret";
const STACK = `import { command, defineStack, file, machine, setting } from "orbform";
const base = machine({ image: "debian:bookworm", power: "stopped" });
const web = machine({ clone: base, name: "web-1", cpus: 2 });
const two = machine({ image: "debian:bookworm", name: "web-2" });
const key = file({ on: web, path: "/etc/key", content: "${SECRET}\\n", sensitive: true });
const tell = command({ on: web, run: ["sh", "-c", "cat /etc/key; echo ${SECRET} >&2"] });
const proxy = setting({ key: "network_proxy", value: "http://me:${SECRET}@proxy:8080" });
export default defineStack({ resources: { base, web, two, key, tell, proxy } });
`;

interface Line {
  readonly "@level": string;
  readonly "@timestamp": string;
  readonly pid: number;
  readonly operation: string;
  readonly command?: string;
  readonly words?: readonly string[];
  readonly action?: string;
  readonly duration_ms?: number;
  readonly exit?: number | null;
  readonly ending?: string;
  readonly type?: string;
  readonly timings?: {
    readonly actions: readonly { readonly action: string; readonly duration_ms: number }[];
    readonly calls: readonly { readonly count: number }[];
  };
}

const parsed = (text: string): readonly Line[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe("the log of the real program", { tags: ["slow"] }, () => {
  const project = new TestProject();
  const path = join(project.project, "orb.log");
  const logged = { ORBFORM_LOG_PATH: "orb.log" };
  const log = (): readonly Line[] => parsed(readFileSync(path, "utf8"));

  beforeAll(() => {
    project.stack("dev", STACK);
    // Of a call that runs a script, a line of the script would look like a call.
    const orbctl = join(project.bin, "orbctl");
    writeFileSync(orbctl, readFileSync(orbctl, "utf8").replace('"$*"', '"$1"'));
  });
  beforeEach(() => {
    rmSync(path, { force: true });
    project.takeCalls();
  });
  afterAll(() => project.remove());

  test("has each call of an apply and each action with its duration, a line that parses for each", async () => {
    const ran = await project.orb(["apply", "dev", "--yes", "--timings", "--json"], {
      ...logged,
      ORBFORM_LOG: "debug",
    });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const lines = log();
    expect(new Set(lines.map((line) => line.pid)).size).toBe(1);
    for (const line of lines) expect(new Date(line["@timestamp"]).toISOString()).toBe(line["@timestamp"]);

    const calls = lines.filter((line) => line.operation === "call");
    expect(calls.map(({ words }) => words?.[0] ?? "").toSorted()).toEqual(project.takeCalls().toSorted());
    expect(calls.every(({ duration_ms: ms, ending }) => Number.isInteger(ms) && ending === "exited")).toBe(true);

    const told = parsed(ran.stdout);
    expect(told.slice(-2).map(({ type }) => type)).toEqual(["timings", "change_summary"]);
    const timings = told.at(-2)?.timings;
    const ended = lines.filter((line) => line.action !== undefined && line.duration_ms !== undefined);
    expect(ended.length).toBe(9);
    const timed = timings?.actions.map((each) => `${each.action} ${each.duration_ms}`);
    expect(timed?.toSorted()).toEqual(ended.map((line) => `${line.action} ${line.duration_ms}`).toSorted());
    expect(timings?.calls.reduce((sum, { count }) => sum + count, 0)).toBe(calls.length);
    expect(lines.at(-1)).toMatchObject({ operation: "command", command: "apply", exit: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("has no secret at trace, whether it stood in a content, an input, the environment or a setting", async () => {
    const traced = { ...logged, ORBFORM_LOG: "trace", TOKEN: SECRET };
    writeFileSync(join(project.project, "token"), SECRET);
    const commands = [
      ["destroy", "dev", "--yes"],
      ["apply", "dev", "--yes", "--timings"],
      ["copy", "token", "web-1:/etc/token"],
      ["on", "web-1", "--pass-env", "TOKEN", "sh", "-c", `echo ${SECRET}; printenv TOKEN`],
      ["plan", "dev", "--var", `token=${SECRET}`],
    ];
    for (const command of commands) await project.orb(command, traced);
    expect(log().filter((line) => line.command === "run").length).toBeGreaterThan(4);
    expect(log().filter((line) => line.operation === "command" && line["@level"] === "info").length).toBe(10);
    expect(readFileSync(path, "utf8")).not.toContain(SECRET);
    expect(readFileSync(path, "utf8")).not.toContain(Buffer.from(SECRET).toString("base64").slice(0, 12));
  });

  test("goes to standard error without a path, and the answer stays as it was", async () => {
    const plain = await project.orb(["plan", "dev"]);
    const ran = await project.orb(["plan", "dev"], { ORBFORM_LOG: "debug" });
    expect([ran.stdout, ran.code]).toEqual([plain.stdout, plain.code]);
    expect(parsed(ran.stderr).map((line) => line.operation)).toEqual(
      expect.arrayContaining(["command", "call", "plan"]),
    );
    expect(existsSync(path)).toBe(false);
  });

  test.each(["", "off", "OFF"])("is none with %j, whatever the path", async (word) => {
    const { stderr, code } = await project.orb(["plan", "dev"], { ...logged, ORBFORM_LOG: word });
    expect([stderr, code, existsSync(path)]).toEqual(["", 0, false]);
  });

  test("says how a command failed that touched no machine", async () => {
    const ran = await project.orb(["plan", "nosuch"], { ...logged, ORBFORM_LOG: "error" });
    expect(ran.code).toBe(1);
    expect(log()).toMatchObject([{ "@level": "error", operation: "command", code: "ORB_STACK_NOT_FOUND" }]);
  });

  test("has all that was logged before a kill, line by line", async () => {
    const apply = ["apply", "dev", "--yes", "--replace=machine.two"];
    const running = project.startOrb(apply, { ...logged, ORBFORM_LOG: "trace" });
    await project.until(() => existsSync(path) && readFileSync(path, "utf8").includes("machine.two: delete started"));
    running.kill("SIGKILL");
    expect(await running.ended).toMatchObject({ signal: "SIGKILL" });
    expect(log().map((line) => line.action)).toContain("machine.two:delete");
    expect(log().some((line) => line.operation === "command" && line.exit !== undefined)).toBe(false);
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
  });
});
