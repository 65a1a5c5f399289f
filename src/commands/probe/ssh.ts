import { BaseCommand } from "../../cli/base-command.ts";
import { LOOK_FLAGS, MACHINE_ARG } from "../../cli/probe-flags.ts";
import { showConnection } from "../../cli/show-probe.ts";
import { withKnowing } from "../../cli/with-knowing.ts";

/** `orb probe ssh MACHINE` */
export default class ProbeSsh extends BaseCommand {
  static override readonly summary = "Print how to reach a machine by SSH";
  static override readonly description =
    "The command that connects, then host, port, user and key. For entries in a file, see orb inventory --format ssh-config.";
  static override readonly examples = ["orb probe ssh web-1", "orb probe ssh machine.web --json"];
  static override readonly args = { machine: MACHINE_ARG };
  static override readonly flags = LOOK_FLAGS;

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbeSsh);
    const asked = { stack: flags.stack, all: true, flags };
    const found = await withKnowing(this.voice, asked, (machines) => machines.connection(args.machine));
    return showConnection(found, this);
  }
}
