import { asJson, BACKUP_FLAGS, DIR_FLAG, withBackups } from "../../cli/backup-flow.ts";
import { BaseCommand } from "../../cli/base-command.ts";
import { folderText } from "../../report/archives-text.ts";

/** `orb backup list --dir DIR` */
export default class BackupList extends BaseCommand {
  static override readonly summary = "List the archives in a folder";
  static override readonly description =
    "With what their metadata says, and which lack metadata or their archive. Reads no archive and asks no machine.";
  static override readonly examples = ["orb backup list --dir ~/backups"];
  static override readonly flags = { ...DIR_FLAG, ...BACKUP_FLAGS };

  async run(): Promise<number> {
    const { flags } = await this.read(BackupList);
    const found = await withBackups(this.voice, flags, ({ backups, folder }) => backups.list(folder));
    const facts = { archives: found.stored, unfinished: found.unfinished };
    if (this.json) return this.done("", asJson(facts));
    this.console.out(folderText(found.stored, found.unfinished, this.console.outTheme));
    return 0;
  }
}
