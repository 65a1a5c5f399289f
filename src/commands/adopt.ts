import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { INPUT_FLAGS, PROJECT_FLAGS, STACK_FLAG } from "../cli/flags.ts";
import { addressOf } from "../cli/request.ts";

/** `orb adopt ADDRESS NAME` */
export default class Adopt extends BaseCommand {
  static override readonly summary = "Take an existing machine into the state";
  static override readonly description =
    "The stack must declare the address. No machine is touched. Refused where the next plan would replace or delete the machine.";
  static override readonly examples = ["orb adopt machine.web web-1"];
  static override readonly args = {
    address: Args.string({ description: "address in the stack: machine.web", name: "ADDRESS", required: true }),
    name: Args.string({ description: "the machine's name now", name: "NAME", required: true }),
  };
  static override readonly flags = {
    "allow-replace": Flags.boolean({ description: "adopt although the next plan replaces or deletes it" }),
    ...STACK_FLAG,
    ...INPUT_FLAGS,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Adopt);
    const address = addressOf(args.address);
    const options = { allowReplace: flags["allow-replace"] };
    await this.withProject(flags.stack, flags, (project) => project.adopt(address, args.name, options));
    return this.done(`Adopted ${JSON.stringify(args.name)} as ${address}.`, { address, operation: "adopt" });
  }
}
