/** Somebody else at the same Mac, who works on machines and settings at any time. */
import { finalPhase } from "../../src/driver/simulator/record.ts";
import type { Machine } from "../../src/driver/simulator/record.ts";
import type { Chance } from "./chance.ts";
import { changeInside } from "./guest.ts";
import {
  type Computer,
  machineOf,
  isStrange,
  machinesOf,
  ORDINARY_IMAGE,
  outside,
  portrait,
  STRANGE_IMAGE,
} from "./computer.ts";

const NAMES = ["a", "b", "c", "d", "e", "web", "db", "guest", "other"];

/** One thing that somebody else does. `calm`: nothing that gives a name of ours to another machine, as within a run. */
export async function outsideHand(
  computer: Computer,
  chance: Chance,
  when: "between runs" | "during a run",
): Promise<void> {
  // Whatever is asked of a stopped OrbStack starts it.
  if (isStopped(computer)) return;
  const ours = machinesOf(computer).filter((each) => isKnown(computer, each));
  const one = ours.length > 0 ? chance.pick(ours) : undefined;
  if (one && computer.ledger.livesInside && chance.happens(0.4)) return changeInside(computer, chance, one.id);
  const act = async (...argv: readonly string[]): Promise<boolean> => {
    computer.trace.say("a stranger", `orbctl ${argv.join(" ")}`);
    return await outside(computer, ...argv);
  };
  switch (chance.below(11)) {
    case 0:
    case 1:
      return await makeStranger(computer, wantedName(computer, chance), act);
    case 2:
      return await setGlobal(computer, chance.pick(["2048", "6144"]), act);
    case 3:
      return void (one && (await act(chance.pick(["stop", "start"]), one.id)));
    case 4:
      return one && (await limit(computer, one, String(chance.below(4)), act));
    case 5:
      return void (one && (await act("rename", one.id, `moved-${chance.below(100)}`)));
    case 6:
      return await deleteOurs(computer, one, act);
    case 7:
      return await replaceOurs(computer, when === "between runs" ? one : undefined, act);
    case 8:
      return await renameGuest(computer, wantedName(computer, chance), act);
    case 9:
      return when === "between runs"
        ? await makeOrdinary(computer, chance.pick(NAMES), act)
        : await makeStranger(computer, wantedName(computer, chance), act);
    default:
      return void (one && (await act("default", one.name)));
  }
}

function isStopped({ world }: Computer): boolean {
  return world.session.read((each) => finalPhase(each.data.service)).state === "stopped";
}

type Act = (...argv: readonly string[]) => Promise<boolean>;

/**
 * Only what Orbform has taken into its books, as a power cut would leave them, and holds still: somebody who renames a
 * machine before its maker has seen it makes it a machine that nobody can tell from any other.
 */
function isKnown({ files, clock, ledger }: Computer, { id, phases }: Machine): boolean {
  if (!ledger.ours.has(id) || ledger.atWork.has(id)) return false;
  // A journal's header lists every machine there is; of a line that was cut off nobody can read anything.
  const [, ...lines] = (files.syncedText("/state/dev.journal") ?? "").split("\n");
  const records = lines.filter((line) => /"crc":"[0-9a-f]{8}"\}$/.test(line));
  const books = [files.syncedText("/state/dev.json") ?? "", ...records].join("\n");
  const last = finalPhase(phases);
  return books.includes(id) && last.at <= clock.now() && (last.state === "running" || last.state === "stopped");
}

/** Best of all one under which something is being made. */
function wantedName(computer: Computer, chance: Chance): string {
  const [, ...records] = (computer.files.text("/state/dev.journal") ?? "").split("\n");
  const announced = records.flatMap((line) => /"pending":\{[^{}]*?"name":"([^"]+)"/.exec(line)?.[1] ?? []);
  const free = announced.filter((name) => machineOf(computer, name) === undefined);
  return free.length > 0 && chance.happens(0.9) ? chance.pick(free) : chance.pick(NAMES);
}

/** Everybody knew it before: under whatever name it appears, it is none that a run made. */
async function renameGuest(computer: Computer, name: string, act: Act): Promise<void> {
  const { guest } = computer.ledger;
  if (guest === undefined || machineOf(computer, name) || !(await act("rename", guest, name))) return;
  noteStranger(computer, name);
}

/**
 * A machine such as a stack asks for, made when no run can have made it any more. What is made while one may be on its
 * way nobody could tell from it.
 */
async function makeOrdinary(computer: Computer, name: string, act: Act): Promise<void> {
  await computer.clock.sleep(LONG_MS);
  if (machineOf(computer, name) || !(await act("create", ORDINARY_IMAGE, name))) return;
  noteStranger(computer, name);
  await computer.clock.sleep(LONG_MS);
}

const LONG_MS = 30 * 60_000;

async function setGlobal({ clock, ledger }: Computer, value: string, act: Act): Promise<void> {
  if (await act("config", "set", "memory_mib", value)) ledger.setOutside = { value, at: clock.now() };
}

async function limit({ ledger }: Computer, { id, name }: Machine, cpu: string, act: Act): Promise<void> {
  ledger.configuredOutside.add(id);
  await act("config", "set", `machine.${name}.cpu`, cpu);
}

/** The guest that some stories begin with. */
export async function inviteGuest(computer: Computer): Promise<void> {
  computer.trace.say("a stranger", `orbctl create ${ORDINARY_IMAGE} guest`);
  await outside(computer, "create", ORDINARY_IMAGE, "guest");
  noteStranger(computer, "guest");
  computer.ledger.guest = machineOf(computer, "guest")?.id;
}

async function makeStranger(computer: Computer, name: string, act: Act): Promise<void> {
  if (machineOf(computer, name) || !(await act("create", STRANGE_IMAGE, name))) return;
  noteStranger(computer, name);
}

function noteStranger(computer: Computer, name: string): void {
  const made = machineOf(computer, name);
  if (made && isStrange(made)) computer.ledger.strangers.set(made.id, portrait(made));
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
    if (!isStrange(machine) || !names.has(machine.name)) continue;
    computer.trace.say("a stranger", `deletes ${machine.name}, whose name is wanted`);
    computer.ledger.strangers.delete(machine.id);
    await outside(computer, "delete", "--force", machine.name);
  }
}

/** What a user does whom Orbform told that a successor, whose power is not Orbform's, was never seen to be ready. */
export async function startSuccessors(computer: Computer): Promise<void> {
  for (const machine of machinesOf(computer)) {
    if (!machine.name.includes("-orbform-tmp-") || machine.phases.at(-1)?.state !== "stopped") continue;
    computer.trace.say("a user", `starts ${machine.name}, which is to replace another`);
    await outside(computer, "start", machine.id);
  }
}
