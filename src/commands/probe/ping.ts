import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARG, probe, PROBE_FLAGS, TO_ARG } from "../../cli/probe-flags.ts";

/** `orb probe ping FROM TO` */
export default class ProbePing extends BaseCommand {
  static override readonly summary = "Ping a machine or a host from inside a machine";
  static override readonly description =
    "A machine is asked for as NAME.orb.local. Exits with 0 if all came back, else with 1.";
  static override readonly examples = ["orb probe ping web-1 db-1", "orb probe ping machine.web example.com --count 1"];
  static override readonly args = { from: FROM_ARG, to: TO_ARG };
  static override readonly flags = {
    count: Flags.integer({ description: "how many packets", min: 1, max: 20, default: 3, helpValue: "N" }),
    ...PROBE_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbePing);
    const wish = { probe: "ping", to: args.to, count: flags.count } as const;
    return probe(this.voice, { from: args.from, wish, flags });
  }
}
