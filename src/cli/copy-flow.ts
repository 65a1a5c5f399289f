import type { Guest } from "../guest/connect.ts";
import type { Progress } from "../guest/transfer.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts } from "../model/machine.ts";
import type { Voice } from "./base-command.ts";
import type { Machines } from "./context-machines.ts";
import { meant, timeLimit, workOn, type ManyFlags } from "./machine-work.ts";
import { machineTeller } from "./on-teller.ts";

/** One call of `orb copy`. */
export interface CopyCall extends Voice {
  readonly flags: ManyFlags & { readonly owner?: string | undefined; readonly mode?: string | undefined };
  readonly words: readonly string[];
}

/** A copy as it was asked for. */
type Asked =
  | { readonly kind: "put"; readonly sources: readonly string[]; readonly selector: string; readonly to: string }
  | { readonly kind: "get"; readonly sources: readonly string[]; readonly selector: string; readonly to: string };

/** Copies into the machines that are meant, or out of them. Exit code 0, or 1 if anything was not copied. */
export async function copyFlow(machines: Machines, call: CopyCall): Promise<number> {
  const asked = askedFor(call.words);
  const mode = modeOf(call.flags.mode);
  const options = { ...timeLimit(call.flags), ...(mode !== undefined && { mode }), ...ownerOf(call.flags) };
  const chosen = await meant(machines, asked.selector);
  const names = chosen.map(({ name }) => name);
  const teller = machineTeller(call, names);
  const onProgress = ({ machine, path, bytes, totalBytes }: Progress): void => {
    if (bytes >= totalBytes) teller.copied(machine, path, totalBytes);
  };
  const work =
    asked.kind === "put"
      ? putting(asked, { ...options, onProgress })
      : getting(asked, { chosen, cwd: call.console.cwd, options: { ...timeLimit(call.flags), onProgress } });
  const ends = await workOn(machines, chosen, { call, work, ended: (end) => teller.ended(end) });
  teller.summary("copy", ends);
  return ends.every(({ status }) => status === "succeeded") ? 0 : 1;
}

type PutOptions = Omit<Parameters<Guest["put"]>[0], "from" | "to">;
type GetOptions = Omit<Parameters<Guest["get"]>[0], "from" | "to">;

function putting({ sources, to }: Asked, options: PutOptions): (guest: Guest) => Promise<undefined> {
  return async (guest) => {
    for (const from of sources) await guest.put({ ...options, from, to });
    return undefined;
  };
}

interface Getting {
  readonly chosen: readonly MachineFacts[];
  readonly cwd: string;
  readonly options: GetOptions;
}

/** Out of several machines, each has a folder of its name: they would overwrite each other. */
function getting({ sources, to }: Asked, { chosen, cwd, options }: Getting): (guest: Guest) => Promise<undefined> {
  const several = chosen.length > 1;
  return async (guest) => {
    const own = several ? `${to}/${guest.name}/` : to;
    const target = own.startsWith("/") ? own : `${cwd}/${own}`;
    for (const from of sources) await guest.get({ ...options, from, to: target });
    return undefined;
  };
}

function askedFor(words: readonly string[]): Asked {
  const to = words.at(-1);
  const sources = words.slice(0, -1);
  if (to === undefined || sources.length === 0) throw misuse("It takes what to copy and where to.");
  // An unset variable in a script: a path would read it as the current folder.
  if (words.includes("")) throw misuse("A word is empty; the current folder is written . or ./ here.");
  const inside = insideOf(to);
  const from = sources.map(insideOf);
  const [first] = from;
  if (sources.length > 1 && !to.endsWith("/"))
    throw misuse("Several sources need a folder to go into: DEST ends with /.");
  if (inside !== undefined && from.every((each) => each === undefined))
    return { kind: "put", sources, selector: inside.selector, to: inside.path };
  if (inside === undefined && first !== undefined && from.every((each) => each?.selector === first.selector))
    return { kind: "get", sources: from.flatMap((each) => each?.path ?? []), selector: first.selector, to };
  throw misuse("One side is here, the other SELECTOR:PATH, the same machines for every source.");
}

/** `SELECTOR:PATH`: a colon before any slash, as scp has it; addresses of components have slashes before it. */
function insideOf(word: string): { readonly selector: string; readonly path: string } | undefined {
  const [, selector, path] = /^((?![./~])[^:]*[^:/]):(\/[\s\S]*)$/.exec(word) ?? [];
  return selector === undefined || path === undefined ? undefined : { selector, path };
}

function modeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8);
  throw misuse(`--mode takes three or four octal digits, not ${JSON.stringify(text)}.`);
}

function ownerOf({ owner }: CopyCall["flags"]): { readonly owner?: string } {
  return owner === undefined ? {} : { owner };
}

function misuse(detail: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "The command is not written right",
    detail: `${detail} Nothing was copied.`,
    hint: "Write: orb copy SRC… SELECTOR:/PATH, or orb copy SELECTOR:/PATH… DEST",
  });
}
