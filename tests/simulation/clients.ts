/** `orbctl` as one life of Orbform calls it: processes of their own that can be slow, hang, die, lose their answer. */
import type { OrbctlCall, OrbctlExec, OrbctlOutput } from "../../src/driver/orbctl/call.ts";
import { inMemoryExec } from "../../src/driver/simulator/in-memory.ts";
import type { Chance } from "./chance.ts";
import { briefly, type Cut, runInside } from "./guest.ts";
import type { ClientCall, Computer } from "./computer.ts";
import { dullAnswer, lackingAnswer, type Answer } from "./dull-answers.ts";
import type { Laws } from "./laws.ts";
import type { Life } from "./life.ts";

/** Calls of orbctl by one life. */
export function clientsOf(computer: Computer, life: Life, laws: Laws): OrbctlExec {
  return (call) =>
    call.begin ? change({ computer, life, laws }, call, call.begin) : read({ computer, life, laws }, call);
}

interface Parts {
  readonly computer: Computer;
  readonly life: Life;
  readonly laws: Laws;
}

const SCRATCH = "/state/dev.scratch";

function read({ computer, life }: Parts, call: OrbctlCall): Promise<OrbctlOutput> {
  const { chance } = life;
  return life.step({
    what: briefly(call.argv),
    act: async () => {
      const { reading, lacking } = computer.weather;
      const isList = call.argv[0] === "list";
      const lacks = isList && !life.lastListLacked && chance.happens(lacking);
      if (lacks) life.lastListLacked = true;
      if (lacks) return lackingOne(computer, life, await inMemoryExec(computer.world)(call));
      if (!chance.happens(reading)) {
        if (isList) life.lastListLacked = false;
        return await reached(computer, life.name, call);
      }
      const { timeoutMs, signal, ...rest } = call;
      const answer = dullAnswer(chance, call.argv, await reached(computer, life.name, rest));
      computer.trace.say(life.name, `${briefly(call.argv)}: ${answer.why}`);
      if (answer.output.timedOut) await computer.clock.sleep(timeoutMs ?? 1000, signal).catch(() => undefined);
      return answer.output;
    },
  });
}

/** A call that OrbStack gets; what it is to run inside is a model's to do. */
function reached(computer: Computer, life: string, call: OrbctlCall): Promise<OrbctlOutput> {
  return call.argv[0] === "run" ? runInside(computer, life, call) : inMemoryExec(computer.world)(call);
}

function lackingOne({ trace }: Computer, life: Life, good: OrbctlOutput): OrbctlOutput {
  const answer = lackingAnswer(life.chance, good);
  if (answer) trace.say(life.name, `list: ${answer.why}`);
  return answer?.output ?? good;
}

async function change({ computer, life, laws }: Parts, call: OrbctlCall, begin: Begin): Promise<OrbctlOutput> {
  const { table, files, trace } = computer;
  await life.step({ what: `hold ${briefly(call.argv)}`, act: () => undefined });
  const process = table.start(`orbctl ${call.argv[0]}`);
  const { pid, startedAt } = process;
  const held = `${SCRATCH}/orbctl-${table.boot}-${startedAt}.held`;
  for (const folder of ["/state", SCRATCH]) files.makeFolder(folder);
  files.create(held);
  files.write(held, "held\n");
  const release = { holds: true };
  // A parent that dies closes the pipe on which a held child waits for its line.
  void life.death.then(() => release.holds && table.end(process));
  try {
    await begin({ pid, startedAt, held });
    if (call.signal?.aborted) throw new Error("stopped before it began");
  } catch (error) {
    table.end(process);
    throw error;
  }
  const { argv, stdin } = call;
  const client: ClientCall = { life: life.name, pid, argv, ...(stdin instanceof Uint8Array && { stdin }) };
  const ended = await life.step({
    what: `let go ${briefly(call.argv)}`,
    act: () => {
      release.holds = false;
      files.write(held, "");
      laws.atGo(client, life);
      trace.say(life.name, `orbctl ${briefly(call.argv)} (${pid})`);
      const work = new Client(computer, client, laws);
      process.onKill = () => work.kill();
      call.signal?.addEventListener("abort", () => table.kill(process), { once: true });
      // In an object: a promise would be waited for here.
      return { output: work.run(life.chance.apart()).finally(() => table.end(process)) };
    },
  });
  if (call.signal?.aborted) table.kill(process);
  const output = await life.hear(ended.output);
  if (files.has(held)) files.unlink(held);
  return { ...output, aborted: call.signal?.aborted === true && output.exitCode === null };
}

