import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupProject } from "../support/backup-project.ts";

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;

let project: BackupProject;
beforeEach(async () => {
  project = new BackupProject();
  stack(undefined);
  await applied();
});
afterEach(() => project.remove());

/** A machine and an archive of it, which is exported again for each trigger; without one there is no archive. */
function stack(trigger: number | undefined, more = ""): void {
  const backup =
    trigger === undefined
      ? ""
      : `, backup: archive({ of: web, dir: ${JSON.stringify(project.backups)}, keep: 2, triggers: ${trigger}${more} })`;
  project.stack(
    "dev",
    `import { archive, defineStack, machine } from "orbform";
const web = machine({ image: "alpine" });
export default defineStack({ resources: { web${backup} } });
`,
  );
}

async function applied(): Promise<string> {
  const ran = await project.orb(["apply", "--yes"]);
  expect(ran, ran.stderr + ran.stdout).toMatchObject({ code: 0 });
  return ran.stderr;
}

async function isSettled(): Promise<void> {
  const ran = await project.orb(["plan", "--detailed-exitcode"]);
  expect(ran, ran.stderr + ran.stdout).toMatchObject({ code: 0 });
}

/** One point in thirteen, or every one where ORBFORM_KILLS is `all`. */
const STEP = process.env["ORBFORM_KILLS"] === "all" ? 1 : 13;

/** Kills `orb apply` at the Nth point; `false` where it has fewer. */
async function killedAt(count: number): Promise<boolean> {
  const mark = join(project.folder, `mark ${count}`);
  const ran = await project.orb(["apply", "--yes"], {
    NODE_OPTIONS: `--import=${KILL_AT}`,
    ORBFORM_TEST_KILL_AT: `any:${count}`,
    ORBFORM_TEST_KILL_MARK: mark,
  });
  expect(ran.signal ?? ran.code, ran.stderr).toBe(existsSync(mark) ? "SIGKILL" : 0);
  return existsSync(mark);
}

const archives = () => project.files().filter((name) => name.endsWith(".tar.zst"));
const hidden = () => project.files().filter((name) => name.startsWith("."));

/** All that look whole are whole. */
async function expectSound(): Promise<void> {
  const verdicts = await project.verdicts();
  expect(archives().map((name) => verdicts[name])).toEqual(archives().map(() => "sound"));
}

/** What state has of the newest archive. */
function newest(): { readonly file: string; readonly createdAt: string } | undefined {
  const found: unknown = project.state("dev")?.resources["archive.backup"]?.["made"];
  return found as ReturnType<typeof newest>;
}

const made = () => newest()?.file;

describe("an apply that exports and is killed", { tags: ["slow"], timeout: 900_000 }, () => {
  it("at any point leaves nothing that looks whole and isn't; the next one finishes, and is settled", async () => {
    let point = 1;
    let before = "";
    for (stack(0); await killedAt(point); stack(point)) {
      point += STEP;
      await expectSound();
      await applied();
      // Whatever of it was done, it is of after the trigger.
      expect(newest()?.createdAt).not.toBe(before);
      before = newest()?.createdAt ?? "";
      await expectSound();
      await isSettled();
      expect(hidden()).toEqual([]);
      expect(archives()).toContain(made());
      expect(archives().length).toBeLessThanOrEqual(2);
      expect((await project.machines()).map((each) => each.name)).toEqual(["web"]);
    }
    expect(point).toBeGreaterThan(40);
  });
});

describe("an apply that removes archives and is killed", { tags: ["slow"], timeout: 900_000 }, () => {
  it("at any point leaves none without metadata, and the next one removes the rest", async () => {
    for (let count = 1; ; count += STEP) {
      for (const trigger of [1, 2]) {
        stack(trigger);
        await applied();
      }
      stack(undefined);
      const wasKilled = await killedAt(count);
      await expectSound();
      await applied();
      await isSettled();
      expect(project.files()).toEqual([]);
      if (!wasKilled) return;
    }
  });
});

/** An export that says when it begins and ends, the first of which waits until the pipe is written to. */
function slowFirstExport(): string {
  const pipe = join(project.folder, "pipe");
  execFileSync("sh", ["-c", `mkfifo '${pipe}'`]);
  project.around(
    "export",
    `say begun; if mkdir "${project.folder}/first" 2>/dev/null; then read -r go < "${pipe}"; fi; real "$@"; code=$?; say ended; exit $code`,
  );
  return pipe;
}

