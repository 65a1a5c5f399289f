import * as Args from "@oclif/core/args";
import { asJson, BACKUP_FLAGS, DIR_FLAG, TIMEOUT_FLAG, withBackups } from "../../cli/backup-flow.ts";
import { BaseCommand } from "../../cli/base-command.ts";
import { durationMs, FROM_ARGV } from "../../cli/flags.ts";
import { createdText, unreadNotice, unsettledNotice } from "../../report/archives-text.ts";

/** `orb backup create MACHINE --dir DIR` */
export default class BackupCreate extends BaseCommand {
  static override readonly summary = "Export a machine to an archive";
  static override readonly description =
    "Archive and metadata are put in place whole, or not at all. OrbStack pauses a running machine while it exports it; no machine is started or stopped.";
  static override readonly examples = [
    "orb backup create web-1 --dir ~/backups",
    "orb backup create machine.web --dir ~/backups",
  ];
  static override readonly args = {
    machine: Args.string({
      ...FROM_ARGV,
      description: "name of a machine, or its address in the stack: machine.web",
      name: "MACHINE",
      required: true,
    }),
  };
  static override readonly flags = { ...DIR_FLAG, ...TIMEOUT_FLAG, ...BACKUP_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(BackupCreate);
    const timeoutMs = durationMs(flags.timeout, "timeout");
    const made = await withBackups(this.voice, flags, ({ backups, folder, watching }) =>
      backups.create(args.machine, { ...watching, folder, timeoutMs }),
    );
    for (const notice of [unreadNotice(made.reading), unsettledNotice(made.path, made.unsettled)]) {
      if (notice !== undefined) this.tell.notice(notice);
    }
    const facts = asJson({ operation: "backup create", path: made.path, metadata: made.metadata });
    return this.done(createdText(made.path, made.metadata), facts);
  }
}
