import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../../cli/base-command.ts";
import { LOOK_FLAGS, MACHINE_ARG } from "../../cli/probe-flags.ts";
import { showLog } from "../../cli/show-probe.ts";
import { withKnowing } from "../../cli/with-knowing.ts";

/** `orb probe logs MACHINE` */
export default class ProbeLogs extends BaseCommand {
  static override readonly summary = "Print a machine's boot log";
  static override readonly description = "Without terminal controls, whatever the machine wrote. Starts no machine.";
  static override readonly examples = ["orb probe logs web-1 --lines 50"];
  static override readonly args = { machine: MACHINE_ARG };
  static override readonly flags = {
    lines: Flags.integer({ description: "only so many lines of its end", min: 1, helpValue: "N" }),
    ...LOOK_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbeLogs);
    const asked = { stack: flags.stack, all: true, flags };
    const found = await withKnowing(this.voice, asked, (machines) => machines.log(args.machine));
    return showLog(found, flags.lines, this);
  }
}
