import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";
import { addressOf } from "../../cli/request.ts";

/** `orb state rm ADDRESS` */
export default class StateRm extends BaseCommand {
  static override readonly summary = "Forget a resource; the machine stays";
  static override readonly description =
    "Takes a resource out of the state. No machine is touched: it goes on, unmanaged.";
  static override readonly examples = ["orb state rm machine.web"];
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
    const { args, flags } = await this.read(StateRm);
    const address = addressOf(args.address);
    const { removeResource } = await import("../../cli/state-edits.ts");
    await this.withProject(flags.stack, flags, (project) =>
      project.stateEdit("state rm", (snapshot) => removeResource(snapshot, address)),
    );
    return this.done(`Removed ${address} from the state.`, { address, operation: "rm" });
  }
}
