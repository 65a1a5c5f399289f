import * as Flags from "@oclif/core/flags";
import { BaseCommand } from "../cli/base-command.ts";
import { PROJECT_FLAGS, STACK_ARG, TIMINGS_FLAG } from "../cli/flags.ts";
import { withKnowing } from "../cli/with-knowing.ts";
import { INVENTORY_FORMATS } from "../report/inventory-formats.ts";

/** `orb inventory [STACK]` */
export default class Inventory extends BaseCommand {
  static override readonly summary = "Print the machines as hosts for Ansible, pyinfra or ssh";
  static override readonly description =
    "The machines of the stack's state by the names they have now, in groups by state, architecture, distribution, and the stack's own groups and labels. With --list and --host it answers as Ansible's dynamic inventories do. Reads only; starts no machine.";
  static override readonly examples = [
    "orb inventory dev > hosts.ini",
    "orb inventory dev --list",
    "orb inventory dev --format pyinfra > inventory.py",
    "orb inventory --all --format ssh-config > ~/.ssh/orbstack-machines",
  ];
  static override readonly args = STACK_ARG;
  static override readonly flags = {
    all: Flags.boolean({ description: "every machine OrbStack has, not only the stack's" }),
    format: Flags.string({
      description: "what to print",
      options: [...INVENTORY_FORMATS],
      helpValue: "FORMAT",
      exclusive: ["list", "host"],
    }),
    list: Flags.boolean({ description: "as Ansible asks: all groups and hosts as JSON", exclusive: ["host"] }),
    host: Flags.string({ description: "as Ansible asks: one host's variables as JSON", helpValue: "NAME" }),
    connector: Flags.string({
      description: "how pyinfra connects: ssh, or orbstack for hosts called @orbstack/NAME",
      options: ["ssh", "orbstack"],
      default: "ssh",
      helpValue: "NAME",
    }),
    ...TIMINGS_FLAG,
    ...PROJECT_FLAGS,
  };

  async run(): Promise<number> {
    const { args, flags } = await this.read(Inventory);
    const asked = { stack: args.stack, all: flags.all, flags };
    const warn = (notice: string) => this.console.err(`${notice}\n`);
    const found = await withKnowing(this.voice, asked, (machines) => machines.inventory({ all: flags.all, warn }));
    // Late: a plan has no use for it.
    const { showInventory } = await import("../cli/show-inventory.ts");
    return showInventory(found, this.console, { ...flags, json: this.json });
  }
}