type Begin = NonNullable<OrbctlCall["begin"]>;

const KILLED: OrbctlOutput = { stdout: "", stderr: "", exitCode: null, timedOut: false, aborted: false };

/** One mutating client that was let go. It goes on whatever becomes of the life that started it. */
class Client {
  readonly #computer: Computer;
  readonly #call: ClientCall;
  readonly #laws: Laws;
  readonly #killed = Promise.withResolvers<OrbctlOutput>();
  #isKilled = false;

  constructor(computer: Computer, call: ClientCall, laws: Laws) {
    this.#computer = computer;
    this.#call = call;
    this.#laws = laws;
  }

  kill(): void {
    this.#isKilled = true;
    this.#laws.atEnd(this.#call);
    this.#killed.resolve(KILLED);
  }

  async run(chance: Chance): Promise<OrbctlOutput> {
    return await Promise.race([this.#work(chance), this.#killed.promise]);
  }

  async #work(chance: Chance): Promise<OrbctlOutput> {
    const { clock } = this.#computer;
    const fate = this.#fate(chance);
    if (fate !== WORKS) this.#say(fate.name);
    if (fate.beforeMs > 0) await clock.sleep(fate.beforeMs);
    if (fate.before === "hangs") return await this.#forever();
    if (this.#isKilled) return KILLED;
    if (fate.laterMs !== undefined) void this.#reachLater(fate.laterMs);
    if (fate.before !== undefined) return this.#end(fate.before.output);
    const output = await this.#reach(fate.cut);
    if (fate.afterMs > 0) await clock.sleep(fate.afterMs);
    if (fate.after === "hangs") return await this.#forever();
    return this.#end(fate.after?.output ?? output);
  }

  /** Whoever asks for what OrbStack has yet to come to is mostly told that there is no such image. */
  #fate(chance: Chance): Fate {
    const { weather, ledger } = this.#computer;
    const { argv } = this.#call;
    const isInTheWay = argv[0] === "create" && ledger.comingLater.has(argv.at(-1) ?? "") && chance.happens(0.7);
    if (isInTheWay) return REFUSED;
    return chance.happens(weather.changing) ? fateOf(chance, argv) : WORKS;
  }

  /**
   * OrbStack has the call and comes to it only now. Not where another call has made a machine of that name meanwhile, or
   * where it has been stopped or started anew.
   */
  async #reachLater(ms: number): Promise<void> {
    const { clock, table, world, ledger } = this.#computer;
    const { boot } = table;
    const made = this.#call.argv.at(-1) ?? "";
    const before = world.session.log().length;
    ledger.comingLater.add(made);
    await clock.sleep(ms);
    ledger.comingLater.delete(made);
    const name = `"name":${JSON.stringify(made)}`;
    const since = world.session.log().slice(before);
    const isForgotten = since.some((event) => event.includes(name) || event.includes('"service stop"'));
    if (isForgotten || table.boot !== boot) return;
    this.#say("is come to by OrbStack");
    await this.#reach();
    this.#laws.atDone(this.#call);
  }

