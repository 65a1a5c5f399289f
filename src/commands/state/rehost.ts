import { BaseCommand } from "../../cli/base-command.ts";
import { PROJECT_FLAGS, STACK_ARG } from "../../cli/flags.ts";

/** `orb state rehost [STACK]` */
export default class StateRehost extends BaseCommand {
  static override readonly summary = "Let the state speak of this host's OrbStack";
  static override readonly description =
    "A state names the OrbStack it was made on, and another one is refused. After moving machines knowingly, this moves the state.";
  static override readonly examples = ["orb state rehost dev"];
  static override readonly args = STACK_ARG;
  static override readonly flags = PROJECT_FLAGS;

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateRehost);
    const { world } = await this.withProject(args.stack, flags, (project) => project.rehost());
    return this.done(`The state speaks of ${world.driver} on this host now.`, { ...world, operation: "rehost" });
  }
}
