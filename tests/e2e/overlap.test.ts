import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { TestProject, type Ran } from "../support/project.ts";

// These tests wait most of the time, all at once.
const projects: TestProject[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

/** A guest goes on when its client is killed, or dies with it: the contract knows of neither (4.2). */
type Guest = "goes on" | "dies";

interface Commands {
  readonly power?: "running" | "stopped";
  /** What the command does between its two lines in /srv/log. */
  readonly work: string;
  readonly timeout?: string;
  /** Without the other one. */
  readonly alone?: boolean;
}

/** A machine with a command that says in a file when it begins and ends, and another one after it. */
async function newProject(
  guest: Guest,
  { power = "running", work, timeout = "1h", alone = false }: Commands,
): Promise<TestProject> {
  const project = new TestProject();
  projects.push(project);
  const stack = (inside: string): string => `import { command, defineStack, machine } from "orbform";
const web = machine({ image: "debian:bookworm", power: "${power}" });
${inside}
`;
  project.stack("dev", stack("export default defineStack({ resources: { web } });"));
  expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
  project.stack(
    "dev",
    stack(`const slow = command({
  on: web,
  run: ${JSON.stringify(`echo begin >>/srv/log; ${work}; echo end >>/srv/log`)},
  lifecycle: { timeouts: { run: "${timeout}" } },
});
const then = command({ on: web, run: "echo then >>/srv/log" });
export default defineStack({ resources: { web, slow${alone ? "" : ", then"} } });`),
  );
  if (guest === "goes on") await project.outside("sim", "fault", "set", "guest-outlives-client");
  return project;
}

async function logOf(project: TestProject): Promise<readonly string[]> {
  const { stdout } = await project.outside("run", "-m", "web", "-u", "root", "-w", "/", "sh", "-c", "cat /srv/log");
  return stdout.split("\n").filter(Boolean);
}

/** Until a script of ours is at work in the machine. */
async function atWork(project: TestProject): Promise<void> {
  const files = join(project.world, "files");
  const isThere = (): boolean =>
    existsSync(files) &&
    readdirSync(files).some((each) => readFileSync(join(files, each), "utf8").includes("/run/orbform/lock"));
  while (!isThere()) await pause(50);
}

const apply = (project: TestProject): Promise<Ran> => project.orb(["apply", "dev", "--yes"]);

describe.concurrent("a command whose time is up", { tags: ["slow"] }, () => {
  test.each([
    { what: "nothing is done beside it", alone: false, log: ["begin", "end", "then"] },
    { what: "its machine is not stopped", alone: true, log: ["begin", "end"] },
  ])("and that goes on inside is not run again, and $what", async ({ alone, log }) => {
    const project = await newProject("goes on", { power: "stopped", work: "sleep 20", timeout: "5s", alone });
    const ran = await apply(project);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_GUEST_BUSY")]);
    expect(await project.machines()).toMatchObject([{ name: "web", state: "stopped" }]);
    expect(await logOf(project)).toEqual(log);
  });

  test("and that ends well later is not run again, and the next plan knows it", async () => {
    const project = await newProject("goes on", { work: "sleep 15", timeout: "5s" });
    const ran = await apply(project);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_GUEST_BUSY")]);
    const planned = await project.orb(["plan", "dev", "--detailed-exitcode"]);
    expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining("No changes")]);
    expect(await apply(project)).toMatchObject({ code: 0 });
    expect(await logOf(project)).toEqual(["begin", "end", "then"]);
  });

  test("and that is gone is not run again unasked; the next plan shows that it will be", async () => {
    const project = await newProject("dies", { work: "sleep 60", timeout: "5s" });
    const ran = await apply(project);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("ORB_OUTCOME_UNKNOWN")]);
    expect(await logOf(project)).toEqual(["then"]);
    const planned = await project.orb(["plan", "dev"]);
    expect(planned.stdout).toContain("command.slow");
  });
});

describe.concurrent("an Orbform that is killed while a command runs", { tags: ["slow"] }, () => {
  test("is followed by one that waits for it inside, though its client is gone too", async () => {
    const project = await newProject("goes on", { work: "sleep 15" });
    const killed = project.startOrb(["apply", "dev", "--yes"]);
    await atWork(project);
    const clients = clientsOf(project);
    killed.kill("SIGKILL");
    await killed.ended;
    for (const pid of clients) process.kill(pid, "SIGKILL");
    const next = await apply(project);
    expect(next, next.stderr).toMatchObject({ code: 0 });
    expect(next.stderr).toContain("still at work inside the machine");
    // Its answer was lost with its Orbform; the machine knows how it ended.
    expect(await logOf(project)).toEqual(["begin", "end", "then"]);
  });
});

/** The processes that the run's journal says are at work. */
function clientsOf(project: TestProject): readonly number[] {
  const journal = readFileSync(join(project.project, "state/dev.journal"), "utf8");
  return [...journal.matchAll(/"child":\{"pid":(\d+)/g)].map(([, pid]) => Number(pid)).slice(-1);
}
