import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV } from "../../cli/flags.ts";
import { DNS_FLAGS, dnsType, FROM_ARG, probe, PROBE_FLAGS } from "../../cli/probe-flags.ts";

/** `orb probe dns FROM NAME` */
export default class ProbeDns extends BaseCommand {
  static override readonly summary = "Look a name up from inside a machine";
  static override readonly description =
    "Asks by what the machine has: dig, drill, host, nslookup, resolvectl; for addresses also getent and Python. Exits with 0 if there are records, else with 1.";
  static override readonly examples = ["orb probe dns web-1 db-1", "orb probe dns web-1 example.com --type MX"];
  static override readonly args = {
    from: FROM_ARG,
    name: Args.string({
      ...FROM_ARGV,
      description: "the name; of a machine, its NAME.orb.local",
      name: "NAME",
      required: true,
    }),
  };
  static override readonly flags = { ...DNS_FLAGS, ...PROBE_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbeDns);
    const wish = { probe: "dns", to: args.name, type: dnsType(flags.type) } as const;
    return probe(this.voice, { from: args.from, wish, flags });
  }
}
