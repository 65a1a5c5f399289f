import * as Args from "@oclif/core/args";
import { BACKUP_FLAGS, DIR_FLAG, withBackups } from "../../cli/backup-flow.ts";
import { verifyFlow } from "../../cli/backup-verify.ts";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV } from "../../cli/flags.ts";

/** `orb backup verify [ARCHIVE] --dir DIR` */
export default class BackupVerify extends BaseCommand {
  static override readonly summary = "Verify archives by digest and by reading them";
  static override readonly description =
    "Compares size and digest with the metadata, and reads each archive to its end. Exits with 1 if any is damaged.";
  static override readonly examples = ["orb backup verify --dir ~/backups", "orb backup verify web-1 --dir ~/backups"];
  static override readonly args = {
    archive: Args.string({
      ...FROM_ARGV,
      description: "an archive's file name, or a machine: all of its archives",
      name: "ARCHIVE",
    }),
  };
  static override readonly flags = { ...DIR_FLAG, ...BACKUP_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(BackupVerify);
    return withBackups(this.voice, flags, (work) => verifyFlow(work, this.voice, args.archive));
  }
}
