import type { Config } from "@oclif/core/config";
import Adopt from "./adopt.ts";
import Apply from "./apply.ts";
import BackupCreate from "./backup/create.ts";
import BackupList from "./backup/list.ts";
import BackupPrune from "./backup/prune.ts";
import BackupRestore from "./backup/restore.ts";
import BackupVerify from "./backup/verify.ts";
import Destroy from "./destroy.ts";
import Drift from "./drift.ts";
import History from "./history.ts";
import Init from "./init.ts";
import Inventory from "./inventory.ts";
import Copy from "./copy.ts";
import On from "./on.ts";
import Outputs from "./outputs.ts";
import Plan from "./plan.ts";
import Probe from "./probe.ts";
import ProbeDns from "./probe/dns.ts";
import ProbeHttp from "./probe/http.ts";
import ProbeLogs from "./probe/logs.ts";
import ProbePing from "./probe/ping.ts";
import ProbeSsh from "./probe/ssh.ts";
import ProbeTcp from "./probe/tcp.ts";
import Show from "./show.ts";
import StateList from "./state/list.ts";
import StateMark from "./state/mark.ts";
import StateMv from "./state/mv.ts";
import StateRehost from "./state/rehost.ts";
import StateRestore from "./state/restore.ts";
import StateRm from "./state/rm.ts";
import StateShow from "./state/show.ts";
import StateUnlock from "./state/unlock.ts";
import Validate from "./validate.ts";
import type { CommandFacts } from "../report/help-text.ts";
import type { BaseCommand } from "../cli/base-command.ts";
import type { Console } from "../cli/console.ts";

/** A command's class: what it says of itself, and how it is made. */
export type CommandClass = CommandFacts & {
  /** What follows its first argument is somebody else's command: its flags are not ours. */
  readonly passesOn?: boolean;
  /** What it exits with where others exit 1: its other exit codes are somebody else's command's. */
  readonly failsWith?: number;
} & (new (argv: string[], config: Config, console: Console) => BaseCommand);

/**
 * Every command by its words. A table in the code, in place of oclif's discovery: starting reads no folder and no
 * manifest.
 */
export const COMMANDS: ReadonlyMap<string, CommandClass> = new Map<string, CommandClass>([
  ["init", Init],
  ["validate", Validate],
  ["plan", Plan],
  ["apply", Apply],
  ["destroy", Destroy],
  ["show", Show],
  ["drift", Drift],
  ["adopt", Adopt],
  ["outputs", Outputs],
  ["inventory", Inventory],
  ["probe", Probe],
  ["probe ping", ProbePing],
  ["probe tcp", ProbeTcp],
  ["probe http", ProbeHttp],
  ["probe dns", ProbeDns],
  ["probe logs", ProbeLogs],
  ["probe ssh", ProbeSsh],
  ["on", On],
  ["copy", Copy],
  ["history", History],
  ["state list", StateList],
  ["state show", StateShow],
  ["state mv", StateMv],
  ["state rm", StateRm],
  ["state mark", StateMark],
  ["state restore", StateRestore],
  ["state rehost", StateRehost],
  ["state unlock", StateUnlock],
  ["backup create", BackupCreate],
  ["backup list", BackupList],
  ["backup verify", BackupVerify],
  ["backup prune", BackupPrune],
  ["backup restore", BackupRestore],
]);

/** A command found in a command line, with what follows its words. */
export interface FoundCommand {
  readonly id: string;
  readonly command: CommandClass;
  readonly rest: readonly string[];
}

/** Finds the command that a command line begins with: two words before one. */
export function findCommand(args: readonly string[]): FoundCommand | undefined {
  for (const words of [2, 1]) {
    const id = args.slice(0, words).join(" ");
    const command = COMMANDS.get(id);
    if (command !== undefined) return { id, command, rest: args.slice(words) };
  }
  return undefined;
}
