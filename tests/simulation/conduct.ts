import type { Action } from "../../src/model/action.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Machine } from "../../src/driver/simulator/record.ts";
import { type ClientCall, type Computer, machineOf } from "./computer.ts";

/** A client that is let go or reaches OrbStack, and what its run said it would do. */
export interface Conduct {
  readonly client: ClientCall;
  readonly plan: Plan | undefined;
  /** When that plan was made. Epoch ms. */
  readonly plannedAt: number;
  /** The machine that it is about, if that is there. */
  readonly machine: Machine | undefined;
}

const MAKES: ReadonlySet<string> = new Set(["create", "clone", "restore"]);

/** Which rule of order or care is broken by what a client does to OrbStack now, in words that stay the same. */
export function ruleBrokenBy(computer: Computer, conduct: Conduct): string | undefined {
  const [verb] = conduct.client.argv;
  if (verb === "stop" && isBeingMade(computer, conduct)) return "a machine was stopped while it was being made";
  if (verb === "delete" && isDeletedEarly(computer, conduct))
    return "an old machine was deleted before the new one was made";
  if (verb === "config" && putsBackAnothers(computer, conduct))
    return "a setting that somebody else changed was put back";
  return undefined;
}

/** OrbStack deletes what is stopped in `provisioning`. */
function isBeingMade({ world }: Computer, { machine }: Conduct): boolean {
  const state = machine && world.session.read((each) => each.stateOf(machine));
  return state === "creating" || state === "provisioning";
}

/** With `createBeforeDestroy` the predecessor goes last; what an earlier replacement has left over may go at once. */
function isDeletedEarly({ world }: Computer, { plan, machine }: Conduct): boolean {
  const actions: readonly Action[] = plan?.actions ?? [];
  const deletes = actions.find((each) => isOfPredecessor(each) && each.target.id === machine?.id);
  const makes = actions.find((each) => MAKES.has(each.kind) && each.address === deletes?.address);
  if (makes === undefined || !("name" in makes)) return false;
  const name = `"name":${JSON.stringify(makes.name)}`;
  return !world.session.log().some((event) => event.includes(name));
}

function isOfPredecessor(action: Action): action is Extract<Action, { kind: "delete" }> {
  return action.kind === "delete" && action.deposed && action.replacing;
}

/** What somebody else set before the run planned is left. */
function putsBackAnothers({ world, ledger }: Computer, { client, plan, plannedAt }: Conduct): boolean {
  const [, , key = ""] = client.argv;
  const removes = plan?.actions.some((each) => each.kind === "remove" && "key" in each && each.key === key) === true;
  const live = world.session.read((each) => each.data.config[key]);
  const { setOutside } = ledger;
  return removes && setOutside !== undefined && setOutside.value === live && setOutside.at < plannedAt;
}

/**
 * Whether what an earlier attempt of the same run made was there to be seen when that had ended, and is made once more.
 * `endedAt`: when the earlier attempt ended, epoch ms.
 */
export function isMadeAgain(computer: Computer, { argv }: ClientCall, endedAt: number): boolean {
  const machine = machineOf(computer, argv.at(-1) ?? "");
  if (machine === undefined || !computer.ledger.ours.has(machine.id)) return false;
  const shown = machine.phases.find(({ state }) => state !== "unborn");
  return shown !== undefined && shown.at <= endedAt;
}
