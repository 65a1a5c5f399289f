import * as Args from "@oclif/core/args";
import { BaseCommand } from "../../cli/base-command.ts";
import { FROM_ARGV, PROJECT_FLAGS, STACK_FLAG } from "../../cli/flags.ts";
import { addressOf } from "../../cli/request.ts";

/** `orb state mv FROM TO` */
export default class StateMv extends BaseCommand {
  static override readonly summary = "Move a resource to another address";
  static override readonly description =
    "For a resource whose key changed in the stack; lifecycle.aliases does the same from within the stack.";
  static override readonly examples = ["orb state mv machine.web machine.front"];
  static override readonly args = {
    from: Args.string({ ...FROM_ARGV, description: "its address now", name: "FROM", required: true }),
    to: Args.string({ ...FROM_ARGV, description: "its new address", name: "TO", required: true }),
  };
  static override readonly flags = { ...STACK_FLAG, ...PROJECT_FLAGS };

  async run(): Promise<number> {
    const { args, flags } = await this.read(StateMv);
    const [from, to] = [addressOf(args.from), addressOf(args.to)];
    const { moveResource } = await import("../../cli/state-edits.ts");
    await this.withProject(flags.stack, flags, (project) =>
      project.stateEdit("state mv", (snapshot) => moveResource(snapshot, from, to)),
    );
    return this.done(`Moved ${from} to ${to}.`, { from, to, operation: "mv" });
  }
}
