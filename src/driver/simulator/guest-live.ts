import { AsyncLocalStorage } from "node:async_hooks";
import type { InMemoryFs } from "just-bash";
import { GuestFs } from "./guest-fs.ts";
import type { GuestEntry, GuestFiles } from "./guest-files.ts";
import type { Host } from "./host.ts";
import type { Machine } from "./record.ts";

type Entries = { readonly [path: string]: GuestEntry | null };

/** Whether every command in a machine sees a path as it is, and not as it was when the command began. */
export function isLive(path: string): boolean {
  return /^\/run\/./.test(path) || /^\/proc\/\d+(?:\/|$)/.test(path);
}

/**
 * A machine's file system in which `/run`, where programs tell each other that they are at work, is shared by all commands
 * that run at the same time, and `/proc/PID/stat` is there for each of them that has asked for its own.
 */
export class LiveFs extends GuestFs {
  readonly #host: Host;
  readonly #machine: Machine;
  readonly #user: string;
  /** The sandbox takes `Atomics` from whoever is called within it, and the world's lock waits with it. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #shown = new Map<string, string>();
  /** What it does to the files by itself is nothing that others are to see. */
  #isBySelf = true;

  constructor(host: Host, machine: Machine, user: string) {
    super();
    this.#host = host;
    this.#machine = machine;
    this.#user = user;
  }

  /** The machine's files are in place: from now on what changes in them is the command's doing. */
  begin(): void {
    this.#isBySelf = false;
  }

