import { BaseCommand } from "../cli/base-command.ts";
import { INPUT_FLAGS, PROJECT_FLAGS, REPORT_FLAGS, STACK_ARG, TIMINGS_FLAG, UNTRUSTED_FLAGS } from "../cli/flags.ts";
import { requestOf } from "../cli/request.ts";
import { showDrift } from "../cli/show-plan.ts";

/** `orb drift [STACK]` */
export default class Drift extends BaseCommand {
  static override readonly summary = "Show what changed outside of Orbform";
  static override readonly description = "Exits with 2 if anything did, with 0 if nothing did. Reads only.";
  static override readonly examples = ["orb drift dev", "orb drift dev --json"];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    ...REPORT_FLAGS,
    ...INPUT_FLAGS,
    ...UNTRUSTED_FLAGS,
    ...TIMINGS_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Drift);
    const request = requestOf({ "refresh-only": true });
    const planned = await this.planning({ ...args, command: "drift" }, flags, (project) => project.plan(request));
    return showDrift(planned, { ...this.voice, ...this.formats(flags), request, detailed: false });
  }
}
