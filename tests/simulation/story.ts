/** One seed: a stack that lives through bad times, then calm, and must come out whole. */
import "./loaded.ts";
import { setTimeout } from "node:timers/promises";
import type { Applied, Planned } from "../../src/engine.ts";
import { isOrbformError } from "../../src/model/errors.ts";
import { isEmpty } from "../../src/plan/is-empty.ts";
import { chance, type Chance } from "./chance.ts";
import { type Computer, computer, outside } from "./computer.ts";
import { checkAtRest, checkGone } from "./at-rest.ts";
import type { KeptPlan } from "./kept.ts";
import { Laws } from "./laws.ts";
import type { Fate } from "./life.ts";
import { type Ending, Orbform } from "./orbform.ts";
import { freeNames, inviteGuest, outsideHand, startSuccessors } from "./outside-hand.ts";
import { edited, randomStack, type StackText } from "./stacks.ts";
import { withInside } from "./stacks-inside.ts";
import type { Violation } from "./violation.ts";
import { CALM, type Weather } from "./weather.ts";

/** How a story ended. */
export interface Told {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly trace: readonly string[];
  /** Deaths of Orbform and of the power. */
  readonly deaths: number;
}

/** Lives through everything that follows from a seed. */
export async function tell(seed: number): Promise<Told> {
  const story = new Story(seed);
  const told = new AbortController();
  await Promise.race([story.live(), stuck(story.computer, told.signal)]);
  told.abort();
  const { ledger, trace } = story.computer;
  return { seed, violations: ledger.violations, trace: trace.lines(), deaths: ledger.kills };
}

/**
 * Resolves where nothing is left that could ever go on: nobody waits for time, whose every step is an immediate. Looked
 * at now and then, since a story that goes on has one of them waiting at any moment.
 */