  /** The command has ended: there is no such process any more. */
  end(): void {
    const own = `/proc/${this.#host.pid}`;
    if (this.#shown.has(`${own}/stat`)) this.#change({ [own]: null, [`${own}/stat`]: null });
  }

  override async readFile(...args: Parameters<InMemoryFs["readFile"]>): ReturnType<InMemoryFs["readFile"]> {
    await this.#look(args[0]);
    return super.readFile(...args);
  }

  override async readFileBytes(path: string): ReturnType<InMemoryFs["readFileBytes"]> {
    await this.#look(path);
    return super.readFileBytes(path);
  }

  override async readFileBuffer(path: string): ReturnType<InMemoryFs["readFileBuffer"]> {
    await this.#look(path);
    return super.readFileBuffer(path);
  }

  override async exists(path: string): Promise<boolean> {
    await this.#look(path);
    return super.exists(path);
  }

  override async stat(path: string): ReturnType<InMemoryFs["stat"]> {
    await this.#look(path);
    return super.stat(path);
  }

  override async lstat(path: string): ReturnType<InMemoryFs["lstat"]> {
    await this.#look(path);
    return super.lstat(path);
  }

  override async readdir(path: string): ReturnType<InMemoryFs["readdir"]> {
    await this.#look(`${path}/.`);
    return super.readdir(path);
  }

  override async readdirWithFileTypes(path: string): ReturnType<InMemoryFs["readdirWithFileTypes"]> {
    await this.#look(`${path}/.`);
    return super.readdirWithFileTypes(path);
  }

  override async writeFile(...args: Parameters<InMemoryFs["writeFile"]>): Promise<void> {
    await super.writeFile(...args);
    await this.#tell(args[0]);
  }

  override async appendFile(...args: Parameters<InMemoryFs["appendFile"]>): Promise<void> {
    await super.appendFile(...args);
    await this.#tell(args[0]);
  }

  override async mkdir(...args: Parameters<InMemoryFs["mkdir"]>): Promise<void> {
    await super.mkdir(...args);
    await this.#tell(args[0]);
  }

  override async rm(...args: Parameters<InMemoryFs["rm"]>): Promise<void> {
    await super.rm(...args);
    await this.#tell(args[0]);
  }

  override async chmod(...args: Parameters<InMemoryFs["chmod"]>): Promise<void> {
    await super.chmod(...args);
    await this.#tell(args[0]);
  }

  override async mv(from: string, to: string): Promise<void> {
    await super.mv(from, to);
    await this.#tell(from);
    await this.#tell(to);
  }

  /** Of two that make the same link, one gets it. */
  override async link(from: string, to: string): Promise<void> {
    await this.#look(to);
    await super.link(from, to);
    await this.#tell(to, { new: true });
  }

  /** Takes over what others have changed. */
  async #look(path: string): Promise<void> {
    if (this.#isBySelf || !(isLive(path) || /^\/(?:proc|run)\/\.$/.test(path))) return;
    if (path === `/proc/${this.#host.pid}/stat`) this.#appear(path);
    this.#isBySelf = true;
    try {
      await this.#pull(this.#entries());
    } finally {
      this.#isBySelf = false;
    }
  }

  async #pull(entries: Entries): Promise<void> {
    for (const path of this.#shown.keys()) {
      if (entries[path] !== undefined && entries[path] !== null) continue;
      await super.rm(path, { recursive: true, force: true });
      this.#shown.delete(path);
    }
    for (const [path, entry] of Object.entries(entries)) {
      const mark = JSON.stringify(entry);
      if (entry === null || this.#shown.get(path) === mark) continue;
      this.#shown.set(path, mark);
      if (entry.kind === "directory") await super.mkdir(path, { recursive: true });
      else await super.writeFile(path, Buffer.from(entry.content, "base64"));
      await super.chmod(path, entry.mode);
    }
  }

  /** Those of this boot; what is left of a process that is gone is not among them. */
  #entries(): Entries {
    const files = this.#outside(() => this.#host.session.readFiles(this.#machine.id));
    if (files?.boot !== this.#machine.boot) return {};
    const live = Object.entries(files.entries).filter(([path, entry]) => isLive(path) && this.#isThere(path, entry));
    return Object.fromEntries(live.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #isThere(path: string, entry: GuestEntry | null): boolean {
    const [, pid] = /^\/proc\/(\d+)/.exec(path) ?? [];
    if (pid === undefined || entry === null) return true;
    return Buffer.from(entry.content, "base64").toString() === this.#statOf(Number(pid));
  }

  /** proc_pid_stat(5): its group is its own, and the 22nd field says when it started. */
  #statOf(pid: number): string {
    return `${pid} (sh) S 1 ${pid} ${pid} 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 ${this.#host.startOf(pid) ?? "gone"} 0\n`;
  }

  /** Shows its own process to others, once it looks for it itself. */
  #appear(path: string): void {
    if (this.#shown.has(path)) return;
    const content = Buffer.from(this.#statOf(this.#host.pid)).toString("base64");
    this.#change({ [path]: { ...FILE, content } });
  }

  async #tell(path: string, { new: isNew }: { readonly new: boolean } = { new: false }): Promise<void> {
    if (this.#isBySelf || !isLive(path)) return;
    const isThere = await super.exists(path);
    if (!isThere) return this.#change(this.#gone(path));
    const { isDirectory, mode, mtime } = await super.lstat(path);
    const content = isDirectory ? "" : Buffer.from(await super.readFileBuffer(path)).toString("base64");
    const kind = isDirectory ? "directory" : "file";
    const owner = `${this.#user}:${this.#user}`;
    const entry: GuestEntry = { kind, mode: mode & 0o7777, owner, mtime: mtime.getTime(), content };
    this.#shown.set(path, JSON.stringify(entry));
    this.#change({ [path]: entry }, isNew ? path : undefined);
  }

  /** A path with all that was below it. */
  #gone(path: string): Entries {
    const below = [...this.#shown.keys()].filter((each) => each.startsWith(`${path}/`));
    return Object.fromEntries([path, ...below].map((each) => [each, null]));
  }

  #change(changed: Entries, onlyNew?: string): void {
    this.#outside(() => this.#write(changed, onlyNew));
  }

  #write(changed: Entries, onlyNew: string | undefined): void {
    const { session } = this.#host;
    const { id, boot } = this.#machine;
    // A command that outlives its machine's boot has nothing to tell to the next one.
    if (session.read((world) => world.byId(id)?.boot) !== boot) return;
    session.changeFiles(id, (present): GuestFiles => {
      const entries = present === null ? {} : ofBoot(present, boot);
      if (onlyNew !== undefined && entries[onlyNew]) throw exists(onlyNew);
      return { boot, entries: { ...entries, ...changed } };
    });
  }
}

const FILE = { kind: "file", mode: 0o444, owner: "root:root", mtime: 0 } as const;

function ofBoot({ boot, entries }: GuestFiles, now: number): Entries {
  if (boot === now) return entries;
  const kept = Object.entries(entries).filter(([path]) => !/^\/(?:tmp|run|proc|sys|dev)(?:\/|$)/.test(path));
  return Object.fromEntries(kept);
}

function exists(path: string): Error {
  return Object.assign(new Error(`EEXIST: file already exists, link '${path}'`), { code: "EEXIST" });
}
