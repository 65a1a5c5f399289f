import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { adoptFlow } from "../cli/apply-flow.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { APPLY_FLAGS, FROM_ARGV, INPUT_FLAGS, PROJECT_FLAGS, STACK_FLAG, TIMINGS_FLAG } from "../cli/flags.ts";
import { addressOf } from "../cli/request.ts";

/** `orb adopt ADDRESS NAME` */
export default class Adopt extends BaseCommand {
  static override readonly summary = "Take an existing machine into the state";
  static override readonly description =
    "The stack must declare the address. No machine is touched. Refused where the next plan would replace or delete the machine.";
  static override readonly examples = ["orb adopt machine.web web-1"];
  static override readonly args = {
    address: Args.string({
      ...FROM_ARGV,
      description: "address in the stack: machine.web",
      name: "ADDRESS",
      required: true,
    }),
    name: Args.string({ ...FROM_ARGV, description: "the machine's name now", name: "NAME", required: true }),
  };
  static override readonly flags = {
    "allow-replace": Flags.boolean({ description: "adopt although the next plan replaces or deletes it" }),
    "lock-timeout": APPLY_FLAGS["lock-timeout"],
    ...TIMINGS_FLAG,
    ...STACK_FLAG,
    ...INPUT_FLAGS,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Adopt);
    const which = { address: addressOf(args.address), name: args.name, allowReplace: flags["allow-replace"] };
    const call = { ...this.voice, flags: { ...flags, yes: true }, operation: "adopt" } as const;
    return this.withProject(flags.stack, flags, (project) => adoptFlow(project, call, which));
  }
}
