import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";

/** `orb state unlock ID` */
export default class StateUnlock extends BaseCommand {
  static override readonly summary = "Break a lock that nobody holds any more";
  static override readonly description =
    "The id is in the message of whoever was refused. Make sure that no apply runs: two at once can damage machines.";
  static override readonly examples = ["orb state unlock 01JDV7K0E4QW3K8M6B9T2R5XYZ"];
  static override readonly args = {
    id: Args.string({ ...FROM_ARGV, description: "id of the lock", name: "ID", required: true }),
  };
  static override readonly flags = { ...STACK_FLAG, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateUnlock);
    await this.withProject(flags.stack, flags, (project) => project.unlock(args.id));
    return this.done(`Unlocked: ${args.id}.`, { id: args.id, operation: "unlock" });
  }
}