async function stuck({ ledger }: Computer, signal: AbortSignal): Promise<void> {
  for (let still = 0; still < 3;) {
    await setTimeout(500, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    still = process.getActiveResourcesInfo().includes("Immediate") ? 0 : still + 1;
  }
  ledger.violations.push({ law: "everybody waits for ever", detail: "" });
}

const MOST_APPLIES = 8;

/** What goes wrong within OrbStack, by the simulator's names for it. */
const TROUBLES = [
  "transition=2",
  "create-missing-ip=1",
  "create-crash=1",
  "create-download=1",
  "boot-missing-ip",
  "any-fail=2",
  "list-fail=2",
  "clone-fails",
  "clone-slow=50",
  "disk-quota",
];

/** Steps between which what is on disk changes its meaning. */
const TURNING_POINTS = ["link dev.journal", "sync dev.journal", "rename to dev.json", "remove dev.journal"];

class Story {
  readonly computer: Computer;
  readonly #chance: Chance;
  readonly #laws: Laws;
  readonly #orbform: Orbform;
  #stack: StackText;
  /** Decides of plan files alone. */
  readonly #files: Chance;
  /** The plan file that is there. */
  #kept: KeptPlan | undefined;

  constructor(seed: number) {
    this.computer = computer(seed);
    this.#files = chance(-seed);
    this.#chance = this.computer.chance.apart();
    this.#laws = new Laws(this.computer);
    this.#orbform = new Orbform(this.computer, this.#laws);
    this.#stack = randomStack(this.#chance);
    this.computer.ledger.livesInside = this.#chance.happens(0.5);
    this.#stack = this.#furnished();
  }

  async live(): Promise<void> {
    try {
      await this.#prepare();
      for (let chapters = 1 + this.#chance.below(4); chapters > 0; chapters -= 1) {
        await this.#chapter();
        this.#stack = edited(this.#chance, this.#stack);
        this.#stack = this.#furnished();
      }
      await this.#comeToRest();
      if (this.#isWhole() && this.#chance.happens(0.5)) await this.#takeDown();
    } catch (error) {
      this.#broken(
        "the simulation itself failed",
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }

  /** The stack, in every other story with another few things inside its machines. */
  #furnished(): StackText {
    return this.computer.ledger.livesInside ? withInside(this.#chance, this.#stack) : this.#stack;
  }

  async #prepare(): Promise<void> {
    const { chance, clock } = this.computer;
    const quirks = [
      "rename-drops-config",
      "rename-drops-default",
      "config-left-behind",
      "strict-power",
      "missing-keys",
      "banner",
    ];
    const chosen = quirks.filter(() => chance.happens(0.1));
    if (chosen.length > 0) await outside(this.computer, "sim", "fault", "set", ...chosen);
    this.computer.trace.say("OrbStack", `quirks: ${chosen.join(", ") || "none"}`);
    if (this.#chance.happens(0.3)) await inviteGuest(this.computer);
    await clock.sleep(1000);
  }

  /** Some bad weather, in which Orbform is run a few times and others are at work. */
  async #chapter(): Promise<void> {
    const { computer } = this;
    computer.weather = randomWeather(this.#chance);
    // Whom a list may lack is not known to everybody.
    if (computer.ledger.guest !== undefined) computer.weather = { ...computer.weather, lacking: 0 };
    if (computer.weather.disk > 0) computer.ledger.disksFailed = true;
    const troubles = TROUBLES.filter(() => this.#chance.happens(0.06));
    if (troubles.length > 0) {
      computer.trace.say("OrbStack", `troubles: ${troubles.join(", ")}`);
      await outside(computer, "sim", "fault", "set", ...troubles);
    }
    for (let runs = 1 + this.#chance.below(3); runs > 0; runs -= 1) {
      if (this.#chance.happens(0.3)) await outsideHand(computer, this.#chance, "between runs");
      await this.#runs();
      if (this.#chance.happens(0.5)) await computer.clock.sleep(this.#chance.pick([100, 5000, 40_000, 200_000]));
    }
    computer.weather = CALM;
    if (troubles.length > 0) await outside(computer, "sim", "fault", "clear", ...troubles);
  }

  /** One run or two at the same time, perhaps with somebody else's hand in it, perhaps ended by a power cut. */
  async #runs(): Promise<void> {
    const chance = this.#chance;
    if (chance.happens(0.04)) return await this.#whileStopped();
    const running: Promise<unknown>[] = [this.#applyOnce()];
    if (chance.happens(0.2)) running.push(this.#later(() => this.#applyOnce()));
    if (chance.happens(0.2)) running.push(this.#later(() => this.#orbform.plan(this.#stack)));
    if (chance.happens(0.3)) running.push(this.#later(() => outsideHand(this.computer, chance, "during a run")));
    if (chance.happens(0.1)) running.push(this.#later(() => this.#powerCut()));
    await Promise.all(running);
  }

  /** OrbStack is stopped: whoever runs says so and leaves it so. */
  async #whileStopped(): Promise<void> {
    const { computer } = this;
    const starts = (): number => computer.world.session.log().filter((line) => line.includes('"service start"')).length;
    // A client on its way would start it again by itself.
    if (computer.table.running().some(({ name }) => name.startsWith("orbctl"))) return;
    computer.trace.say("a stranger", "stops OrbStack");
    await outside(computer, "stop");
    const before = starts();
    await Promise.all([this.#applyOnce(false), this.#orbform.plan(this.#stack)]);
    if (starts() > before) this.#broken("OrbStack was started behind the user's back", "");
    computer.trace.say("a stranger", "starts OrbStack");
    await outside(computer, "start");
  }

  async #later(act: () => Promise<unknown>): Promise<void> {
    await this.computer.clock.sleep(this.#chance.pick([1, 300, 2000, 9000, 30_000]));
    await act();
  }

  async #applyOnce(mayLosePower = true): Promise<void> {
    const { ledger } = this.computer;
    const fate = this.#randomFate();
    const lockTimeoutMs = this.#chance.pick([0, 0, 20_000]);
    const approve = this.#chance.happens(0.2) && { approve: () => this.#think() };
    const kept = await this.#planFile();
    const ending = await (kept === undefined
      ? this.#orbform.apply(this.#stack, fate, { lockTimeoutMs, ...approve })
      : this.#orbform.applyKept(kept, this.#stack, { fate, lockTimeoutMs }));
    if (ending.kind === "died") ledger.kills += 1;
    // What it died of may have been the power: then nothing was synced since its last step.
    const isPower = mayLosePower && ending.kind === "died" && ending.death === "killed" && this.#chance.happens(0.3);
    if (isPower) await this.#powerCut();
    this.#judge(ending);
  }

  /** A plan that is kept now, or was before, where one is to be applied. Others may do something in between. */
  async #planFile(): Promise<KeptPlan | undefined> {
    if (this.#kept !== undefined && this.#files.happens(0.4)) return this.#kept;
    if (!this.#files.happens(0.2)) return undefined;
    const ending = await this.#orbform.keep(this.#stack);
    this.#judge(ending);
    if (ending.kind !== "done") return undefined;
    this.#kept = ending.value;
    if (this.#files.happens(0.3)) await outsideHand(this.computer, this.#files, "between runs");
    return this.#kept;
  }

  /** A person reads the plan, and somebody else does something meanwhile. */
  async #think(): Promise<boolean> {
    await this.computer.clock.sleep(20_000);
    if (this.#chance.happens(0.5)) await outsideHand(this.computer, this.#chance, "between runs");
    return this.#chance.happens(0.9);
  }

  #randomFate(): Fate {
    const chance = this.#chance;
    const soon = (): number => 1 + chance.below(chance.pick([30, 120, 400]));
    const later = (): number => chance.below(chance.pick([3000, 15_000, 60_000]));
    if (chance.happens(0.15)) return { diesDoing: chance.pick(TURNING_POINTS) };
    if (chance.happens(0.35)) return { diesAt: soon() };
    if (chance.happens(0.2)) return { diesAfterMs: later() };
    if (!chance.happens(0.25)) return {};
    if (chance.happens(0.5)) {
      const stopsStartingAfterMs = later();
      return { stopsStartingAfterMs, stopsWaitingAfterMs: stopsStartingAfterMs + later() };
    }
    const stopsStartingAt = soon();
    return chance.happens(0.5) ? { stopsStartingAt } : { stopsStartingAt, stopsWaitingAt: stopsStartingAt + soon() };
  }

  /** Everything that runs on the Mac ends at once; what was not synced is at risk; then it starts again. */
  async #powerCut(): Promise<void> {
    const { table, files, trace, ledger } = this.computer;
    trace.say("the power", "goes");
    ledger.kills += 1;
    ledger.disksFailed = true;
    for (const life of this.#orbform.living) life.end("power cut");
    for (const process of table.running()) table.kill(process);
    files.loseWhatWasNotSynced(this.#chance);
    table.reboot();
    await outside(this.computer, "sim", "service", "stop");
    await outside(this.computer, "sim", "service", "start");
    trace.say("the power", "is back");
  }

  /** Calm, until nothing is left to do. */
  async #comeToRest(): Promise<void> {
    const { computer } = this;
    computer.trace.say("the story", "it is calm from here on");
    computer.weather = CALM;
    await computer.clock.sleep(300_000);
    await this.#orbform.plan(this.#stack).then((ending) => this.#judge(ending));
    let last = "";
    for (let applies = 0; applies < MOST_APPLIES; applies += 1) {
      const ending = await this.#applyInCalm();
      this.#judge(ending);
      if (!this.#isWhole()) return;
      last = reasonOf(ending);
      const planned = await this.#orbform.plan(this.#stack);
      if (planned.kind === "done" && isSettled(planned.value)) return checkAtRest(computer, this.#stack);
      // What somebody changes inside a machine that then stops is seen once it runs again.
      const isUnseen = computer.ledger.changedInside.size > 0;
      if (wentWell(ending) && !isUnseen)
        return this.#broken("an apply that went well left something to do", reasonOf(planned));
      await freeNames(
        computer,
        this.#stack.flatMap((each) => (each.type === "machine" ? [each.name] : [])),
      );
      if (reasonOf(ending).includes("was never seen to be ready")) await startSuccessors(computer);
      await computer.clock.sleep(60_000);
    }
    this.#broken("it does not converge", last);
  }

  /**
   * `orb apply`, now and then by way of a plan file: with nobody else there, nothing can have changed since it was made, unless
   * it is still to be learned what a run that died has come to.
   */
  async #applyInCalm(): Promise<Ending<Applied>> {
    const more = { recreateAll: true };
    const isUnsettled = this.computer.files.text("/state/dev.journal") !== undefined;
    if (isUnsettled || !this.#files.happens(0.3)) return await this.#orbform.apply(this.#stack, {}, more);
    const planned = await this.#orbform.keep(this.#stack);
    if (planned.kind !== "done") return planned;
    const ending = await this.#orbform.applyKept(planned.value, this.#stack, more);
    if (ending.kind === "failed" && isOrbformError(ending.error) && ending.error.code === "ORB_PLAN_STALE")
      this.#broken("a plan file was stale though nothing had changed", ending.error.detail);
    return ending;
  }

  /** Everything is taken away again: what is left was never ours. */
  async #takeDown(): Promise<void> {
    this.#stack = [];
    for (let applies = 0; applies < 3; applies += 1)
      this.#judge(await this.#orbform.apply([], {}, { recreateAll: true }));
    checkGone(this.computer);
  }

  /** Whatever befalls a run, it ends with an error that a user can read, never with one of ours. */
  #judge(ending: Ending<unknown>): void {
    if (ending.kind !== "failed") return;
    const { error } = ending;
    if (isOrbformError(error) && !UNSOUND.has(error.code)) return;
    this.#broken("a run failed as it never should", error instanceof Error ? (error.stack ?? "") : String(error));
  }

  #isWhole(): boolean {
    return this.computer.ledger.violations.length === 0;
  }

  #broken(law: string, detail: string): void {
    this.computer.trace.say("LAW BROKEN", `${law}: ${detail}`);
    this.computer.ledger.violations.push({ law, detail });
  }
}

/** What no crash may leave behind. */
const UNSOUND: ReadonlySet<string> = new Set([
  "ORB_STATE_CORRUPT",
  "ORB_JOURNAL_CORRUPT",
  "ORB_STATE_CONFLICT",
  "ORB_STATE_NEWER",
  "ORB_STATE_FOREIGN",
  "ORB_OTHER_WORLD",
  "ORB_BUG",
]);

function isSettled({ plan }: { readonly plan: Parameters<typeof isEmpty>[0] }): boolean {
  return (
    isEmpty(plan) &&
    plan.diagnostics.every(({ severity }) => severity !== "error") &&
    Object.keys(plan.refreshed).length === 0
  );
}

/** Whether it did all that it planned, and nothing stood in its way. */
function wentWell(ending: Ending<Applied>): boolean {
  return ending.kind === "done" && [...ending.value.results.values()].every(({ status }) => status === "succeeded");
}

function reasonOf(ending: Ending<Applied | Planned>): string {
  if (ending.kind === "failed") return ending.error instanceof Error ? ending.error.message : String(ending.error);
  if (ending.kind === "died") return ending.death;
  const { value } = ending;
  if ("results" in value) return JSON.stringify([...value.results]);
  return JSON.stringify({
    changes: value.plan.changes,
    refreshed: value.plan.refreshed,
    problems: value.plan.diagnostics,
  });
}

function randomWeather(chance: Chance): Weather {
  if (chance.happens(0.25)) return { ...CALM, slow: 0.05 };
  return {
    reading: chance.pick([0, 0.02, 0.1]),
    lacking: chance.pick([0, 0, 0.05, 0.3]),
    changing: chance.pick([0, 0.1, 0.3]),
    slow: chance.pick([0, 0.02, 0.1]),
    disk: chance.pick([0, 0, 0, 0.01]),
  };
}
