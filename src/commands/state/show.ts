import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";

/** `orb state show ADDRESS` */
export default class StateShow extends BaseCommand {
  static override readonly summary = "Show one resource of the state";
  static override readonly description = "Everything the state knows of it, secrets aside: they are never in it.";
  static override readonly examples = ["orb state show machine.web"];
  static override readonly args = {
    address: Args.string({
      ...FROM_ARGV,
      description: "address in the state: machine.web",
      name: "ADDRESS",
      required: true,
    }),
  };
  static override readonly flags = { ...STACK_FLAG, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateShow);
    const snapshot = await this.withProject(flags.stack, flags, (project) => project.snapshot());
    // Late: a plan has no use for it.
    const { showResource } = await import("../../cli/show-snapshot.ts");
    return showResource(snapshot, args.address, this);
  }
}
