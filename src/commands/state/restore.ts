import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { APPLY_FLAGS, FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";

/** `orb state restore SERIAL` */
export default class StateRestore extends BaseCommand {
  static override readonly summary = "Put a kept snapshot back";
  static override readonly description =
    "It becomes the newest one; orb history shows which are kept. No machine is touched: what was made since is no longer managed, and what was deleted since the next apply makes again. Says so, and asks.";
  static override readonly examples = ["orb state restore 12", "orb state restore 12 --yes --stack dev"];
  static override readonly args = {
    serial: Args.string({ ...FROM_ARGV, description: "the snapshot's number", name: "SERIAL", required: true }),
  };
  static override readonly flags = { yes: APPLY_FLAGS.yes, ...STACK_FLAG, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateRestore);
    // Late: a plan has no use for it.
    const { serialOf } = await import("../../cli/read-words.ts");
    const { stack, env, driver } = flags;
    const said = { stack, ...(env !== undefined && { env }), ...(driver !== undefined && { driver }) };
    const asked = { serial: serialOf(args.serial), yes: flags.yes, said };
    const { restoreFlow } = await import("../../cli/history-flow.ts");
    return this.withProject(flags.stack, flags, (project) => restoreFlow(project, this.voice, asked));
  }
}
