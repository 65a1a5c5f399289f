import * as Flags from "@oclif/core/flags";
import { applyFlow } from "../cli/apply-flow.ts";
import { BaseCommand } from "../cli/base-command.ts";
import type { PlanFile } from "../cli/plan-file.ts";
import type { SavedFlags } from "../cli/saved-flow.ts";
import { APPLY_FLAGS, INPUT_FLAGS, MODE_FLAGS, PLAN_FLAGS, PROJECT_FLAGS, STACK_OR_PLAN_ARG } from "../cli/flags.ts";
import { requestOf } from "../cli/request.ts";

/** `orb apply [STACK|PLANFILE]` */
export default class Apply extends BaseCommand {
  static override readonly summary = "Make live what the stack says";
  static override readonly description =
    "Plans, shows the plan, asks, and carries it out. A plan file is carried out exactly, or not at all, and nobody is asked. " +
    "What a run that died left behind is taken over first.";
  static override readonly examples = ["orb apply", "orb apply dev --yes", "orb apply plan.json"];
  static override readonly args = STACK_OR_PLAN_ARG;
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
    const file = await this.planFile(args.stack);
    if (file !== undefined) return await this.#applySaved(file, flags);
    const call = { ...this.voice, flags, operation: "apply", request: requestOf(flags) } as const;
    return this.withProject(args.stack, flags, (project) => applyFlow(project, call));
  }

  async #applySaved({ saved }: PlanFile, flags: SavedFlags): Promise<number> {
    const { isGiven, projectOf, refusePlanning, savedFlow } = await import("../cli/saved-flow.ts");
    refusePlanning(flags, saved);
    const call = { ...this.voice, flags, operation: "apply", saved, given: isGiven(flags) } as const;
    return await this.withProject(undefined, projectOf(saved, flags), (project) => savedFlow(project, call));
  }
}
