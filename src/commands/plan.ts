import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import {
  INPUT_FLAGS,
  MODE_FLAGS,
  PLAN_FLAGS,
  PROJECT_FLAGS,
  REPORT_FLAGS,
  STACK_ARG,
  TIMINGS_FLAG,
  UNTRUSTED_FLAGS,
} from "../cli/flags.ts";
import { checkOut, keepPlan, refuseSource } from "../cli/keep-plan.ts";
import { requestOf } from "../cli/request.ts";
import { showPlan } from "../cli/show-plan.ts";

/** `orb plan [STACK]` */
export default class Plan extends BaseCommand {
  static override readonly summary = "Show what apply would change, and why";
  static override readonly description =
    "Compares the stack with what exists and shows what an apply would do. Reads only: nothing is locked or written.";
  static override readonly examples = [
    "orb plan",
    "orb plan dev --target machine.web",
    "orb plan --detailed-exitcode --json",
    "orb plan --out plan.json",
  ];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    ...MODE_FLAGS,
    ...PLAN_FLAGS,
    ...INPUT_FLAGS,
    ...UNTRUSTED_FLAGS,
    "detailed-exitcode": Flags.boolean({ description: "exit 2 where there are changes, 0 where there are none" }),
    out: Flags.string({
      description: "keep the plan in this file, for review and for orb apply FILE",
      helpValue: "FILE",
      parse: async (file: string) => refuseSource(file),
    }),
    ...REPORT_FLAGS,
    ...TIMINGS_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Plan);
    const request = requestOf(flags);
    const { out } = flags;
    if (out !== undefined) await checkOut(out, flags, this.console.cwd);
    const planned = await this.planning({ ...args, command: "plan" }, flags, async (project) => {
      const made = await project.plan(request);
      if (out !== undefined) await keepPlan(project, made, { request, out, cwd: this.console.cwd });
      return made;
    });
    const how = { ...this.voice, ...this.formats(flags), request, detailed: flags["detailed-exitcode"] };
    return await showPlan(planned, out === undefined ? how : { ...how, kept: out });
  }
}
