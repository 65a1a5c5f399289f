import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { TestProject, type Ran } from "./project.ts";

/** What `orb backup list --json` says of one name. */
export interface ListedArchive {
  readonly kind: string;
  readonly file: string;
  readonly metadata?: Record<string, unknown>;
}

/** A backup command under way. */
interface Telling {
  /** What stands on its standard error by now. */
  readonly told: () => string;
  readonly ended: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** A project with a folder for backups, and an `orbctl` that can be made to fail at exporting and importing. */
export class BackupProject extends TestProject {
  readonly backups = join(this.folder, "backups");
  /** Lines that scripts of a test write: what they did, in order. */
  readonly log = join(this.folder, "orbctl.log");

  /** Runs `orb backup WORDS --dir …`. */
  backup(words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    return this.orb(["backup", ...words, "--dir", this.backups], env);
  }

  /** Starts `orb backup WORDS --dir …`, whose telling can be read while it runs. */
  telling(...words: readonly string[]): Telling {
    return this.startTelling(["backup", ...words, "--dir", this.backups]);
  }

  /** Starts `orb ARGS`, whose telling can be read while it runs. */
  startTelling(args: readonly string[]): Telling {
    const path = join(this.folder, "told");
    const told = openSync(path, "w");
    const child = spawn(process.execPath, [TestProject.ORBFORM, ...args], {
      cwd: this.project,
      env: this.env,
      stdio: ["ignore", "ignore", told],
    });
    closeSync(told);
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    return { told: () => readFileSync(path, "utf8"), ended, kill: (signal) => child.kill(signal) };
  }

  /** Exports a machine, which must succeed; gives the archive's name. */
  async created(machine: string): Promise<string> {
    const ran = await this.backup(["create", machine, "--json"]);
    expect(ran, ran.stderr + ran.stdout).toMatchObject({ code: 0 });
    return JSON.parse(ran.stdout.trim().split("\n").at(-1) ?? "").metadata.archive;
  }

  /** Everything in the backup folder, hidden or not. */
  files(): readonly string[] {
    return existsSync(this.backups) ? readdirSync(this.backups).toSorted() : [];
  }

  async listed(): Promise<{ archives: readonly ListedArchive[]; unfinished: readonly { status: string }[] }> {
    return JSON.parse((await this.backup(["list", "--json"])).stdout);
  }

  /** The verdicts on all archives, by their names. */
  async verdicts(): Promise<Record<string, string>> {
    if (!existsSync(this.backups)) return {};
    const { verdicts } = JSON.parse((await this.backup(["verify", "--json"])).stdout);
    return Object.fromEntries(verdicts.map((each: { file: string; verdict: string }) => [each.file, each.verdict]));
  }

  /** Puts shell code around one command of orbctl: `body` may call `real "$@"`, and has the file's path in `$file`. */
  around(command: "export" | "import", body: string): void {
    const real = readFileSync(join(this.bin, "orbctl"), "utf8")
      .replace(/^#!.*\n/, "")
      .replace("exec ", "");
    this.script(
      "orbctl",
      `real() {\n${real}}\nsay() { echo "$*" >> "${this.log}"; }\n` +
        `if [ "$1" = ${command} ]; then for file in "$@"; do :; done\n${body}\nexit; fi\nreal "$@"`,
    );
  }

  logged(): readonly string[] {
    return existsSync(this.log) ? readFileSync(this.log, "utf8").split("\n").filter(Boolean) : [];
  }
}
