import { BaseCommand } from "../cli/base-command.ts";
import { FINDINGS_FLAGS, INPUT_FLAGS, PROJECT_FLAGS, STACK_ARG, UNTRUSTED_FLAGS } from "../cli/flags.ts";

/** `orb validate [STACK]` */
export default class Validate extends BaseCommand {
  static override readonly summary = "Check a stack without looking at any machine";
  static override readonly description = "Types, rules and the graph: what plan would refuse for the stack's own sake.";
  static override readonly examples = ["orb validate", "orb validate dev --json"];
  static override readonly args = STACK_ARG;
  static override readonly flags = { ...FINDINGS_FLAGS, ...INPUT_FLAGS, ...UNTRUSTED_FLAGS, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Validate);
    const { showValidation, validated } = await import("../cli/validation.ts");
    const found = await validated(() => this.withProject(args.stack, flags, (project) => project.validate()));
    return showValidation(found, { ...this.voice, ...this.formats(flags), ...args, flags });
  }
}
