import * as Args from "@oclif/core/args";
import * as Flags from "@oclif/core/flags";
import { adoptAllFlow, adoptFlow } from "../cli/apply-flow.ts";
import { apart } from "../cli/argv.ts";
import { BaseCommand } from "../cli/base-command.ts";
import { APPLY_FLAGS, FROM_ARGV, INPUT_FLAGS, PROJECT_FLAGS, STACK_FLAG, TIMINGS_FLAG } from "../cli/flags.ts";

/** `orb adopt ADDRESS NAME`, `orb adopt --all`, `orb adopt --generate [NAME…]` */
export default class Adopt extends BaseCommand {
  static override readonly summary = "Take existing machines into the state";
  static override readonly description =
    "No machine is touched. With ADDRESS and NAME: one machine; the stack must declare the address. With --all: every machine of the stack that exists and is not in the state, in one go, or none. With --generate: writes the code of a stack for the machines named, or for all that no state manages; --all then takes them over, and the plan is empty. Refused where the next plan would replace or delete a machine.";
  static override readonly examples = [
    "orb adopt machine.web web-1",
    "orb adopt --generate --out stacks/found.ts",
    "orb adopt --all --stack found",
    "orb adopt --generate web-1 web-2 > stacks/web.ts",
  ];
  static override readonly args = {
    address: Args.string({ ...FROM_ARGV, description: "address in the stack: machine.web", name: "ADDRESS" }),
    name: Args.string({ ...FROM_ARGV, description: "the machine's name now", name: "NAME" }),
  };
  static override readonly flags = {
    all: Flags.boolean({ description: "every machine of the stack that exists, by its name", exclusive: ["generate"] }),
    generate: Flags.boolean({ description: "write code for machines that exist; their names may follow" }),
    out: Flags.string({
      description: "the file that --generate writes; one that is there is never overwritten",
      helpValue: "FILE",
      dependsOn: ["generate"],
    }),
    "allow-replace": Flags.boolean({ description: "adopt although the next plan replaces or deletes it" }),
    "lock-timeout": APPLY_FLAGS["lock-timeout"],
    ...TIMINGS_FLAG,
    ...STACK_FLAG,
    ...INPUT_FLAGS,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { own, words, rest } = apart(this.argv, Adopt.flags);
    const { flags } = await this.read({ flags: Adopt.flags }, own);
    if (flags.generate) {
      // Late: who adopts writes no code.
      const { generateFlow } = await import("../cli/generate-flow.ts");
      return generateFlow(this.voice, { machines: [...words, ...rest], flags });
    }
    const { adoptionOf, noWords } = await import("../cli/read-words.ts");
    const allowReplace = flags["allow-replace"];
    const call = { ...this.voice, flags: { ...flags, yes: true }, operation: "adopt" } as const;
    if (flags.all) noWords([...words, ...rest]);
    const which = flags.all ? undefined : { ...adoptionOf([...words, ...rest]), allowReplace };
    return this.withProject(flags.stack, flags, (project) =>
      which === undefined ? adoptAllFlow(project, call, allowReplace) : adoptFlow(project, call, which),
    );
  }
}
