import { applyFlow } from "../cli/apply-flow.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { APPLY_FLAGS, INPUT_FLAGS, PLAN_FLAGS, PROJECT_FLAGS, STACK_ARG } from "../cli/flags.ts";
import { requestOf } from "../cli/request.ts";

/** `orb destroy [STACK]` */
export default class Destroy extends BaseCommand {
  static override readonly summary = "Delete everything the state holds";
  static override readonly description =
    "Plans the deletion of every resource in the state, shows it, asks, and carries it out. Machines outside the state are never touched.";
  static override readonly examples = ["orb destroy dev", "orb destroy dev --target machine.web --yes"];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    ...APPLY_FLAGS,
    target: PLAN_FLAGS.target,
    exclude: PLAN_FLAGS.exclude,
    ...INPUT_FLAGS,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Destroy);
    const request = requestOf({ ...flags, destroy: true });
    const call = { ...this.voice, flags, operation: "destroy", request } as const;
    // Late: a plan has no use for it.
    const { warnOfOtherEnvs } = await import("../cli/no-state.ts");
    return this.withProject(args.stack, flags, async (project) => {
      this.tell.diagnostics(await warnOfOtherEnvs(project));
      return await applyFlow(project, call);
    });
  }
}
