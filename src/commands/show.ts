import { BaseCommand } from "../cli/base-command.ts";
import { PROJECT_FLAGS, REPORT_FLAGS, STACK_OR_PLAN_ARG } from "../cli/flags.ts";

/** `orb show [STACK|PLANFILE]` */
export default class Show extends BaseCommand {
  static override readonly summary = "Show the state, or a plan that was kept";
  static override readonly description =
    "Reads the snapshot and what a run under way has added to it, or the file of a plan. Asks no machine.";
  static override readonly examples = ["orb show dev", "orb show dev --json", "orb show plan.json --format text"];
  static override readonly args = STACK_OR_PLAN_ARG;
  static override readonly flags = { ...REPORT_FLAGS, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Show);
    const how = { ...this.voice, ...this.formats(flags) };
    const file = await this.planFile(args.stack);
    if (file !== undefined) {
      const { showPlanFile } = await import("../cli/show-plan-file.ts");
      return await showPlanFile(file, how);
    }
    const snapshot = await this.withProject(args.stack, flags, (project) => project.snapshot());
    // Late: a plan has no use for it.
    const { showSnapshot } = await import("../cli/show-snapshot.ts");
    return showSnapshot(snapshot, how);
  }
}
