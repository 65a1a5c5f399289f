/** One project and one world that live through many kills of the real command line. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Ran, TestProject } from "../support/project.ts";
import { killPlan, type KillPlan } from "./kill-points.ts";
import { brokenLaws, settled, type Segment } from "./laws.ts";
import { random, type Random } from "./random.ts";
import { FIRST_WISH, mustBeMade, nextWish, stackText, type Wish } from "./wish.ts";
import { STACK, forgetClients, killClients, makeStrangers, soakProject, strangersOf, worldData } from "./world.ts";

/** What became of a chain. */
export interface ChainReport {
  /** What was being done at each kill. */
  readonly kills: readonly string[];
  /** `orbctl` processes that died with it. */
  readonly clients: number;
  /** Applies that ended, each looked at. */
  readonly endings: number;
  /** Absent where all laws held. */
  readonly failure?: string;
}

/** Which chain: a seed, how many kills it is to live through, and where the programs are. */
export interface ChainPlan {
  readonly seed: number;
  readonly kills: number;
  readonly programs: string;
}

const KILL_AT = new URL("../support/kill-at.mjs", import.meta.url).href;
const APPLY = ["apply", STACK, "--yes"];
const NOTHING: Wish = { machines: {}, default: undefined, globalMemoryMiB: undefined };

/** Looks at state in turn; none of these writes. */
const READERS = [["state", "list"], ["show"], ["outputs", STACK], ["plan", STACK]] as const;

/** Runs a chain to its end, or to the first law that is broken; then the project's folder stays. */
export async function runChain(plan: ChainPlan): Promise<ChainReport> {
  const chain = await Chain.begin(plan);
  try {
    while (chain.kills.length < plan.kills) await chain.link();
    await chain.end();
    chain.remove();
    return chain.report();
  } catch (error) {
    return chain.report(error instanceof Error ? error.message : String(error));
  }
}

class Chain {
  readonly kills: string[] = [];
  readonly #by: Random;
  readonly #project: TestProject;
  #segment: Segment;
  #links = 0;
  #clients = 0;
  #endings = 0;
  #killsSinceEnd = 0;

  static async begin({ seed, programs }: ChainPlan): Promise<Chain> {
    const project = soakProject(programs);
    await makeStrangers(project);
    const strangers = JSON.stringify(strangersOf(await worldData(project)));
    return new Chain(random(seed), project, { texts: [NOTHING], strangers, ...(await settled(project)) });
  }

  private constructor(by: Random, project: TestProject, segment: Segment) {
    this.#by = by;
    this.#project = project;
    this.#segment = segment;
  }

  /** The next text, or the same again; an apply of it that is killed, or ends. */
  async link(): Promise<void> {
    this.#links += 1;
    const before = this.#text();
    const isFirst = before === NOTHING;
    if (isFirst || this.#killsSinceEnd === 0 || this.#by.chance(0.4)) {
      this.#write(isFirst ? FIRST_WISH : nextWish(before, this.#by));
    }
    const mayBeKilled = this.#killsSinceEnd < 1 + this.#by.below(5);
    const kill = killPlan(this.#by, mustBeMade(this.#segment.texts[0], this.#text()).length);
    await (mayBeKilled ? this.#kill(kill) : this.end());
  }

  /** Lets an apply finish, and looks at everything. */
  async end(): Promise<void> {
    await this.#ended(await this.#project.orb(APPLY));
  }

  report(failure?: string): ChainReport {
    const { kills } = this;
    const report = { kills, clients: this.#clients, endings: this.#endings };
    if (failure === undefined) return report;
    return {
      ...report,
      failure: `link ${this.#links}, after ${kills.length} kills: ${failure}\n${this.#project.folder}`,
    };
  }

  remove(): void {
    this.#project.remove();
  }

  async #kill({ point, powerCut, latency }: KillPlan): Promise<void> {
    const mark = join(this.#project.folder, "killed");
    rmSync(mark, { force: true });
    forgetClients(this.#project);
    const fromOutside = point.startsWith("ms:");
    const inside = { NODE_OPTIONS: `--import=${KILL_AT}`, ORBFORM_TEST_KILL_AT: point, ORBFORM_TEST_KILL_MARK: mark };
    const run = this.#project.startOrb(APPLY, { ORBCTL_SIM_LATENCY: latency, ...(fromOutside ? {} : inside) });
    if (fromOutside) await killLater(run, Number(point.slice("ms:".length)));
    const ran = await run.ended;
    if (ran.signal !== "SIGKILL") return await this.#ended(ran);
    // A kill counts where it is seen to have been ours.
    if (!fromOutside && !existsSync(mark)) throw new Error(`something else killed it before ${point}`);
    if (powerCut) this.#clients += killClients(this.#project);
    this.#killsSinceEnd += 1;
    this.kills.push(fromOutside ? "some moment" : readFileSync(mark, "utf8"));
    await this.#readable();
  }

  /** After every kill, what is recorded can be read. */
  async #readable(): Promise<void> {
    const command = READERS[this.#by.below(READERS.length)] ?? READERS[0];
    const ran = await this.#project.orb(command);
    // A plan may have to wait for what a dead run began and nobody has seen yet; it says so.
    const mayWait = command[0] === "plan" && ran.code === 1 && ran.stderr.includes("ORB_MACHINE_IN_TRANSITION");
    if (ran.code !== 0 && !mayWait) throw new Error(told(`orb ${command.join(" ")}`, ran));
  }

  async #ended(ran: Ran): Promise<void> {
    if (ran.code !== 0) throw new Error(told("orb apply", ran));
    this.#endings += 1;
    const laws = await brokenLaws(this.#project, this.#segment);
    if (laws.length > 0) throw new Error(["broken laws", ...laws].join("\n  "));
    const again = await this.#project.orb(["plan", STACK, "--detailed-exitcode"]);
    if (again.code !== 0) throw new Error(told("orb plan --detailed-exitcode after it", again));
    this.#killsSinceEnd = 0;
    this.#segment = { ...this.#segment, ...(await settled(this.#project)), texts: [this.#text()] };
  }

  #text(): Wish {
    return this.#segment.texts.at(-1) ?? NOTHING;
  }

  #write(wish: Wish): void {
    this.#project.stack(STACK, stackText(wish));
    this.#segment = { ...this.#segment, texts: [...this.#segment.texts, wish] };
  }
}

async function killLater(run: ReturnType<TestProject["startOrb"]>, ms: number): Promise<void> {
  const over = new AbortController();
  const ended = run.ended.then(() => over.abort());
  await setTimeout(ms, undefined, { signal: over.signal }).then(
    () => run.kill("SIGKILL"),
    () => undefined,
  );
  await ended;
}

function told(what: string, { code, signal, stdout, stderr }: Ran): string {
  return `${what} ended with ${code ?? signal}:\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`;
}
