import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupProject } from "../support/backup-project.ts";

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;

let project: BackupProject;
beforeEach(async () => {
  project = new BackupProject();
  await project.outside("create", "alpine", "web");
});
afterEach(() => project.remove());

/** Every so many points of dying; every single one with `ORBFORM_KILLS=all`. */
const STEP = process.env["ORBFORM_KILLS"] === "all" ? 1 : 5;

/** Kills `orb backup WORDS` at the Nth point; `false` where it has fewer. */
async function killedAt(count: number, words: readonly string[]): Promise<boolean> {
  const mark = join(project.folder, `mark ${words[0]} ${count}`);
  const ran = await project.backup(words, {
    NODE_OPTIONS: `--import=${KILL_AT}`,
    ORBFORM_TEST_KILL_AT: `any:${count}`,
    ORBFORM_TEST_KILL_MARK: mark,
  });
  expect(ran.signal ?? ran.code, ran.stderr).toBe(existsSync(mark) ? "SIGKILL" : 0);
  return existsSync(mark);
}

/** What lies in a folder of Orbform's own. */
function kept(folder: string): readonly string[] {
  const path = join(project.home, ".orbform", folder);
  return existsSync(path) ? readdirSync(path) : [];
}

const hidden = () => project.files().filter((name) => name.startsWith("."));

describe("an export that is killed", { tags: ["slow"] }, () => {
  it("at any point leaves nothing that looks whole and isn't; the next one sweeps it and succeeds", async () => {
    let points = 0;
    while (await killedAt(points + 1, ["create", "web"])) {
      points += STEP;
      const names = project.files().filter((name) => name.endsWith(".tar.zst"));
      const verdicts = await project.verdicts();
      expect(names.map((name) => verdicts[name])).toEqual(names.map(() => "sound"));
      await project.created("web");
      expect([hidden(), kept("backups")]).toEqual([[], []]);
      expect(new Set(Object.values(await project.verdicts()))).toEqual(new Set(["sound"]));
    }
    expect(points).toBeGreaterThan(20);
  });
});

describe("a restore that is killed", { tags: ["slow"] }, () => {
  it("at any point makes one machine or none; the next one finds it, or makes it", async () => {
    await project.created("web");
    const words = ["restore", "web", "--name", "two"];
    let points = 0;
    while (await killedAt(points + 1, words)) {
      points += STEP;
      const next = await project.backup(words);
      expect([next.code, next.stderr]).toEqual(
        next.code === 0 ? [0, expect.any(String)] : [1, expect.stringContaining("ORB_NAME_TAKEN")],
      );
      expect((await project.machines()).map((each) => each.name)).toEqual(["two", "web"]);
      expect([kept("restores"), kept("backups")]).toEqual([[], []]);
      await project.outside("delete", "-f", "two");
    }
    expect(points).toBeGreaterThan(10);
  });
});

