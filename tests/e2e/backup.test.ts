import { copyFileSync, mkdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupProject } from "../support/backup-project.ts";

let project: BackupProject;
beforeEach(async () => {
  project = new BackupProject();
  await project.outside("create", "alpine", "web");
});
afterEach(() => project.remove());

const inBackups = (file: string) => join(project.backups, file);

/** Changes one bit in the middle of a file. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 16;
  writeFileSync(path, bytes);
}

describe("a backup", { tags: ["slow"] }, () => {
  it("is made, listed, verified and restored under a new name, and no machine is started or stopped", async () => {
    await project.outside("create", "debian", "db");
    await project.outside("run", "-m", "db", "-u", "root", "touch", "/etc/kept");
    await project.outside("stop", "db");
    const archives = [await project.created("web"), await project.created("DB")];
    expect(project.files()).toEqual(archives.flatMap((file) => [file.replace(".tar.zst", ".json"), file]).toSorted());
    expect((await project.listed()).archives).toMatchObject(
      archives.toSorted().map((file) => ({ kind: "archive", file, metadata: { archive: file, format: 1 } })),
    );
    expect(await project.verdicts()).toEqual(Object.fromEntries(archives.map((file) => [file, "sound"])));
    const restored = await project.backup(["restore", "db", "--name", "db-2"]);
    expect(restored, restored.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("orb adopt ADDRESS db-2"),
    });
    expect((await project.machines()).map(({ name, state }) => `${name} ${state}`)).toEqual([
      "db stopped",
      "db-2 stopped",
      "web running",
    ]);
    const changing = project.takeCalls().filter((call) => !/^(?:status|list|info|version)/.test(call));
    expect(changing).toEqual([
      `export web ${inBackups(".web.unfinished/archive.tar.zst")}`,
      `export db ${inBackups(".db.unfinished/archive.tar.zst")}`,
      `import -n db-2 ${inBackups(archives[1] ?? "")}`,
    ]);
    expect((await project.outside("run", "-m", "db-2", "ls", "/etc/kept")).stdout).toBe("/etc/kept\n");
  });

  it("tells machine, image, digest, size, time and version in its metadata, for its owner's eyes only", async () => {
    const file = await project.created("web");
    const [machine] = await project.machines();
    const { size, mode } = statSync(inBackups(file));
    expect(JSON.parse(readFileSync(inBackups(file.replace(".tar.zst", ".json")), "utf8"))).toEqual({
      format: 1,
      archive: file,
      machine: { id: machine?.id, name: "web" },
      image: { distro: "alpine", version: expect.any(String), arch: "arm64", variant: "default" },
      sizeBytes: size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      createdAt: expect.stringMatching(/^20\d\d-.*Z$/),
      host: expect.stringMatching(/^[0-9a-f-]{36}$/),
      madeBy: expect.stringMatching(/^orbform \d/),
      exportedBy: "orbstack 2.2.3",
      contents: { entries: 1, bytes: expect.any(Number) },
    });
    expect(mode & 0o777).toBe(0o600);
  });

  it("takes a machine by its address, whatever it is called by now, and says how to adopt it again", async () => {
    project.stack(
      "dev",
      'import { defineStack, machine } from "orbform";\nexport default defineStack({ resources: { api: machine({ image: "alpine", power: "stopped" }) } });',
    );
    expect(await project.orb(["apply", "dev", "--yes"])).toMatchObject({ code: 0 });
    await project.outside("rename", "api", "moved");
    expect(await project.created("machine.api")).toMatch(/^moved-/);
    const restored = await project.backup(["restore", "moved", "--name", "again"]);
    expect(restored.stdout).toContain("orb adopt machine.api again");
    expect(await project.backup(["create", "machine.none"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("ORB_ADDRESS_UNKNOWN"),
    });
  });

  it("never replaces one of the same second", async () => {
    const made = [await project.created("web"), await project.created("web"), await project.created("web")];
    expect(new Set(made).size).toBe(3);
    expect(Object.values(await project.verdicts())).toEqual(["sound", "sound", "sound"]);
  });

  it("is made of several machines at once", async () => {
    const names = ["a", "b", "c", "web"];
    for (const name of names.slice(0, 3)) await project.outside("clone", "web", name);
    const made = await Promise.all(names.map((name) => project.created(name)));
    expect(await project.verdicts()).toEqual(Object.fromEntries(made.map((file) => [file, "sound"])));
    expect(project.files().length).toBe(8);
  });

  it("is refused for machines that are not there, before any folder is made", async () => {
    for (const name of ["none", "docker", "--all", "k8s", ""]) {
      const ran = await project.backup(["create", name]);
      expect([name, ran.code, ran.stdout]).toEqual([name, 1, ""]);
      expect(ran.stderr).toMatch(/ORB_MACHINE_NOT_FOUND|ORB_USAGE/);
    }
    expect(project.files()).toEqual([]);
    expect(project.takeCalls().filter((call) => !/^(?:status|list|version)/.test(call))).toEqual([]);
  });

  it("does not start a stopped OrbStack", async () => {
    await project.outside("sim", "service", "stop");
    const ran = await project.backup(["create", "web"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_SERVICE_STOPPED") });
    expect(project.files()).toEqual([]);
  });
});

describe("verifying", { tags: ["slow"] }, () => {
  it("tells what is damaged, where, and exits with 1", async () => {
    const [cut, changed, gone, whole] = [
      await project.created("web"),
      await project.created("web"),
      await project.created("web"),
      await project.created("web"),
    ];
    const size = statSync(inBackups(cut)).size;
    truncateSync(inBackups(cut), size - 20);
    flip(inBackups(changed));
    renameSync(inBackups(gone), join(project.folder, "elsewhere"));
    const ran = await project.backup(["verify"]);
    expect(ran.code).toBe(1);
    expect(ran.stdout.split("\n").slice(0, 4)).toEqual([
      `damaged         ${cut} (it has ${size - 20} bytes instead of ${size}; it ends in the middle: it was cut off (at byte ${size - 20} of the file))`,
      expect.stringMatching(
        /^damaged {9}.*\(its digest is not the one on record; zstd: .* \(at byte \d+ of the file\)\)$/,
      ),
      `damaged         ${gone} (its archive is missing)`,
      `sound           ${whole} (digest as on record; 1 entry read)`,
    ]);
    expect((await project.listed()).archives.map((each) => each.kind)).toEqual([
      "wrong size",
      "archive",
      "no archive",
      "archive",
    ]);
  });

  it("reads what has no metadata, or metadata of a newer version, and says so", async () => {
    const file = await project.created("web");
    const sidecar = inBackups(file.replace(".tar.zst", ".json"));
    copyFileSync(inBackups(file), inBackups("by-hand.tar.zst"));
    writeFileSync(inBackups("other.tar.zst"), "no archive at all");
    const newer = { ...JSON.parse(readFileSync(sidecar, "utf8")), format: 2 };
    writeFileSync(sidecar, JSON.stringify(newer));
    expect(await project.verdicts()).toEqual({
      "by-hand.tar.zst": "readable",
      "other.tar.zst": "not verifiable",
      [file]: "readable",
    });
    const restored = await project.backup(["restore", "web", "--name", "two"]);
    expect(restored).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_ARCHIVE_NEWER") });
    expect(await project.backup(["restore", "web", "--name", "two", "--no-verify"])).toMatchObject({ code: 0 });
  });

  it("takes no notice of keys it does not know", async () => {
    const file = await project.created("web");
    const sidecar = inBackups(file.replace(".tar.zst", ".json"));
    writeFileSync(sidecar, JSON.stringify({ ...JSON.parse(readFileSync(sidecar, "utf8")), tomorrow: [1] }));
    expect(await project.verdicts()).toEqual({ [file]: "sound" });
  });
});

describe("restoring", { tags: ["slow"] }, () => {
  it("refuses a taken name, a damaged archive and a name that is none: nothing is imported", async () => {
    const file = await project.created("web");
    const taken = await project.backup(["restore", "web"]);
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_NAME_TAKEN") });
    expect((await project.backup(["restore", "web", "--name", "docker"])).stderr).toContain("ORB_USAGE");
    expect((await project.backup(["restore", "nothing"])).stderr).toContain("ORB_ARCHIVE_NOT_FOUND");
    flip(inBackups(file));
    const damaged = await project.backup(["restore", file, "--name", "two"]);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_ARCHIVE_DAMAGED") });
    expect(project.takeCalls().filter((call) => call.startsWith("import"))).toEqual([]);
  });

  it("finds the machine where OrbStack's answer was lost, and says that it was", async () => {
    await project.created("web");
    project.around("import", 'real "$@"; kill -9 $$');
    const ran = await project.backup(["restore", "web", "--name", "two"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining("answer was lost") });
    expect((await project.machines()).map((each) => each.name)).toEqual(["two", "web"]);
  });

  it("says that it is not known where no machine is seen after a lost answer", async () => {
    await project.created("web");
    project.around("import", "kill -9 $$");
    const ran = await project.backup(["restore", "web", "--name", "two"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("may still appear") });
  });

  it("works from a folder that may only be read", async () => {
    const file = await project.created("web");
    const ran = await project.orbUnder(
      `mount --bind ${project.backups} ${project.backups} && mount -o remount,bind,ro ${project.backups} && exec "$@"`,
      ["backup", "restore", inBackups(file), "--name", "two"],
    );
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
  });
});

describe("rotation", { tags: ["slow"] }, () => {
  it("shows first, removes with --yes, and leaves what it did not make", async () => {
    const made = [await project.created("web"), await project.created("web"), await project.created("web")];
    mkdirSync(inBackups("notes"));
    copyFileSync(inBackups(made[0] ?? ""), inBackups("mine-20200101T000000Z.tar.zst"));
    const before = project.files();
    const shown = await project.backup(["prune", "--keep", "1"]);
    expect(shown.stdout).toContain("Prune: 1 to keep, 2 to remove");
    expect(shown.stderr).toContain("mine-20200101T000000Z.tar.zst is left alone");
    expect(project.files()).toEqual(before);
    expect(await project.backup(["prune", "--keep", "1", "--yes"])).toMatchObject({ code: 0 });
    const last = made.toSorted().at(-1) ?? "";
    expect(project.files()).toEqual([
      "mine-20200101T000000Z.tar.zst",
      "notes",
      last.replace(".tar.zst", ".json"),
      last,
    ]);
  });

  it("keeps the newest that is sound now, and all where none is", async () => {
    const made = [await project.created("web"), await project.created("web"), await project.created("web")].toSorted();
    flip(inBackups(made[2] ?? ""));
    expect(await project.backup(["prune", "--keep", "1", "--yes"])).toMatchObject({ code: 0 });
    expect((await project.listed()).archives.map((each) => each.file)).toEqual([made[1], made[2]]);
    flip(inBackups(made[1] ?? ""));
    const ran = await project.backup(["prune", "--keep", "0", "--yes"]);
    expect(ran.stderr).toContain("No archive of web is sound");
    expect((await project.listed()).archives.length).toBe(2);
  });

  it("counts none of a wrong size for a sound one, and leaves it where it is", async () => {
    const made = [await project.created("web"), await project.created("web"), await project.created("web")].toSorted();
    const [oldest = "", sound = "", cut = ""] = made;
    truncateSync(inBackups(cut), statSync(inBackups(cut)).size - 20);
    for (const rule of ["--keep", "--keep-daily", "--keep-monthly"]) {
      const shown = await project.backup(["prune", rule, "1"]);
      expect(shown.stdout).toMatch(
        new RegExp(`keep +${cut}  \\(wrong size\\)\n +keep +${sound}  .*\n- remove +${oldest}`),
      );
    }
    expect(await project.backup(["prune", "--keep", "1", "--yes"])).toMatchObject({ code: 0 });
    expect((await project.listed()).archives.map((each) => each.file)).toEqual([sound, cut]);
    truncateSync(inBackups(sound), statSync(inBackups(sound)).size - 20);
    const ran = await project.backup(["prune", "web", "--keep", "1", "--yes"]);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining("No archive of web is sound") });
    expect((await project.listed()).archives.length).toBe(2);
  });

  it("judges machines of one name by the computer they were on", async () => {
    const [theirs = ""] = [await project.created("web"), await project.created("web")].toSorted();
    const sidecar = inBackups(theirs.replace(".tar.zst", ".json"));
    const metadata: object = JSON.parse(readFileSync(sidecar, "utf8"));
    writeFileSync(sidecar, JSON.stringify({ ...metadata, host: "another" }));
    const shown = await project.backup(["prune", "--keep", "1"]);
    expect(shown.stdout).toContain("Prune: 2 to keep, 0 to remove");
  });

  it("asks what to keep, and judges no folder that is not there", async () => {
    await project.created("web");
    expect((await project.backup(["prune", "--yes"])).stderr).toContain("ORB_USAGE");
    const ran = await project.orb(["backup", "prune", "--keep", "1", "--yes", "--dir", "not-mounted"]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("ORB_ARCHIVE_NOT_FOUND") });
    for (const word of ["list", "verify"]) {
      const { stderr } = await project.orb(["backup", word, "--dir", "not-mounted"]);
      expect(stderr).toContain("see that it is mounted");
      expect(stderr).not.toContain("orb backup list");
    }
  });

  it("refuses a machine of which there is no archive: a job of every night would prune nothing for ever", async () => {
    await project.created("web");
    for (const yes of [[], ["--yes"]]) {
      const ran = await project.backup(["prune", "wbe", "--keep", "1", ...yes]);
      expect(ran).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("ORB_ARCHIVE_NOT_FOUND") });
    }
    expect(await project.backup(["prune", "WEB", "--keep", "1", "--yes"])).toMatchObject({ code: 0 });
  });
});
