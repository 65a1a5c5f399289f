/** Somebody else at the same Mac, who works on machines and settings at any time. */
import { finalPhase } from "../../src/driver/simulator/record.ts";
import type { Machine } from "../../src/driver/simulator/record.ts";
import type { Chance } from "./chance.ts";
import { type Computer, machineOf, machinesOf, outside, portrait, STRANGE_IMAGE } from "./computer.ts";

const NAMES = ["a", "b", "c", "d", "e", "web", "db", "guest", "other"];

/** One thing that somebody else does. `calm`: nothing that gives a name of ours to another machine, as within a run. */
export async function outsideHand(
  computer: Computer,
  chance: Chance,
  when: "between runs" | "during a run",
): Promise<void> {
  const ours = machinesOf(computer).filter((each) => isKnown(computer, each));
  const one = ours.length > 0 ? chance.pick(ours) : undefined;
  const act = async (...argv: readonly string[]): Promise<boolean> => {
    computer.trace.say("a stranger", `orbctl ${argv.join(" ")}`);
    return await outside(computer, ...argv);
  };
  switch (chance.below(9)) {
    case 0:
    case 1:
      return await makeStranger(computer, chance.pick(NAMES), act);
    case 2:
      return void (await act("config", "set", "memory_mib", chance.pick(["2048", "6144"])));
    case 3:
      return void (one && (await act(chance.pick(["stop", "start"]), one.id)));
    case 4:
      return void (one && (await act("config", "set", `machine.${one.name}.cpu`, String(chance.below(4)))));
    case 5:
      return void (one && (await act("rename", one.id, `moved-${chance.below(100)}`)));
    case 6:
      return await deleteOurs(computer, one, act);
    case 7:
      return await replaceOurs(computer, when === "between runs" ? one : undefined, act);
    default:
      return void (one && (await act("default", one.name)));
  }
}

type Act = (...argv: readonly string[]) => Promise<boolean>;

/**
 * Only what Orbform has taken into its books, and holds still: somebody who renames a machine before its maker has
 * seen it makes it a machine that nobody can tell from any other.
 */
function isKnown({ files, clock, ledger }: Computer, { id, phases }: Machine): boolean {
  if (!ledger.ours.has(id) || ledger.atWork.has(id)) return false;
  // A journal's header lists every machine there is.
  const [, ...records] = (files.text("/state/dev.journal") ?? "").split("\n");
  const books = [files.text("/state/dev.json") ?? "", ...records].join("\n");
  const last = finalPhase(phases);
  return books.includes(id) && last.at <= clock.now() && (last.state === "running" || last.state === "stopped");
}

async function makeStranger(computer: Computer, name: string, act: Act): Promise<void> {
  if (machineOf(computer, name) || !(await act("create", STRANGE_IMAGE, name))) return;
  noteStranger(computer, name);
}

function noteStranger(computer: Computer, name: string): void {
  const made = machineOf(computer, name);
  if (made?.image.distro === STRANGE_IMAGE) computer.ledger.strangers.set(made.id, portrait(made));
}

async function deleteOurs(computer: Computer, one: Machine | undefined, act: Act): Promise<void> {
  if (!one) return;
  computer.ledger.deletedOutside.add(one.id);
  await act("delete", "--force", one.name);
}

/** Not while a client is on its way that names the machine by its name: nothing keeps that from meaning the next one. */
async function replaceOurs(computer: Computer, one: Machine | undefined, act: Act): Promise<void> {
  const isUnderWay = computer.table.running().some(({ name }) => name.startsWith("orbctl"));
  if (!one || isUnderWay) return;
  const { name } = one;
  await deleteOurs(computer, one, act);
  await makeStranger(computer, name, act);
}

/** Strangers give way: what a user would do whom Orbform told that a name is taken. */
export async function freeNames(computer: Computer, wanted: readonly string[]): Promise<void> {
  const books = computer.files.text("/state/dev.json") ?? "";
  const recorded = [...books.matchAll(/"name": "([^"]+)"/g)].map(([, name = ""]) => name);
  const names = new Set([...wanted, ...recorded]);
  for (const machine of machinesOf(computer)) {
    if (machine.image.distro !== STRANGE_IMAGE || !names.has(machine.name)) continue;
    computer.trace.say("a stranger", `deletes ${machine.name}, whose name is wanted`);
    computer.ledger.strangers.delete(machine.id);
    await outside(computer, "delete", "--force", machine.name);
  }
}
