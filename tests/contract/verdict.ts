import { orbctlDriver } from "../../src/driver/orbctl/driver.ts";
import type { OrbctlExec, OrbctlOutput } from "../../src/driver/orbctl/call.ts";
import { isDriverError } from "../../src/driver/errors.ts";
import { decide } from "../../src/execute/retry.ts";
import { isOrbformError } from "../../src/model/errors.ts";
import { machineId, type MachineId } from "../../src/model/machine.ts";
import type { Ask } from "./asks.ts";
import type { ContractCase, DriverSide, Gives, Verdict } from "./case.ts";
import { callLine, caseWorld, type CallOrbctl, expectLeaves } from "./simulator.ts";

/** An id that no machine has in any world. */
const NOBODY = machineId("01AAAAAAAAAAAAAAAAAAAAAAAA");
const NO_WAIT = { now: () => 0, sleep: () => Promise.resolve(), random: () => 0 };
const versionText = (version = "2.2.3"): string => `Version: ${version} (2020300)\nCommit: 50f9337 (v${version})\n`;

/** What the driver refuses before it calls anything. */
const REFUSALS: ReadonlySet<string> = new Set(["ORB_NAME_REFUSED", "ORB_PROPERTY_INVALID"]);

/** What the driver makes of words that orbctl printed, whoever it was. */
export async function verdictOnText({ line, gives, version }: ContractCase, side: DriverSide): Promise<Verdict> {
  const text = side.text ?? gives;
  if (
    !isRefusal(side.makes) &&
    text.never !== true &&
    (text.stdout === undefined || text.stderr === undefined || text.exitCode === undefined)
  ) {
    throw new Error(`What "orbctl ${line}" prints is not given word for word.`);
  }
  const others = { status: "Running\n", version: versionText(version), list: "[]\n", ...side.beside };
  const exec = canned({ command: commandOf(line), text, others });
  return verdict(side.ask, {
    exec,
    never: text.never === true,
    id: async () => machineId("01KTK0Z32XA8Y4R8MVY2F4TZKN"),
  });
}

/** What the driver makes of the same situation in a world of the simulator. */
export async function verdictOnSimulator(each: ContractCase, { ask }: DriverSide): Promise<Verdict> {
  const { exec, call } = caseWorld(each);
  for (const line of each.given) await callLine(line, call);
  const made = await verdict(ask, { exec, never: each.gives.never === true, id: (name) => idOf(call, name) });
  // Where the driver makes the same call, the same is so afterwards.
  if (ask.verb !== "read" && !isRefusal(made)) await expectLeaves(each, call);
  return made;
}

function isRefusal(verdict: Verdict): boolean {
  return "code" in verdict && REFUSALS.has(verdict.code);
}

interface Surroundings {
  readonly exec: OrbctlExec;
  readonly never: boolean;
  readonly id: (name: string) => Promise<MachineId>;
}

async function verdict(ask: Ask, { exec, never, id }: Surroundings): Promise<Verdict> {
  const calls: string[] = [];
  const watched: OrbctlExec = (call) => {
    calls.push(commandOf(call.argv.join(" ")));
    return exec(call);
  };
  const driver = orbctlDriver({ exec: watched, clock: NO_WAIT, world: { driver: "orbctl", host: "test" }, home: "/h" });
  const stop = new AbortController();
  const begin = (): Promise<void> => {
    // A call that never returns is given up once it has begun.
    if (never) setImmediate(() => stop.abort());
    return Promise.resolve();
  };
  try {
    return { value: masked(await ask.of({ driver, id, options: { begin, signal: stop.signal } })) };
  } catch (error) {
    return failed(error, ask, calls);
  }
}

function failed(error: unknown, { verb }: Ask, calls: readonly string[]): Verdict {
  if (!isOrbformError(error)) throw error;
  const beyond = calls.filter((command) => command !== "version");
  if (REFUSALS.has(error.code) && beyond.length > 0)
    throw new Error(`${error.code}, and yet ${beyond.join()} was called`);
  if (!isDriverError(error)) return { code: error.code, kind: null, outcome: null, next: "fail" };
  const repeated = new Set(calls).size < calls.length;
  const { code, kind, outcome } = error;
  if (verb === "read") return { code, kind, outcome, next: repeated ? "again" : "fail" };
  return { code, kind, outcome, next: decide({ verb, kind, outcome, attempt: 1, uncertain: false, retries: 3 }) };
}

interface Script {
  readonly command: string;
  readonly text: Gives;
  readonly others: { readonly [command: string]: string };
}

/** Says the same to every call of one command, and the others' words to theirs. */
function canned({ command, text, others }: Script): OrbctlExec {
  return async (call) => {
    await call.begin?.(null);
    const asked = commandOf(call.argv.join(" "));
    if (asked !== command) return output({ stdout: others[asked] ?? "" });
    if (text.never !== true) return output(text);
    await new Promise<void>((resolve) => call.signal?.addEventListener("abort", () => resolve()));
    return { ...output({}), exitCode: null, aborted: true };
  };
}

function output({ stdout = "", stderr = "", exitCode = 0 }: Gives): OrbctlOutput {
  return { stdout, stderr, exitCode, timedOut: false, aborted: false };
}

/** `config set cpu 4` is the command `config set`, `list -f json` is `list`. */
function commandOf(line: string): string {
  const [first = "", second = ""] = line.split(" ");
  return first === "config" ? `config ${second}` : first;
}

async function idOf(call: CallOrbctl, name: string): Promise<MachineId> {
  const { stdout } = await call(["sim", "data"], "");
  const data: { machines: { id: string; name: string }[] } = JSON.parse(stdout);
  return machineId(data.machines.find((machine) => machine.name === name)?.id ?? NOBODY);
}

const MASKS: { readonly [key: string]: string } = { id: "ID", ip4: "IP4", ip6: "IP6", diskUsedBytes: "SIZE" };

/** What differs from world to world is replaced by its kind. */
function masked(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value), (key, each: unknown) => (Object.hasOwn(MASKS, key) ? MASKS[key] : each));
}
