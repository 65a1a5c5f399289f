import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { PROJECT_FLAGS, STACK_ARG } from "../cli/flags.ts";
import { showSnapshot } from "../cli/show-snapshot.ts";

/** `orb show [STACK]` */
export default class Show extends BaseCommand {
  static override readonly summary = "Show the state: what Orbform made";
  static override readonly description =
    "Reads the snapshot and what a run under way has added to it. Asks no machine.";
  static override readonly examples = ["orb show dev", "orb show dev --json"];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    format: Flags.string({
      description: "text, or one JSON object",
      options: ["text", "json"],
      default: "text",
      helpValue: "FORMAT",
    }),
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Show);
    const snapshot = await this.withProject(args.stack, flags, (project) => project.snapshot());
    return showSnapshot(snapshot, this.console, this.json || flags.format === "json");
  }
}
