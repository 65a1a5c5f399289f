import type { Plan } from "../../src/model/plan.ts";
import { type ClientCall, type Computer, isStrange, machineOf } from "./computer.ts";
import { briefly, noteWork, ruleBrokenInside } from "./guest.ts";
import { isMadeAgain, ruleBrokenBy } from "./conduct.ts";
import { type KeptPlan, ruleBrokenByKept } from "./kept.ts";
import type { Life } from "./life.ts";
import { isInPlan, machineIn } from "./planned.ts";

const JOURNAL = "/state/dev.journal";
const LOCK = /^dev\.lock\.(\d+)$/;

const BIRTHS: ReadonlySet<string> = new Set(["create", "clone", "import"]);

/** What must hold whatever happens, checked where it could be broken. */
export class Laws {
  readonly #computer: Computer;
  /** What each life said it would do. */
  readonly #plans = new Map<string, { readonly plan: Plan; readonly at: number }>();
  /** Clients that were let go and have not ended. */
  readonly #underWay = new Set<ClientCall>();
  /** When the last attempt of a life to make a machine of a name ended, by both. */
  readonly #attempts = new Map<string, number>();
  /** Lives that let a mutating client go. */
  readonly #letGo = new Set<string>();
  #events = 0;

  constructor(computer: Computer) {
    this.#computer = computer;
  }

  /** A life shows what it is about to do. */
  atPlan(life: string, plan: Plan): void {
    this.#plans.set(life, { plan, at: this.#computer.clock.now() });
  }

