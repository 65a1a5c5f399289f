import { isOrbformError, OrbformError } from "../model/errors.ts";
import type { MachineEnd } from "../report/on-json.ts";
import type { Voice } from "./base-command.ts";
import type { Console } from "./console.ts";
import type { Machines } from "./context-machines.ts";
import { meant, timeLimit, workOn, type ManyFlags } from "./machine-work.ts";
import { machineTeller } from "./on-teller.ts";

/** One call of `orb on`. */
export interface OnCall extends Voice {
  readonly flags: ManyFlags & {
    readonly user?: string | undefined;
    readonly sudo: boolean;
    readonly workdir: string;
    readonly "pass-env"?: readonly string[] | undefined;
    readonly stdin: boolean;
  };
  /** The selector, and nothing else. */
  readonly words: readonly string[];
  readonly command: readonly string[];
}

/** What ends with this was not run, or its end was not seen; as ssh has it. A command's own exit code is hardly ever this. */
const NOT_RUN = 255;
const TIME_UP = 124;

/** The most input that several machines are given. Bytes. */
const MOST_INPUT = 64 * 1024 * 1024;

/** Runs a command on the machines that are meant. Gives the exit code, as `docs/guides/inside.md` says. */
export async function onFlow(machines: Machines, call: OnCall): Promise<number> {
  const { console, command, flags } = call;
  const chosen = await meant(machines, selectorOf(call));
  const env = passed(console, flags["pass-env"] ?? []);
  const limit = timeLimit(flags);
  const input = flags.stdin ? await inputFor(console, chosen.length) : undefined;
  const teller = machineTeller(
    call,
    chosen.map(({ name }) => name),
  );
  const ends = await workOn(machines, chosen, {
    call,
    ended: (end) => teller.ended(end),
    work: async (guest) => {
      const result = await guest.run(command, {
        ...limit,
        ...(flags.user !== undefined && { user: flags.user }),
        ...(input !== undefined && { stdin: input }),
        sudo: flags.sudo,
        workdir: flags.workdir,
        env,
        success: "any",
        keep: false,
        onOutput: (stream, bytes) => teller.output(guest.name, stream, bytes),
      });
      return result.exitCode;
    },
  });
  teller.summary("on", ends);
  return exitOf(ends);
}

/** A flag behind SELECTOR is the command's: what is said of ours says where they stand. */
export function flagsFirst(error: unknown): never {
  if (!isOrbformError(error) || error.code !== "ORB_NO_ORBCTL") throw error;
  const hint =
    "Install OrbStack, set ORBFORM_ORBCTL to its orbctl, or try it with the simulator: orb on --driver simulator SELECTOR COMMAND";
  throw Object.assign(error, { hint });
}

function selectorOf({ words, command }: OnCall): string {
  const [selector, ...more] = words;
  if (selector !== undefined && more.length === 0 && command.length > 0) return selector;
  throw new OrbformError("ORB_USAGE", {
    summary: "The command is not written right",
    detail: "It takes which machines and what to run on them. Nothing was run.",
    hint: "Write: orb on SELECTOR COMMAND [ARGUMENT…]",
  });
}

/** Variables by name: their values are never typed, and stand in no argument list. */
function passed({ env }: Console, lists: readonly string[]): { readonly [name: string]: string } {
  const names = lists.flatMap((list) => list.split(",")).filter((name) => name !== "");
  return Object.fromEntries(
    names.map((name) => {
      const value = env[name];
      if (value !== undefined) return [name, value];
      throw new OrbformError("ORB_USAGE", {
        summary: "A variable is not set",
        detail: `--pass-env names ${JSON.stringify(name)}, which is not set here. Nothing was run.`,
        hint: `Set it first, or leave it out.`,
      });
    }),
  );
}

/** One machine reads along; several get all of it, each. */
async function inputFor({ stdin }: Console, machines: number): Promise<AsyncIterable<Uint8Array> | Uint8Array> {
  if (machines === 1) return stdin;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > MOST_INPUT) throw tooMuch();
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

function tooMuch(): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "There is too much standard input",
    detail: "Several machines can be given 64 MiB of standard input. Nothing was run.",
    hint: "Copy it there with `orb copy` first, or run on one machine.",
  });
}

function exitOf(ends: readonly MachineEnd[]): number {
  const [only] = ends;
  if (ends.length === 1 && only !== undefined) return exitOfOne(only);
  if (ends.some(({ status }) => status === "unreachable")) return NOT_RUN;
  return ends.every(({ status }) => status === "succeeded") ? 0 : 1;
}

function exitOfOne({ exitCode, problem }: MachineEnd): number {
  if (exitCode !== undefined) return exitCode;
  return problem?.code === "ORB_ORBCTL_TIMEOUT" ? TIME_UP : NOT_RUN;
}
