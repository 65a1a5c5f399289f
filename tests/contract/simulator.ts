import { expect } from "vitest";
import { macFiles } from "../../src/driver/simulator/mac-files.ts";
import type { OrbctlExec } from "../../src/driver/orbctl/call.ts";
import { memoryWorld } from "../support/simulator-memory.ts";
import type { ContractCase, Gives } from "./case.ts";

/** How a call ended; `null`: it did not. */
export type Ran = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null };

/** Calls an orbctl by its words. */
export type CallOrbctl = (words: readonly string[], stdin: string) => Promise<Ran>;

const TIMEOUT_MS = 1000;
const START = 1_800_000_000_000;

/** Only time-outs come to pass: what waits for anything else does not return. */
const CLOCK = {
  now: () => START,
  sleep: (ms: number) => (ms === TIMEOUT_MS ? Promise.resolve() : new Promise<void>(() => undefined)),
};

/** The world of a case in memory, and how it is called: by the driver, and by the words of a line. */
export function caseWorld(each: ContractCase): { readonly exec: OrbctlExec; readonly call: CallOrbctl } {
  const { exec } = memoryWorld(each.faults, {
    clock: CLOCK,
    ...(each.version !== undefined && { version: each.version }),
    ...(each.env && { env: each.env }),
    ...(each.cwd !== undefined && { mac: { ...macFiles(), resolve: () => String(each.cwd) } }),
  });
  const limit = each.gives.never ? { timeoutMs: TIMEOUT_MS } : {};
  const call: CallOrbctl = (argv, stdin) => exec({ argv, stdin: Buffer.from(stdin), ...limit });
  return { exec, call };
}

/** Holds one orbctl to one case: what came before, the line itself, and what is so afterwards. */
export async function expectCase(each: ContractCase, call: CallOrbctl): Promise<void> {
  const line = (text: string, stdin = ""): Promise<Ran> => callLine(text, call, stdin);
  for (const before of each.given) await line(before);
  expectGives(await line(each.line, each.stdin), each.gives, each.line);
  await expectLeaves(each, call);
}

/** Holds one orbctl to what is so after a case. */
export async function expectLeaves({ leaves = [] }: ContractCase, call: CallOrbctl): Promise<void> {
  for (const [after, gives] of leaves) expectGives(await callLine(after, call), gives, after);
}

/** Calls an orbctl by a line of a case. */
export async function callLine(line: string, call: CallOrbctl, stdin = ""): Promise<Ran> {
  return call(await words(line, call), stdin);
}

/** `␠` stands for a space in a word, `""` for an empty word, `ID:web` for the id of a machine. */
async function words(line: string, call: CallOrbctl): Promise<readonly string[]> {
  const found: string[] = [];
  for (const word of line.split(" ").filter((each) => each !== "")) {
    if (word.startsWith("ID:")) found.push(await idOf(word.slice(3), call));
    else found.push(word === '""' ? "" : word.replaceAll("␠", " "));
  }
  return found;
}

async function idOf(name: string, call: CallOrbctl): Promise<string> {
  const text = (await call(["info", name, "-f", "json"], "")).stdout;
  return String(JSON.parse(text).record.id);
}

function expectGives(
  { stdout, stderr, exitCode }: Ran,
  { contains = "", never = false, ...gives }: Gives,
  line: string,
): void {
  const ran = { line, stdout, stderr, exitCode };
  expect(ran).toEqual({ ...ran, ...gives, ...(never && { exitCode: null }) });
  expect(stdout).toContain(contains);
}
