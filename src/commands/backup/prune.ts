import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { BACKUP_FLAGS, DIR_FLAG, withBackups } from "../../cli/backup-flow.ts";
import { pruneFlow } from "../../cli/backup-prune.ts";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV } from "../../cli/flags.ts";

const count = { min: 0, helpValue: "N" } as const;

/** `orb backup prune [MACHINE] --dir DIR` */
export default class BackupPrune extends BaseCommand {
  static override readonly summary = "Remove archives that no rule keeps";
  static override readonly description =
    "Each machine for itself. Shows what would go; --yes removes it. The newest archive that is sound now always stays, and so does every file that Orbform did not make.";
  static override readonly examples = [
    "orb backup prune --dir ~/backups --keep 3 --keep-daily 7 --keep-weekly 4",
    "orb backup prune web-1 --dir ~/backups --keep 3 --yes",
  ];
  static override readonly args = {
    machine: Args.string({ ...FROM_ARGV, description: "only archives of this machine", name: "MACHINE" }),
  };
  static override readonly flags = {
    ...DIR_FLAG,
    keep: Flags.integer({ ...count, description: "keep the newest N" }),
    "keep-daily": Flags.integer({ ...count, description: "keep the newest of each of the last N days with any" }),
    "keep-weekly": Flags.integer({ ...count, description: "the same by week" }),
    "keep-monthly": Flags.integer({ ...count, description: "the same by month" }),
    yes: Flags.boolean({ description: "remove them" }),
    ...BACKUP_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(BackupPrune);
    const call = { machine: args.machine, flags, yes: flags.yes };
    return withBackups(this.voice, flags, (work) => pruneFlow(work, this.voice, call));
  }
}