  /** The call reaches OrbStack. */
  async #reach(cut?: Cut): Promise<OrbctlOutput> {
    this.#laws.atReach(this.#call);
    const { life, argv, stdin } = this.#call;
    const call = { argv, ...(stdin && { stdin }) };
    const output =
      argv[0] === "run"
        ? await runInside(this.#computer, life, call, cut)
        : await inMemoryExec(this.#computer.world)(call);
    if (output.exitCode !== 0) this.#say(output.stderr.trim());
    return output;
  }

  #end(output: OrbctlOutput): OrbctlOutput {
    this.#laws.atEnd(this.#call);
    return output;
  }

  #forever(): Promise<never> {
    return new Promise(() => undefined);
  }

  #say(text: string): void {
    this.#computer.trace.say(`orbctl ${this.#call.pid}`, text);
  }
}

/** What becomes of a mutating client. */
interface Fate {
  readonly name: string;
  readonly beforeMs: number;
  /** It ends, or hangs, before it reaches OrbStack. */
  readonly before?: Answer | "hangs";
  /** It ends before it is done, and OrbStack comes to it after so long. */
  readonly laterMs?: number;
  /** What it runs inside a machine comes so far. */
  readonly cut?: Cut;
  readonly afterMs: number;
  /** How it ends once its work is done, if otherwise than well. */
  readonly after?: Answer | "hangs";
}

const WORKS: Fate = { name: "works", beforeMs: 0, afterMs: 0 };

const failed = (why: string, exitCode: number | null = 1): Answer => ({
  why,
  output: { stdout: "", stderr: why === "" ? "" : `${why}\n`, exitCode, timedOut: false, aborted: false },
});

const UNREACHED = failed("[-32098] dial unix sconrpc.sock: connect: connection refused");
const LOST = failed("rpc: read unix ->sconrpc.sock: connection reset by peer");
const CRASHED = failed("", null);
const FOR_GOOD = failed("[-32098] create: make rootfs: image not found: {ubuntu noble arm64 default}");
const INDEX = failed(
  '[-32098] create: make rootfs: fetch index: get index: Get "https://images": context deadline exceeded',
);

const REFUSED: Fate = { name: "is refused", beforeMs: 0, before: FOR_GOOD, afterMs: 0 };

function fateOf(chance: Chance, argv: readonly string[]): Fate {
  const beforeMs = chance.pick([0, 0, 40, 900, 8000]);
  const afterMs = chance.pick([0, 0, 40, 900, 8000]);
  const makes = argv[0] === "create";
  const fates: readonly Fate[] = [
    { name: "is slow", beforeMs: chance.pick([3000, 20_000, 45_000, 100_000]), afterMs },
    { name: "can't reach OrbStack", beforeMs, before: makes && chance.happens(0.3) ? INDEX : UNREACHED, afterMs },
    { name: "loses the answer", beforeMs, afterMs, after: LOST },
    { name: "hangs once its work is done", beforeMs, afterMs, after: "hangs" },
    { name: "hangs before it does anything", beforeMs, before: "hangs", afterMs },
    { name: "dies before it does anything", beforeMs, before: CRASHED, afterMs },
    { name: "dies once its work is done", beforeMs, afterMs, after: CRASHED },
    ...(argv[0] === "run"
      ? [
          {
            name: "dies in the middle of its work",
            beforeMs,
            cut: { steps: 1, death: chance.pick(["cut", "lost"] as const) },
            afterMs,
            after: CRASHED,
          },
        ]
      : []),
    ...(makes ? [{ name: "fails for good", beforeMs, before: FOR_GOOD, afterMs }, comesLater(chance)] : []),
  ];
  return chance.pick(fates);
}

/** Only what makes a machine is waited for once its answer is lost: of anything else nobody could tell that it is to come. */
function comesLater(chance: Chance): Fate {
  const laterMs = chance.pick([300, 4000, 25_000, 70_000]);
  return { name: "loses the answer before it is done", beforeMs: 0, before: LOST, laterMs, afterMs: 0 };
}
