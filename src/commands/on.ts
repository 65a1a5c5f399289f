import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { apart } from "../cli/argv.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV, MANY_FLAGS, PROJECT_FLAGS, STACK_FLAG } from "../cli/flags.ts";

/** `orb on SELECTOR CMD…` */
export default class On extends BaseCommand {
  static readonly passesOn = true;
  static readonly failsWith = 255;
  static override readonly summary = "Run a command on one machine or many";
  static override readonly description =
    "Everything after SELECTOR and our options is the command, an argument list: no shell reads it. On one machine its output is passed on byte for byte and its exit code is ours; 255: it was not run or its end was not seen; 124: its time was up. On several, each line gets its machine's name; 0: all succeeded, 1: one failed, 255: one could not be reached.";
  static override readonly examples = [
    "orb on web-1 uname -r",
    "orb on --sudo team=web systemctl restart nginx",
    "orb on 'web-*,db' --parallelism 20 -- sh -c 'df -h / | tail -1'",
  ];
  static override readonly args = {
    selector: Args.string({
      ...FROM_ARGV,
      description:
        "a machine's name (any machine), or machines of the stack's state: machine.web, team=web, @group, web-*; several with commas",
      name: "SELECTOR",
      required: true,
    }),
    command: Args.string({ ...FROM_ARGV, description: "the program and its arguments", name: "CMD…", required: true }),
  };
  static override readonly flags = {
    user: Flags.string({ description: "who runs it; else the machine's default user", helpValue: "NAME" }),
    sudo: Flags.boolean({ description: "as root; no sudo need be installed", exclusive: ["user"] }),
    workdir: Flags.string({ description: "where it runs", default: "/", helpValue: "PATH" }),
    "pass-env": Flags.string({
      description: "give it variables of ours, by name",
      multiple: true,
      multipleNonGreedy: true,
      helpValue: "NAMES",
    }),
    stdin: Flags.boolean({ description: "give it our standard input; else it reads nothing" }),
    ...MANY_FLAGS,
    ...STACK_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { own, words, rest } = apart(this.argv, On.flags);
    const { flags } = await this.read({ flags: On.flags }, own);
    const call = { ...this.voice, flags, words, command: rest };
    // Late: a plan has no use for what works inside machines.
    const { flagsFirst, onFlow } = await import("../cli/on-flow.ts");
    return this.withMachines(flags.stack, flags, (machines) => onFlow(machines, call)).catch(flagsFirst);
  }
}
