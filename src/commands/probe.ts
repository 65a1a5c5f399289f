import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV } from "../cli/flags.ts";
import { PROBE_FLAGS } from "../cli/probe-flags.ts";
import { showStatus } from "../cli/show-probe.ts";
import { withKnowing } from "../cli/with-knowing.ts";

/** `orb probe [MACHINE…]` */
export default class Probe extends BaseCommand {
  static override readonly summary = "Show how machines are, from outside and from inside";
  static override readonly description =
    "State, image, limits, addresses, routes, name servers, listening ports. All machines of the stack where none is named. More: orb probe ping, tcp, http, dns, logs, ssh.";
  static override readonly examples = ["orb probe web-1", "orb probe machine.web db --json", "orb probe --all"];
  static override readonly args = {
    machine: Args.string({
      ...FROM_ARGV,
      description: "names, ids or addresses in the stack",
      name: "MACHINE",
      multiple: true,
    }),
  };
  static override readonly flags = {
    all: Flags.boolean({ description: "every machine OrbStack has, not only the stack's" }),
    ...PROBE_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Probe);
    const { stack, all, start } = flags;
    const words = args.machine ?? [];
    const asked = { stack, all: all || words.length > 0, flags };
    const found = await withKnowing(this.voice, asked, (machines) => machines.status({ words, all, start }));
    return showStatus(found, this);
  }
}
