import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV } from "../../cli/flags.ts";
import { FROM_ARG, probe, PROBE_FLAGS } from "../../cli/probe-flags.ts";

/** `orb probe http FROM TO [PORT]` */
export default class ProbeHttp extends BaseCommand {
  static override readonly summary = "Make an HTTP request from inside a machine";
  static override readonly description =
    "Exits with 0 if there was an answer, whatever its status, else with 1. The status is told.";
  static override readonly examples = [
    "orb probe http web-1 db-1",
    "orb probe http web-1 db-1 8080/health",
    "orb probe http web-1 https://example.com/",
  ];
  static override readonly args = {
    from: FROM_ARG,
    to: Args.string({
      ...FROM_ARGV,
      description: "another machine, a host's full name or address, or a URL",
      name: "TO",
      required: true,
    }),
    at: Args.string({ ...FROM_ARGV, description: "port, path or both: 8080, /health, 8080/health", name: "PORT" }),
  };
  static override readonly flags = PROBE_FLAGS;

  async run(): Promise<number> {
    const { args, flags } = await this.read(ProbeHttp);
    const wish = { probe: "http", to: args.to, at: args.at ?? "" } as const;
    return probe(this.voice, { from: args.from, wish, flags });
  }
}
