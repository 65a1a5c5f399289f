import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";
import { addressOf } from "../../cli/request.ts";

/** `orb state mark ADDRESS ready|failed` */
export default class StateMark extends BaseCommand {
  static override readonly summary = "Say that a machine is ready, or that it failed";
  static override readonly description =
    "A machine marked as failed is replaced by the next apply; one marked as ready is taken as it is.";
  static override readonly examples = ["orb state mark machine.web ready"];
  static override readonly args = {
    address: Args.string({
      ...FROM_ARGV,
      description: "address in the state: machine.web",
      name: "ADDRESS",
      required: true,
    }),
    as: Args.option({ ...FROM_ARGV, description: "what it is", name: "AS", options: ["ready", "failed"] as const })({
      required: true,
    }),
  };
  static override readonly flags = { ...STACK_FLAG, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateMark);
    const address = addressOf(args.address);
    const { markResource } = await import("../../cli/state-edits.ts");
    await this.withProject(flags.stack, flags, (project) =>
      project.stateEdit("state mark", (snapshot) => markResource(snapshot, address, args.as)),
    );
    return this.done(`Marked ${address} as ${args.as}.`, { address, as: args.as, operation: "mark" });
  }
}