  /** A life shows what it is about to do of a plan file; `events`: what had happened in OrbStack when it began. */
  atKept(life: string, plan: Plan, { kept, events }: { readonly kept: KeptPlan; readonly events: number }): void {
    this.atPlan(life, plan);
    const alone = this.#computer.world.session.log().length === events;
    const rule = ruleBrokenByKept(this.#computer, kept, { plan, alone });
    this.#demand(rule === undefined, rule ?? "", { life, pid: 0, argv: [] });
  }

  /** A life says that its plan is stale, and that no machine was touched. */
  atStale(life: string): void {
    this.#demand(!this.#letGo.has(life), "a plan was refused after machines were touched", { life, pid: 0, argv: [] });
  }

  /** A plan that writes. */
  writesThoughReading(life: string, what: string): void {
    this.#demand(false, "a plan wrote something", { life, pid: 0, argv: [what] });
  }

  /** A mutating client is let go. */
  atGo(client: ClientCall, life: Life): void {
    const { files } = this.#computer;
    client.about = aboutOf(this.#computer, client);
    const before = [...this.#underWay].find(({ about }) => about !== undefined && about === client.about);
    this.#demand(
      before === undefined,
      "a client was let go while another was under way for its machine",
      client,
      before,
    );
    this.#underWay.add(client);
    this.#letGo.add(life.name);
    noteWork(this.#computer, client);
    const endedAt = this.#attempts.get(attemptKey(client));
    const isBlind = endedAt !== undefined && isMadeAgain(this.#computer, client, endedAt);
    this.#demand(!isBlind, "a machine was made again that was there to be seen", client);
    const written = files.syncedText(JOURNAL) ?? "";
    this.#demand(
      written.includes(`"pid":${client.pid},`),
      "a client was let go before its existence was on disk",
      client,
    );
    const holder = this.#lockHolder();
    this.#demand(
      holder?.includes(`"pid": ${life.process.pid},`) === true,
      "a run without the lock touched machines",
      client,
    );
  }

  /** A mutating client reaches OrbStack. */
  atReach(client: ClientCall): void {
    this.takeBirths();
    const { ledger } = this.#computer;
    const selector = machineIn(client.argv);
    const found = selector === undefined ? undefined : machineOf(this.#computer, selector);
    const planned = this.#plans.get(client.life);
    const isPlanned = planned !== undefined && isInPlan(planned.plan, client.argv, found?.id);
    this.#demand(isPlanned, "something was done that the plan did not say", client);
    const conduct = { client, plan: planned?.plan, plannedAt: planned?.at ?? 0, machine: found };
    const rule = ruleBrokenBy(this.#computer, conduct);
    this.#demand(rule === undefined, rule ?? "", client);
    const insideRule = ruleBrokenInside(this.#computer, { client, plan: planned?.plan, plannedAt: planned?.at ?? 0 });
    this.#demand(insideRule === undefined, insideRule ?? "", client);
    if (found === undefined) return;
    const [verb] = client.argv;
    if (verb !== "clone") this.#demand(ledger.ours.has(found.id), "a stranger's machine was touched", client);
    // Which machine is the default is nothing of that machine.
    if (verb === "default") return;
    client.machine = found.id;
    const other = ledger.atWork.get(found.id);
    this.#demand(other === undefined, "two clients worked on one machine at the same time", client, other);
    ledger.atWork.set(found.id, client);
    if (verb === "delete") ledger.deletedByUs.add(found.id);
  }

  /** It has ended, or was stopped. */
  atEnd(client: ClientCall): void {
    this.#underWay.delete(client);
    if (BIRTHS.has(client.argv[0] ?? "")) this.#attempts.set(attemptKey(client), this.#computer.clock.now());
    this.atDone(client);
  }

  /** OrbStack has done what it asked for, when it had ended long ago: nobody who looked before could see it. */
  atDone(client: ClientCall): void {
    const { ledger } = this.#computer;
    if (client.machine !== undefined && ledger.atWork.get(client.machine) === client)
      ledger.atWork.delete(client.machine);
    this.takeBirths();
  }

  /** A life is over that did not die: what it left at work keeps its lock. */
  atRunEnd({ name, process }: Life): void {
    const left = [...this.#underWay].filter((client) => client.life === name);
    const isHeld = this.#lockHolder()?.includes(`"pid": ${process.pid},`) === true;
    this.#demand(left.length === 0 || isHeld, "the lock was let go with clients at work", ...left);
  }

  /** An apply found the lock taken. `others`: applies that ran in the meantime. */
  atLockedOut(life: string, others: number): void {
    this.#demand(others > 0, "a run was locked out by nobody", { life, pid: 0, argv: [] });
  }

  /** Machines that were made since the last time: whose are they? Nothing of ours is of the strangers' image. */
  takeBirths(): void {
    const { world, ledger } = this.#computer;
    const log = world.session.log();
    for (; this.#events < log.length; this.#events += 1) {
      const event: { what: string; id?: string } = JSON.parse(log[this.#events] ?? "{}");
      if (event.id === undefined || !BIRTHS.has(event.what)) continue;
      const made = machineOf(this.#computer, event.id);
      if (made && isStrange(made)) ledger.strangers.set(event.id, "");
      else ledger.ours.add(event.id);
    }
  }

  #lockHolder(): string | undefined {
    const { files } = this.#computer;
    const numbers = files.names("/state").flatMap((name) => Number(LOCK.exec(name)?.[1] ?? []));
    return numbers.length === 0 ? undefined : files.text(`/state/dev.lock.${Math.max(...numbers)}`);
  }

  #demand(holds: boolean, law: string, ...about: readonly (ClientCall | undefined)[]): void {
    if (holds) return;
    const detail = about.map((each) => (each ? `${each.life}: orbctl ${briefly(each.argv)}` : "")).join(" / ");
    this.#computer.trace.say("LAW BROKEN", `${law}: ${detail}`);
    this.#computer.ledger.violations.push({ law, detail });
  }
}

/** Making a machine the default does nothing to it. */
function aboutOf(computer: Computer, { argv }: ClientCall): string | undefined {
  if (argv[0] === "default") return undefined;
  return machineOf(computer, machineIn(argv) ?? "")?.id ?? argv.at(-1);
}

function attemptKey({ life, argv }: ClientCall): string {
  return `${life} ${argv[0]} ${argv.at(-1)}`;
}