describe("an orbctl that outlives an apply", { tags: ["slow"] }, () => {
  it("is waited for by the next one: nothing of it is swept while it may write", async () => {
    const pipe = slowFirstExport();
    stack(1);
    const first = project.startOrb(["apply", "--yes"]);
    await project.until(() => project.logged().length === 1);
    first.kill("SIGKILL");
    await first.ended;
    expect(await project.listed()).toMatchObject({ archives: [], unfinished: [{ status: "exporting" }] });
    expect(project.state("dev")?.resources["archive.backup"]).toBeUndefined();
    const second = project.startTelling(["apply", "--yes"]);
    await project.until(() => second.told().includes("Taking over"));
    expect(await project.listed()).toMatchObject({ archives: [], unfinished: [{ status: "exporting" }] });
    writeFileSync(pipe, "go\n");
    expect(await second.ended).toBe(0);
    expect(project.logged()).toEqual(["begun", "ended", "begun", "ended"]);
    await expectSound();
    expect([archives(), hidden()]).toEqual([[made()], []]);
  });

  it("is waited for after one interrupt, and what it wrote is put in place", async () => {
    const pipe = slowFirstExport();
    stack(1);
    const first = project.startTelling(["apply", "--yes"]);
    await project.until(() => project.logged().length === 1);
    first.kill("SIGINT");
    await project.until(() => first.told().includes("Interrupt received"));
    writeFileSync(pipe, "go\n");
    // Nothing else was left to be begun.
    expect(await first.ended).toBe(0);
    await expectSound();
    expect(archives()).toEqual([made()]);
    await isSettled();
  });

  it("goes on after two interrupts: nothing is in place, and the next apply waits for it", async () => {
    const pipe = slowFirstExport();
    stack(1);
    const first = project.startTelling(["apply", "--yes"]);
    await project.until(() => project.logged().length === 1);
    first.kill("SIGINT");
    await project.until(() => first.told().includes("Interrupt received"));
    first.kill("SIGINT");
    expect(await first.ended).toBe(130);
    expect(archives()).toEqual([]);
    writeFileSync(pipe, "go\n");
    await applied();
    await expectSound();
    expect([archives(), hidden()]).toEqual([[made()], []]);
  });
});

describe("an export that goes wrong in an apply", { tags: ["slow"] }, () => {
  it.each([
    ["says nothing and writes nothing", "exit 0", "ORB_ARCHIVE_DAMAGED"],
    ["leaves half of it, and says that all is well", 'real "$@"; truncate -s 100 "$file"', "ORB_ARCHIVE_DAMAGED"],
    ["has no room", 'echo "[-32098] export: write: no space left on device" >&2; exit 1', "ORB_DISK_FULL"],
    ["finds its machine renamed", 'real "$@"; real rename web moved; true', "ORB_MACHINE_NOT_FOUND"],
  ])("as it %s fails alone, and nothing is in place", async (_, body, code) => {
    stack(1);
    project.around("export", body);
    const ran = await project.orb(["apply", "--yes"]);
    expect(ran, ran.stderr).toMatchObject({ code: 1, stderr: expect.stringContaining(code) });
    expect(project.files()).toEqual([]);
    expect(project.state("dev")?.resources["archive.backup"]).toBeUndefined();
    expect(readdirSync(join(project.project, "state")).filter((name) => name.includes("journal"))).toEqual([]);
  });

  it("as it takes too long fails alone, and is not tried again", async () => {
    stack(1, ', lifecycle: { timeouts: { export: "1s" } }');
    project.around("export", "say begun; exec sleep 600");
    const ran = await project.orb(["apply", "--yes"]);
    expect(ran, ran.stderr).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_ORBCTL_TIMEOUT") });
    expect([project.files(), project.logged()]).toEqual([[], ["begun"]]);
  });

  it("as it loses its answer is done again", async () => {
    stack(1);
    project.around(
      "export",
      `real "$@"; if mkdir "${project.folder}/first" 2>/dev/null; then echo "read unix: connection reset by peer" >&2; exit 1; fi`,
    );
    await applied();
    await expectSound();
    await isSettled();
  });
});
