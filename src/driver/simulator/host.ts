import type { GuestFiles } from "./guest-files.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** The world, to be looked at and changed. One implementation in memory, one in a folder. */
export interface Session {
  /** Looks at the world and changes it, with nobody in between. Where `change` throws, nothing has changed. */
  transact<T>(change: (world: World) => T): T;
  /** Looks at the world only. */
  read<T>(look: (world: World) => T): T;
  /** Files of one machine, `null` while they are as at its birth. */
  readFiles(id: string): GuestFiles | null;
  /** Changes the files of one machine, with nobody in between. */
  changeFiles(id: string, change: (files: GuestFiles | null) => GuestFiles | null): void;
  /** Every event so far. */
  log(): readonly string[];
  /** Forgets everything. */
  reset(): void;
}

/** Everything a command uses besides the world. */
export interface Host {
  /** `orb` runs a word that is no subcommand inside the default machine; `orbctl` refuses it. */
  readonly program: "orb" | "orbctl";
  readonly env: { readonly [name: string]: string | undefined };
  readonly session: Session;
  /** A sleep may end early: who waits looks at the world again. */
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** A number that no other command has while this one runs: what a program inside sees as its own process. */
  readonly pid: number;
  /** When the command with that number started, as a number; `undefined` where it is gone. */
  startOf(pid: number): number | undefined;
  /** Carries out this very call in a process that outlives the present one. Absent where nothing can be killed. */
  outlive?(): Promise<number>;
  /** Never resolves, and keeps the process alive. */
  forever(): Promise<never>;
  /** Resolves soon after something has become so. Absent where nobody can change the world beside this call. */
  until?(isSo: () => boolean): Promise<void>;
  /** Carries out a command line that a program inside a machine calls. Absent: nothing inside can. */
  readonly inside?: (words: readonly string[], host: Host) => Promise<number>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Whether a person sits at it. */
  readonly terminal: boolean;
  stdout(text: string | Uint8Array): void;
  stderr(text: string | Uint8Array): void;
  /** Files of the Mac: for user data, archives, push and pull. */
  readonly mac: MacFiles;
}

/** One file or folder of a tree, by its path below the tree's root (`""` = the root itself). */
export interface TreeEntry {
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly mode: number;
  /** A symlink's target as bytes of its text. */
  readonly content: Uint8Array;
}

/** The Mac's file system as far as `orbctl` touches it. Each throws an Error with a `code` such as `ENOENT`. */
export interface MacFiles {
  read(path: string): Uint8Array;
  write(path: string, content: Uint8Array): void;
  /** A file or folder with everything below, or `undefined` where nothing is. */
  readTree(path: string): readonly TreeEntry[] | undefined;
  writeTree(path: string, entries: readonly TreeEntry[]): void;
  /** Absolute path of one as the caller gives it. */
  resolve(path: string): string;
  isDirectory(path: string): boolean;
}

/** Waits for the end of an operation. Throws its failure. */
export async function finish(host: Host, outcome: Outcome): Promise<void> {
  await waitUntil(host, outcome.until);
  if (outcome.failure) throw outcome.failure;
  if (outcome.verify) host.session.read(outcome.verify);
}

/** Carries out a change and waits for its end. */
export async function perform(host: Host, change: (world: World) => Outcome): Promise<void> {
  await finish(host, host.session.transact(change));
}

/** Waits until a time of the world's clock, which tests may put forward in the meantime. */
async function waitUntil(host: Host, until: number): Promise<void> {
  const missing = (): number => until - host.session.read((world) => world.now);
  if (until === Infinity) await host.forever();
  for (let ms = missing(); ms > 0; ms = missing()) await host.clock.sleep(ms);
}
