import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { asJson, BACKUP_FLAGS, TIMEOUT_FLAG, withBackups } from "../../cli/backup-flow.ts";
import { BaseCommand } from "../../cli/base-command.ts";
import { durationMs, FROM_ARGV } from "../../cli/flags.ts";
import { restoredText } from "../../report/archives-text.ts";

/** `orb backup restore ARCHIVE` */
export default class BackupRestore extends BaseCommand {
  static override readonly summary = "Make a machine from an archive";
  static override readonly description =
    "Verifies the archive first. Refused where there is a machine of that name. The machine belongs to no stack: orb adopt takes it into one.";
  static override readonly examples = [
    "orb backup restore web-1 --dir ~/backups",
    "orb backup restore ~/backups/web-1-20261123T101500Z.tar.zst --name web-2",
  ];
  static override readonly args = {
    archive: Args.string({
      ...FROM_ARGV,
      description: "an archive's name or path, or a machine: its newest archive",
      name: "ARCHIVE",
      required: true,
    }),
  };
  static override readonly flags = {
    dir: Flags.string({ description: "folder of the archives; default: this one", helpValue: "DIR" }),
    name: Flags.string({
      description: "name of the new machine; default: that of the exported one",
      helpValue: "NAME",
    }),
    "no-verify": Flags.boolean({ description: "restore it without verifying it first" }),
    ...TIMEOUT_FLAG,
    ...BACKUP_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(BackupRestore);
    const call = {
      which: args.archive,
      name: flags.name,
      verify: !flags["no-verify"],
      timeoutMs: durationMs(flags.timeout, "timeout"),
    };
    const made = await withBackups(this.voice, flags, ({ backups, folder, watching }) =>
      backups.restore({ ...watching, ...call, folder }),
    );
    if (made.answerLost)
      this.tell.notice(
        "OrbStack's answer was lost; the machine was found by its name. Look into it before you rely on it.",
      );
    return this.done(restoredText(made), asJson({ operation: "backup restore", machine: made }));
  }
}
