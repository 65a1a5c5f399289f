/**
 * A file system in memory that knows what would be left of it if the power went now: contents as they were last synced,
 * folder entries as they were when their folder was last synced. What is not synced may be there, torn, or not.
 */
import { basename, dirname } from "node:path";
import type { Chance } from "./chance.ts";

interface File {
  text: string;
  /** As it was when it was last synced; `undefined`: never. */
  synced: string | undefined;
  /** What it was since, and is no longer: any of it may be what the medium has. */
  unsynced: string[];
}

interface Folder {
  entries: Map<string, File>;
  synced: Map<string, File>;
  /** What was done to the entries since they were synced, each whole or not at all. */
  pending: EntryChange[];
}

/** Names that get a file, and names that lose theirs. */
interface EntryChange {
  readonly put?: { readonly name: string; readonly file: File };
  readonly drop?: string;
}

/** The calls are done at once; whoever wants a call to take time, fail or be cut short sees to that around it. */
export class PowerFiles {
  readonly #folders = new Map<string, Folder>();

  constructor() {
    this.makeFolder("/");
  }

  has(path: string): boolean {
    return this.#file(path) !== undefined;
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  text(path: string): string | undefined {
    return this.#file(path)?.text;
  }

  /** What is certain to be there after the power went. */
  syncedText(path: string): string | undefined {
    return this.#folders.get(dirname(path))?.synced.get(basename(path))?.synced;
  }

  names(folder: string): readonly string[] {
    return [...(this.#folders.get(folder)?.entries.keys() ?? [])];
  }

  paths(): readonly string[] {
    return [...this.#folders].flatMap(([folder, { entries }]) =>
      [...entries.keys()].map((name) => `${folder}/${name}`),
    );
  }

  /** Makes a folder. The simplification: a folder, once made, is never lost. */
  makeFolder(path: string): boolean {
    if (this.#folders.has(path)) return false;
    this.#folders.set(path, { entries: new Map(), synced: new Map(), pending: [] });
    return true;
  }

  /** An empty file under a name. */
  create(path: string): void {
    this.#change(path, { put: { name: basename(path), file: { text: "", synced: undefined, unsynced: [] } } });
  }

  write(path: string, text: string): void {
    const file = this.#need(path);
    file.unsynced.push(file.text);
    file.text = text;
  }

  append(path: string, text: string): void {
    this.#need(path).text += text;
  }

  sync(path: string): void {
    const folder = this.#folders.get(path);
    if (folder) {
      folder.synced = new Map(folder.entries);
      folder.pending = [];
      return;
    }
    const file = this.#need(path);
    file.synced = file.text;
    file.unsynced = [];
  }

  link(existing: string, path: string): void {
    this.#change(path, { put: { name: basename(path), file: this.#need(existing) } });
  }

  /** Within one folder. */
  rename(from: string, to: string): void {
    this.#change(to, { put: { name: basename(to), file: this.#need(from) }, drop: basename(from) });
  }

  unlink(path: string): void {
    this.#change(path, { drop: basename(path) });
  }

  /** The power goes: of what was not synced, chance says what is left. */
  loseWhatWasNotSynced(chance: Chance): void {
    const left = new Map<File, File>();
    for (const folder of this.#folders.values()) {
      for (const change of folder.pending) if (chance.happens(0.5)) apply(folder.synced, change);
      for (const [name, file] of folder.synced) {
        const survivor = left.get(file) ?? survivorOf(file, chance);
        left.set(file, survivor);
        folder.synced.set(name, survivor);
      }
      folder.entries = new Map(folder.synced);
      folder.pending = [];
    }
  }

  #change(path: string, change: EntryChange): void {
    const folder = this.#folders.get(dirname(path));
    if (!folder) throw new Error(`no such folder: ${dirname(path)}`);
    apply(folder.entries, change);
    folder.pending.push(change);
  }

  #file(path: string): File | undefined {
    return this.#folders.get(dirname(path))?.entries.get(basename(path));
  }

  #need(path: string): File {
    const file = this.#file(path);
    if (file) return file;
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT", path });
  }
}

function apply(entries: Map<string, File>, { put, drop }: EntryChange): void {
  if (drop !== undefined) entries.delete(drop);
  if (put) entries.set(put.name, put.file);
}

/** The synced content, or some of what came after it: all, or a part. */
function survivorOf({ text, synced = "", unsynced }: File, chance: Chance): File {
  if (text === synced && unsynced.length === 0) return { text, synced, unsynced };
  const kept = text.startsWith(synced) ? synced.length : 0;
  const fates = [synced, ...unsynced, text, text.slice(0, kept + chance.below(text.length - kept + 1))];
  const survivor = chance.pick(fates);
  return { text: survivor, synced: survivor, unsynced: [] };
}
