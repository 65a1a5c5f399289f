import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../cli/flags.ts";

/** `orb history [STACK] [SERIAL]` */
export default class History extends BaseCommand {
  static override readonly summary = "Show what was applied when, and by whom";
  static override readonly description =
    "The last 20 snapshots of the state, newest first: serial, time, who, which command, and what changed. With a serial: what was in that one, or with --diff what it changed. Asks no machine. To put one back: orb state restore.";
  static override readonly examples = ["orb history dev", "orb history dev 12 --diff", "orb history dev --json"];
  static override readonly args = {
    stack: Args.string({
      ...FROM_ARGV,
      description: "name or path of the stack; may be left out where there is only one",
      name: "STACK",
    }),
    serial: Args.string({ ...FROM_ARGV, description: "a snapshot's number", name: "SERIAL" }),
  };
  static override readonly flags = {
    diff: Flags.boolean({ description: "what that snapshot changed, line by line" }),
    ...STACK_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(History);
    // Late: a plan has no use for it.
    const { historyWords } = await import("../cli/read-words.ts");
    const { stack = flags.stack, serial } = historyWords([args.stack, args.serial], flags.diff);
    const { historyFlow } = await import("../cli/history-flow.ts");
    return this.withProject(stack, flags, (project) => historyFlow(project, this.voice, { serial, diff: flags.diff }));
  }
}
