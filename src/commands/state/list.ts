import { BaseCommand } from "../../cli/base-command.ts";
import { PROJECT_FLAGS, STACK_ARG } from "../../cli/flags.ts";

/** `orb state list [STACK]` */
export default class StateList extends BaseCommand {
  static override readonly summary = "List the addresses in the state";
  static override readonly description = "One a line, sorted.";
  static override readonly examples = ["orb state list dev"];
  static override readonly args = STACK_ARG;
  static override readonly flags = PROJECT_FLAGS;

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateList);
    const snapshot = await this.withProject(args.stack, flags, (project) => project.snapshot());
    // Late: a plan has no use for it.
    const { showAddresses } = await import("../../cli/show-snapshot.ts");
    return showAddresses(snapshot, this.console, this.json);
  }
}
