import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_ARG } from "../cli/flags.ts";
import { showOutputs } from "../cli/show-outputs.ts";

/** `orb outputs [STACK] [NAME]` */
export default class Outputs extends BaseCommand {
  static override readonly summary = "Print the outputs of the last apply";
  static override readonly description =
    "All of them, or one by name: then the bare value. A sensitive output is not stored and can't be printed.";
  static override readonly examples = ["orb outputs dev", "orb outputs dev address", "orb outputs dev --format dotenv"];
  static override readonly args = {
    ...STACK_ARG,
    name: Args.string({ ...FROM_ARGV, description: "one output: its bare value", name: "NAME" }),
  };
  static override readonly flags = {
    format: Flags.string({
      description: "text, json, or dotenv lines",
      options: ["text", "json", "dotenv"],
      default: "text",
      helpValue: "FORMAT",
    }),
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Outputs);
    const outputs = (await this.withProject(args.stack, flags, (project) => project.snapshot()))?.outputs ?? {};
    return showOutputs(outputs, this.console, { name: args.name, format: this.json ? "json" : flags.format });
  }
}
