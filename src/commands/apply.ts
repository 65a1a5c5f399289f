import * as Flags from "@oclif/core/flags";
import { applyFlow } from "../cli/apply-flow.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { APPLY_FLAGS, INPUT_FLAGS, MODE_FLAGS, PLAN_FLAGS, PROJECT_FLAGS, STACK_ARG } from "../cli/flags.ts";
import { requestOf } from "../cli/request.ts";

/** `orb apply [STACK]` */
export default class Apply extends BaseCommand {
  static override readonly summary = "Make live what the stack says";
  static override readonly description =
    "Plans, shows the plan, asks, and carries it out. What a run that died left behind is taken over first.";
  static override readonly examples = ["orb apply", "orb apply dev --yes", "orb apply --target machine.web"];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    ...APPLY_FLAGS,
    ...MODE_FLAGS,
    ...PLAN_FLAGS,
    "allow-replace": Flags.boolean({ description: "an adopted machine may be replaced or deleted by this very plan" }),
    ...INPUT_FLAGS,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Apply);
    const call = { ...this.voice, flags, operation: "apply", request: requestOf(flags) } as const;
    return this.withProject(args.stack, flags, (project) => applyFlow(project, call));
  }
}
