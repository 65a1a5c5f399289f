import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * Does something while no other process does anything under the same folder. Holds through crashes of others: every
 * process waits under a name of its own, so that a dead one's entry can be swept away by anybody (Lamport's bakery:
 * take a number higher than all, wait for those with a lower one). Order of arrival is kept.
 */
export function withLock<T>(folder: string, action: () => T): T {
  mkdirSync(folder, { recursive: true });
  const ticket = takeNumber(folder);
  try {
    while (isBehind(folder, ticket)) Atomics.wait(nap, 0, 0, 2);
    return action();
  } finally {
    rmSync(join(folder, ticket.name), { force: true });
  }
}

interface Ticket {
  /** 0 while it is still choosing: everybody waits for that, it takes no time. */
  readonly number: number;
  readonly owner: string;
  readonly name: string;
}

let takes = 0;

function takeNumber(folder: string): Ticket {
  takes += 1;
  const owner = `${process.pid}_${startedAt(process.pid)}_${takes}`;
  const choosing = join(folder, `0.${owner}`);
  writeFileSync(choosing, "");
  const highest = Math.max(0, ...tickets(folder).map(({ number }) => number));
  const ticket = ticketOf(`${highest + 1}.${owner}`);
  if (!ticket) throw new Error("a lock ticket can't be read");
  writeFileSync(join(folder, ticket.name), "");
  rmSync(choosing, { force: true });
  return ticket;
}

function isBehind(folder: string, mine: Ticket): boolean {
  const before = tickets(folder).filter(
    (other) =>
      other.owner !== mine.owner &&
      (other.number < mine.number || (other.number === mine.number && other.owner < mine.owner)),
  );
  return before.filter((other) => isAlive(folder, other)).length > 0;
}

function tickets(folder: string): readonly Ticket[] {
  return readdirSync(folder).flatMap((name) => ticketOf(name) ?? []);
}

function ticketOf(name: string): Ticket | undefined {
  const [, number, owner] = /^(\d+)\.(\d+_\d*_\d+)$/.exec(name) ?? [];
  return number === undefined || owner === undefined ? undefined : { number: Number(number), owner, name };
}

/** Sweeps away what a dead process left. */
function isAlive(folder: string, { owner, name }: Ticket): boolean {
  const [pid, started] = owner.split("_");
  if (pid === String(process.pid) || isRunning(Number(pid), started ?? "")) return true;
  rmSync(join(folder, name), { force: true });
  return false;
}

function isRunning(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const now = startedAt(pid);
  return started === "" || now === "" || started === now;
}

/** When a process started, in the kernel's ticks; empty where /proc doesn't tell, `0` for a zombie. */
function startedAt(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "0" : (fields[19] ?? "");
  } catch {
    return "";
  }
}
