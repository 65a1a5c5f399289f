import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV } from "../../cli/flags.ts";
import { FROM_ARG, portOf, probe, PROBE_FLAGS, TO_ARG } from "../../cli/probe-flags.ts";

/** `orb probe tcp FROM TO PORT` */
export default class ProbeTcp extends BaseCommand {
  static override readonly summary = "Try a TCP port from inside a machine";
  static override readonly description = "Exits with 0 if the port takes connections, else with 1.";
  static override readonly examples = ["orb probe tcp web-1 db-1 5432"];
  static override readonly args = {
    from: FROM_ARG,
    to: TO_ARG,
    port: Args.string({ ...FROM_ARGV, description: "1 to 65535", name: "PORT", required: true }),
  };
  static override readonly flags = PROBE_FLAGS;

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbeTcp);
    const wish = { probe: "tcp", to: args.to, port: portOf(args.port) } as const;
    return probe(this.voice, { from: args.from, wish, flags });
  }
}
