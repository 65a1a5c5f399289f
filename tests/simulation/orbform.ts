/** Processes of Orbform on a simulated computer. */
import { memoryArchives } from "../../src/archive/memory-archives.ts";
import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import { applyStack, planStack, type Applied, type ApplyRequest, type Planned } from "../../src/engine.ts";
import { isOrbformError } from "../../src/model/errors.ts";
import { PLAIN_REQUEST, type EnginePorts, type Stack } from "../../src/engine-types.ts";
import { claimsIn } from "../../src/state/claims.ts";
import { fileDisk } from "../../src/state/file-disk.ts";
import { localBackend } from "../../src/state/local.ts";
import { statePaths } from "../../src/state/paths.ts";
import { APPLY } from "../support/applied-fleet.ts";
import { hashText } from "../../src/state/digest.ts";
import { digest } from "../support/engine-ports.ts";
import { clientsOf } from "./clients.ts";
import type { Computer } from "./computer.ts";
import { isScript } from "./guest.ts";
import { applyKept, keepPlan, noteRun, type KeptPlan } from "./kept.ts";
import type { Laws } from "./laws.ts";
import { type Death, type Fate, Life } from "./life.ts";
import { filesOf, smallFilesOf } from "./life-files.ts";
import type { StackText } from "./stacks.ts";

const WORLD = { driver: "orbstack", host: "3f6d3c0e-0000-4000-8000-000000000000" };
const PATHS = statePaths("/state", "dev");

/** How a process of Orbform ended. */
export type Ending<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "died"; readonly death: Death };

/** Starts processes of Orbform. */
export class Orbform {
  readonly #computer: Computer;
  readonly #laws: Laws;
  #lives = 0;
  #applies = 0;
  /** The plan that was kept last. */
  #kept: KeptPlan | undefined;
  /** Those that run. */
  readonly living = new Set<Life>();

  constructor(computer: Computer, laws: Laws) {
    this.#computer = computer;
    this.#laws = laws;
  }

