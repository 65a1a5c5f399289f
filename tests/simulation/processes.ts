import type { ProcessRef, Processes } from "../../src/driver/processes.ts";
import type { Chance } from "./chance.ts";

/** A process of the simulated computer. */
export interface SimulatedProcess extends ProcessRef {
  readonly name: string;
  alive: boolean;
  /** What its end does, whoever ends it. */
  onKill?: () => void;
}

/** Few pids, so that they are used again soon. */
const PIDS = 60;

/** All processes of the simulated computer. */
export class ProcessTable {
  readonly #chance: Chance;
  readonly #byPid = new Map<number, SimulatedProcess>();
  readonly #used = new Map<number, number>();
  #started = 0;
  #boot = 1;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** How often the computer was started. */
  get boot(): number {
    return this.#boot;
  }

  /** It starts anew. Start times are ticks since then, as Linux tells them: pid and start of the last boot can recur. */
  reboot(): void {
    this.#boot += 1;
    this.#started = 0;
  }

  start(name: string): SimulatedProcess {
    this.#started += 1;
    const process = { pid: this.#freePid(), startedAt: String(this.#started), name, alive: true };
    this.#byPid.set(process.pid, process);
    this.#used.set(process.pid, (this.#used.get(process.pid) ?? 0) + 1);
    return process;
  }

  end(process: SimulatedProcess): void {
    process.alive = false;
  }

  kill(process: SimulatedProcess): void {
    if (!process.alive) return;
    process.alive = false;
    process.onKill?.();
  }

  /** Whether more than one process had this pid: what one left behind could be taken for the other's. */
  wasReused(pid: number): boolean {
    return (this.#used.get(pid) ?? 0) > 1;
  }

  running(): readonly SimulatedProcess[] {
    return [...this.#byPid.values()].filter(({ alive }) => alive);
  }

  /** What Orbform asks of them. */
  port(): Processes {
    const find = ({ pid, startedAt }: ProcessRef): SimulatedProcess | undefined => {
      const process = this.#byPid.get(pid);
      return process?.alive === true && process.startedAt === startedAt ? process : undefined;
    };
    return {
      exists: (pid) => this.#byPid.get(pid)?.alive === true,
      isRunning: async (which) => find(which) !== undefined,
      stop: async (which) => {
        const process = find(which);
        if (process) this.kill(process);
        return process !== undefined;
      },
    };
  }

  #freePid(): number {
    for (;;) {
      const pid = 100 + this.#chance.below(PIDS);
      if (this.#byPid.get(pid)?.alive !== true) return pid;
    }
  }
}
