import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { apart } from "../cli/argv.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { FROM_ARGV, MANY_FLAGS, PROJECT_FLAGS, STACK_FLAG } from "../cli/flags.ts";

/** `orb copy SRC… DEST` */
export default class Copy extends BaseCommand {
  static override readonly summary = "Copy files and folders into machines, or out of them";
  static override readonly description =
    "One side is SELECTOR:PATH with an absolute path inside. PATH is the name that the copy gets; with / at its end, the folder that it is put into; FOLDER/. means what is in a folder. Each file appears only once it is there whole. Read and written as root. Out of several machines, each machine's files come into a folder of its name. Exit code 1 if anything was not copied.";
  static override readonly examples = [
    "orb copy ./site team=web:/var/www/ --owner www-data",
    "orb copy app.conf web-1:/etc/app.conf --mode 600",
    "orb copy 'web-*:/var/log/nginx' ./logs/",
  ];
  static override readonly args = {
    source: Args.string({
      ...FROM_ARGV,
      description: "files and folders here, or SELECTOR:PATH; a name here with a colon is written ./a:b",
      name: "SRC…",
      required: true,
    }),
    target: Args.string({ ...FROM_ARGV, description: "SELECTOR:PATH, or a path here", name: "DEST", required: true }),
  };
  static override readonly flags = {
    owner: Flags.string({
      description: "user or user:group; else that of the file replaced, else that of its folder",
      helpValue: "OWNER",
    }),
    mode: Flags.string({ description: "of files, in octal: 644; else as on this side", helpValue: "MODE" }),
    ...MANY_FLAGS,
    ...STACK_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { own, words, rest } = apart(this.argv, Copy.flags);
    const { flags } = await this.read({ flags: Copy.flags }, own);
    const call = { ...this.voice, flags, words: [...words, ...rest] };
    // Late: a plan has no use for what works inside machines.
    const { copyFlow } = await import("../cli/copy-flow.ts");
    return this.withMachines(flags.stack, flags, (machines) => copyFlow(machines, call));
  }
}