  /** `orb apply`. */
  async apply(stack: StackText, fate: Fate, more: Partial<ApplyRequest> = {}): Promise<Ending<Applied>> {
    return await this.#live("apply", fate, async (life, ports) => {
      const onPlan = (planned: Planned): void => {
        this.#laws.atPlan(life.name, planned.plan);
        if (this.#kept !== undefined) noteRun(this.#kept, planned);
      };
      return await applyStack(ports, stackOf(stack), { ...APPLY, ...more, ...this.#heard(life), onPlan });
    });
  }

  /** `orb plan --out FILE`. */
  async keep(stack: StackText): Promise<Ending<KeptPlan>> {
    return await this.#live("plan", {}, async (life, ports) => {
      life.mayWrite = false;
      this.#kept = await keepPlan(this.#computer, ports, stackOf(stack));
      return this.#kept;
    });
  }

  /** `orb apply FILE`; `stack` is what it says by now. */
  async applyKept(
    kept: KeptPlan,
    stack: StackText,
    { fate = {}, ...more }: Partial<ApplyRequest> & { readonly fate?: Fate },
  ): Promise<Ending<Applied>> {
    const { trace, world } = this.#computer;
    return await this.#live("apply", fate, async (life, ports) => {
      trace.say(life.name, "takes a plan file");
      const events = world.session.log().length;
      const onPlan = ({ plan }: Planned): void => this.#laws.atKept(life.name, plan, { kept, events });
      const loadStack = () => Promise.resolve(stackOf(stack));
      return await applyKept(ports, kept, { ...APPLY, ...more, ...this.#heard(life), onPlan, loadStack });
    });
  }

  #heard(life: Life): Pick<ApplyRequest, "stopStarting" | "stopWaiting" | "onNotice" | "onEvent"> {
    const { trace } = this.#computer;
    return {
      stopStarting: life.stopStarting.signal,
      stopWaiting: life.stopWaiting.signal,
      onNotice: (notice) => trace.say(life.name, notice),
      onEvent: (event) => {
        if (event.event !== "failed" && event.event !== "unknown") return;
        trace.say(life.name, `${event.action} ${event.event}: ${event.problem.summary}`);
      },
    };
  }

  /** `orb plan`. */
  async plan(stack: StackText, fate: Fate = {}): Promise<Ending<Planned>> {
    return await this.#live("plan", fate, async (life, ports) => {
      life.mayWrite = false;
      return await planStack(ports, stackOf(stack), PLAIN_REQUEST);
    });
  }

  async #live<T>(what: string, fate: Fate, run: (life: Life, ports: EnginePorts) => Promise<T>): Promise<Ending<T>> {
    const { table, clock, trace, chance } = this.#computer;
    this.#lives += 1;
    const name = `${what} ${this.#lives}`;
    const life = new Life({ name, table, clock, trace, chance: chance.apart(), fate });
    life.slow = this.#computer.weather.slow;
    const rivals = [...this.living].filter((each) => each.name.startsWith("apply")).length;
    const begun = this.#applies;
    if (what === "apply") this.#applies += 1;
    this.living.add(life);
    trace.say(name, `begins (${life.process.pid})`);
    const ended = run(life, this.#portsOf(life)).then(
      (value): Ending<T> => ({ kind: "done", value }),
      (error: unknown): Ending<T> => ({ kind: "failed", error }),
    );
    const died = life.death.then((death): Ending<T> => ({ kind: "died", death }));
    const ending = await Promise.race([ended, died]);
    this.living.delete(life);
    life.process.alive = false;
    if (ending.kind !== "died") this.#laws.atRunEnd(life);
    const { error } = ending.kind === "failed" ? ending : {};
    if (isOrbformError(error) && error.code === "ORB_PLAN_STALE") this.#laws.atStale(name);
    const isLockedOut = isOrbformError(error) && error.code === "ORB_STATE_LOCKED";
    if (isLockedOut) this.#laws.atLockedOut(name, rivals + this.#applies - begun - 1);
    trace.say(name, wordsFor(ending));
    return ending;
  }

  #portsOf(life: Life): EnginePorts {
    const { table, files } = this.#computer;
    const failing = (what: string): boolean => {
      if (!life.mayWrite && what !== "read") this.#laws.writesThoughReading(life.name, what);
      return life.chance.happens(this.#computer.weather.disk);
    };
    const disk = {
      ...fileDisk(filesOf(life, files, failing), life.process.pid),
      small: smallFilesOf(life, files),
    };
    const clock = life.clock();
    const processes = table.port();
    const { pid, startedAt: processStart } = life.process;
    const identity = { hostId: WORLD.host, bootId: `boot-${table.boot}`, who: "somebody", pid, processStart };
    const host = async () => identity;
    const driver = orbctlDriver({ exec: clientsOf(this.#computer, life, this.#laws), clock, world: WORLD });
    return {
      driver: {
        ...driver,
        // Looks and changes go through clients; what else is run inside (is it ready? which boot?) ends well at once.
        exec: (request) => {
          if (isScript(request.command)) return driver.exec(request);
          const asksBoot = request.command.at(-1)?.endsWith("/boot_id") === true;
          const answer = () => (asksBoot ? this.#computer.guests.bootOf(request.machine) : "");
          return life.step({ what: "run", act: () => ({ exitCode: 0, stdout: answer(), stderr: "" }) });
        },
      },
      backend: localBackend({ disk, path: PATHS.snapshot, clock, hostIdentity: host, processes }),
      clock,
      disk,
      paths: PATHS,
      claims: claimsIn({ disk, folder: "/home/claims", statePath: PATHS.snapshot }),
      archives: memoryArchives({ clock, read: () => new Uint8Array() }),
      host,
      processes,
      digest,
      hashText,
      newLineage: () => "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    };
  }
}

function stackOf(resources: StackText): Stack {
  const sorted = resources.toSorted((a, b) => (a.address < b.address ? -1 : 1));
  return { value: { stack: "dev", resources: sorted, outputs: {}, existing: [] }, diagnostics: [] };
}

function wordsFor(ending: Ending<unknown>): string {
  if (ending.kind === "died") return `ends: ${ending.death}`;
  if (ending.kind === "done") return "ends";
  const { error } = ending;
  // A lock's id is drawn by chance that no seed decides.
  const words = error instanceof Error ? error.message.replace(/\bLock \w{26}/, "A lock") : String(error);
  return `fails: ${words}`;
}
