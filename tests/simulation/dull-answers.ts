import type { OrbctlOutput } from "../../src/driver/orbctl/call.ts";
import type { Chance } from "./chance.ts";

/** What a call gives instead of what it should, and what is wrong with it. */
export interface Answer {
  readonly why: string;
  readonly output: OrbctlOutput;
}

/** What a reading call gives when something is wrong with it. */
export function dullAnswer(chance: Chance, argv: readonly string[], good: OrbctlOutput): Answer {
  const answers: Answer[] = [
    { why: "can't reach OrbStack", output: failed("dial unix sconrpc.sock: connect: connection refused") },
    { why: "loses the answer", output: failed("rpc: unexpected EOF") },
    { why: "times out", output: { ...good, stdout: "", stderr: "", exitCode: null, timedOut: true } },
  ];
  if (argv[0] === "list") {
    answers.push(
      { why: "is cut off", output: { ...good, stdout: good.stdout.slice(0, chance.below(good.stdout.length)) } },
      { why: "prints nothing", output: { ...good, stdout: "" } },
      { why: "says null", output: { ...good, stdout: "null\n" } },
    );
  }
  return chance.pick(answers);
}

/** A list that lacks a machine that is there: whoever looks again sees it. `undefined` where there is none to lack. */
export function lackingAnswer(chance: Chance, good: OrbctlOutput): Answer | undefined {
  if (good.exitCode !== 0 || !good.stdout.startsWith("[")) return undefined;
  const records: readonly unknown[] = JSON.parse(good.stdout);
  if (records.length === 0) return undefined;
  const lacking = chance.below(records.length);
  const stdout = `${JSON.stringify(records.filter((_, index) => index !== lacking))}\n`;
  return { why: "lacks a machine", output: { ...good, stdout } };
}

function failed(stderr: string): OrbctlOutput {
  return { stdout: "", stderr: `${stderr}\n`, exitCode: 1, timedOut: false, aborted: false };
}
