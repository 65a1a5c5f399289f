/**
 * Claims: which state manages a machine or a global setting, one small file each in a folder of the host
 * (`~/.orbform/claims`; a simulated world has one of its own). They keep two stacks from managing one machine.
 */
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { decodeClaim } from "./codec.ts";
import { unwritable } from "./disk-errors.ts";
import type { Disk } from "./disk.ts";
import { besideSnapshot, fileWord } from "./paths.ts";
import type { Claim } from "./records.ts";

/** The claims of a host. Keys are machine ids and setting keys. */
export interface Claims {
  /** Claims something for this state, whoever claimed it before. Errors: `ORB_STATE_UNWRITABLE`. */
  write(key: string, claim: Omit<Claim, "statePath">): Promise<void>;
  /** Removes the claim of this lineage; another's stays. */
  remove(key: string, lineage: string): Promise<void>;
  /**
   * Who else claims these: by key, a sentence that names the other state file. Only where that file (or its journal)
   * is there and still speaks of the key. A copy of this state at another path is another, a moved one is not.
   */
  readMany(keys: readonly string[]): Promise<{ readonly [key: string]: string }>;
}

/** What claims need. */
export interface ClaimsOptions {
  readonly disk: Disk;
  /** The folder they lie in; made with the first claim. */
  readonly folder: string;
  /** This state's snapshot: its absolute path, or another backend's location. */
  readonly statePath: string;
}

/** The claims of a host, as one state sees them. */
export function claimsIn({ disk, folder, statePath }: ClaimsOptions): Claims {
  const pathOf = (key: string): string => join(folder, fileWord(key));
  let made: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const put = (path: string, text: string) => disk.small?.replace(path, text) ?? disk.replace(path, text, 0o600);
  return {
    async write(key, claim) {
      const text = `${JSON.stringify({ ...claim, statePath }, null, 2)}\n`;
      try {
        await (made ??= disk.makeFolder(folder));
        // Beside the run, one after the other: they must not keep the journal waiting.
        const written = writing.then(() => put(pathOf(key), text));
        writing = written.catch(() => undefined);
        await written;
      } catch (error) {
        made = undefined;
        throw unwritable(error, pathOf(key));
      }
    },
    async remove(key, lineage) {
      const claim = claimIn(await disk.read(pathOf(key)));
      if (claim?.lineage !== lineage) return;
      // A copy of this state has its lineage too, and may go on with what this one lets go.
      const isOurs = claim.statePath === statePath || !(await new OtherStates(disk, statePath).lists(claim, key));
      if (isOurs) await disk.remove(pathOf(key));
    },
    async readMany(keys) {
      const names = new Set(await disk.list(folder));
      const states = new OtherStates(disk, statePath);
      const claimed = keys.filter((key) => names.has(fileWord(key)));
      const texts = await readTexts(disk, claimed.map(pathOf));
      const found: [string, string][] = [];
      for (const [index, key] of claimed.entries()) {
        const claim = claimIn(texts[index]);
        // Our own are nearly all: they cost no turn of the event loop each.
        if (claim === undefined || claim.statePath === statePath) continue;
        if (await states.lists(claim, key)) found.push([key, sentence(claim)]);
      }
      return Object.fromEntries(found);
    },
  };
}

function readTexts(disk: Disk, paths: readonly string[]): Promise<readonly (string | undefined)[]> {
  if (disk.small) return Promise.resolve(disk.small.read(paths));
  return Promise.all(paths.map((path) => disk.read(path)));
}

/** A claim that cannot be read claims nothing: it is a help, the state file is what counts. */
function claimIn(text: string | undefined): Claim | undefined {
  return text === undefined ? undefined : decodeClaim(text);
}

function sentence({ address, stack, statePath }: Claim): string {
  return `It is ${address} of the stack ${stack}, in the state ${statePath}.`;
}

/** State files that claims name, each read once. */
class OtherStates {
  readonly #disk: Disk;
  readonly #ownPath: string;
  readonly #texts = new Map<string, Promise<string>>();

  constructor(disk: Disk, ownPath: string) {
    this.#disk = disk;
    this.#ownPath = ownPath;
  }

  /** Whether the state that a claim names still speaks of the key. */
  async lists({ statePath: path }: Claim, key: string): Promise<boolean> {
    const text = this.#texts.get(path) ?? this.#read(path);
    this.#texts.set(path, text);
    return (await text).includes(JSON.stringify(key));
  }

  /** A file that is damaged or of another version still counts by what it says: its text is searched, not read. */
  async #read(path: string): Promise<string> {
    if ((await canonical(path)) === (await canonical(this.#ownPath))) return "";
    const parts = [path, besideSnapshot(path).journal].map((each) => this.#disk.read(each).catch(() => undefined));
    return (await Promise.all(parts)).join("\n");
  }
}

/** The same file by two paths (a link, macOS' /tmp) is one state; a file that is not there keeps its path. */
function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