describe("a rotation that is killed", { tags: ["slow"] }, () => {
  it("at any point leaves no archive without metadata, and the next one finishes", async () => {
    for (let count = 1; ; count += STEP) {
      for (let left = 3; left > 0; left -= 1) await project.created("web");
      const wasKilled = await killedAt(count, ["prune", "--keep", "1", "--yes"]);
      const kinds = (await project.listed()).archives.map((each) => each.kind);
      expect(kinds).not.toContain("no metadata");
      expect(kinds).toContain("archive");
      await project.backup(["prune", "--keep", "1", "--yes"]);
      expect(project.files().length).toBe(2);
      if (!wasKilled) break;
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

describe("an orbctl that outlives its run", { tags: ["slow"] }, () => {
  it("is waited for: nothing of it is swept while it may write", async () => {
    const pipe = slowFirstExport();
    const first = project.startOrb(["backup", "create", "web", "--dir", project.backups]);
    await project.until(() => project.logged().length === 1);
    first.kill("SIGKILL");
    await first.ended;
    expect(await project.listed()).toMatchObject({ archives: [], unfinished: [{ status: "exporting" }] });
    await project.outside("create", "alpine", "other");
    await project.created("other");
    expect(hidden()).toEqual([".web.unfinished"]);
    const second = project.telling("create", "web");
    await project.until(() => second.told().includes("Waiting for it"));
    expect(await project.listed()).toMatchObject({ unfinished: [{ status: "exporting" }] });
    writeFileSync(pipe, "go\n");
    expect(await second.ended).toBe(0);
    expect(project.logged()).toEqual(["begun", "begun", "ended", "ended", "begun", "ended"]);
    expect(hidden()).toEqual([]);
    expect(Object.values(await project.verdicts())).toEqual(["sound", "sound"]);
  });

  it("goes on after a second interrupt: 130, nothing in place, and the next run waits for it", async () => {
    const pipe = slowFirstExport();
    const first = project.telling("create", "web");
    await project.until(() => project.logged().length === 1);
    first.kill("SIGINT");
    await project.until(() => first.told().includes("Interrupt received"));
    const busy = await project.backup(["create", "web"]);
    expect(busy).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_ARCHIVE_BUSY") });
    first.kill("SIGINT");
    expect(await first.ended).toBe(130);
    expect(first.told()).toContain("ORB_INTERRUPTED");
    expect(await project.listed()).toMatchObject({ archives: [], unfinished: [{ status: "exporting" }] });
    writeFileSync(pipe, "go\n");
    await project.created("web");
    expect([hidden(), project.files().length]).toEqual([[], 2]);
  });

  it("is waited for after one interrupt, and what it wrote is not put in place", async () => {
    const pipe = slowFirstExport();
    const first = project.telling("create", "web");
    await project.until(() => project.logged().length === 1);
    first.kill("SIGTERM");
    await project.until(() => first.told().includes("Interrupt received"));
    expect((await project.listed()).unfinished).toMatchObject([{ status: "running" }]);
    writeFileSync(pipe, "go\n");
    expect(await first.ended).toBe(143);
    expect([project.files(), project.logged()]).toEqual([[], ["begun", "ended"]]);
  });
});

describe("an export that goes wrong", { tags: ["slow"] }, () => {
  it.each([
    ["says nothing and writes nothing", "exit 0", "ORB_ARCHIVE_DAMAGED"],
    ["leaves an empty file", ': > "$file"', "ORB_ARCHIVE_DAMAGED"],
    ["leaves half of it, and says that all is well", 'real "$@"; truncate -s 100 "$file"', "ORB_ARCHIVE_DAMAGED"],
    ["is killed half-way", 'real "$@"; truncate -s 100 "$file"; kill -9 $$', "ORB_ORBCTL_FAILED"],
    ["loses its answer", 'real "$@"; echo "read unix: connection reset by peer" >&2; exit 1', "ORB_ORBCTL_FAILED"],
    ["has no room", 'echo "[-32098] export: write: no space left on device" >&2; exit 1', "ORB_DISK_FULL"],
    ["takes too long", "exec sleep 600", "ORB_ORBCTL_TIMEOUT"],
    ["finds its machine renamed", 'real "$@"; real rename web moved; true', "ORB_MACHINE_NOT_FOUND"],
  ])("as it %s: an error, and nothing is in place", async (_, body, code) => {
    project.around("export", body);
    const ran = await project.backup(["create", "web", "--timeout", code === "ORB_ORBCTL_TIMEOUT" ? "1s" : "1h"]);
    expect(ran, ran.stderr).toMatchObject({ code: 1, stderr: expect.stringContaining(code) });
    expect(ran.stderr).toContain("No archive was put into");
    expect(project.files()).toEqual([]);
  });

  it("is kept though it can't be read here, and says so: what is inside is not known", async () => {
    project.around("export", 'echo another kind > "$file"');
    const ran = await project.backup(["create", "web"]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining("could not be read to its end") });
    expect(Object.values(await project.verdicts())).toEqual(["same bytes"]);
  });
});

describe("a full disk", { tags: ["slow"] }, () => {
  /** Runs a create on a small disk of its own, and tells what is left in it. */
  async function onSmallDisk(before: string) {
    const { backups } = project;
    mkdirSync(backups);
    const line = `mount -t tmpfs -o size=64k tmpfs ${backups}; ${before}; "$@"; code=$?; echo "left: $(ls -A ${backups})" >&2; exit $code`;
    return await project.orbUnder(line, ["backup", "create", "web", "--dir", backups]);
  }

  it("before the export leaves nothing but the error", async () => {
    const ran = await onSmallDisk(`head -c 65536 /dev/zero > ${project.backups}/filler`);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("ORB_ARCHIVE_UNWRITABLE");
    expect(ran.stderr).toContain("left: filler\n");
  });

  it("while the archive is written leaves nothing but the error", async () => {
    project.around(
      "export",
      'head -c 200000 /dev/zero > "$file" || { echo "write $file: no space left on device" >&2; exit 1; }',
    );
    const ran = await onSmallDisk("true");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("ORB_DISK_FULL");
    expect(ran.stderr).toContain("left: \n");
  });

  it("while the metadata is written leaves nothing but the error", async () => {
    project.around("export", `real "$@"; head -c 100000 /dev/zero > ${project.backups}/filler; exit 0`);
    const ran = await onSmallDisk("true");
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("ORB_ARCHIVE_UNWRITABLE");
    expect(ran.stderr).toContain("the disk is full");
    expect(ran.stderr).toContain("left: filler\n");
  });
});
