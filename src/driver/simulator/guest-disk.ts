import type { InMemoryFs } from "just-bash";
import type { GuestEntry, GuestFiles } from "./guest-files.ts";
import { isLive, LiveFs } from "./guest-live.ts";
import type { Host, Session } from "./host.ts";
import type { Machine } from "./record.ts";
import { home, rootFiles, sharedFolders } from "./rootfs.ts";

/** The file system of a machine while a command has it open. */
export interface GuestDisk {
  readonly fs: LiveFs;
  /** `user:group` by path; absent: root's. */
  readonly owners: Map<string, string>;
  readonly before: ReadonlyMap<string, GuestEntry>;
}

/** `user:group` of a path; what nobody has been noted for, and was not there before, is the present user's. */
export function ownerOf({ owners, before }: GuestDisk, path: string, user: string): string {
  return owners.get(path) ?? (before.has(path) ? "root:root" : `${user}:${user}`);
}

const EMPTY_FOLDERS = [
  "/tmp",
  "/run",
  "/srv",
  "/mnt",
  "/root",
  "/usr/local/bin",
  "/etc/systemd/system",
  "/etc/ssh/sshd_config.d",
];

/** Distributions that are not started by systemd; where they are, this folder says so (sd_booted(3)). */
const OTHER_INITS: ReadonlySet<string> = new Set(["alpine", "devuan", "gentoo", "voidlinux"]);

/** Opens a machine's files: those it was born with, and what has changed since. */
export async function openDisk(host: Host, machine: Machine, user: string): Promise<GuestDisk> {
  const { session } = host;
  const fs = new LiveFs(host, machine, user);
  const now = session.read((world) => world.now);
  const owners = new Map<string, string>();
  const booted = OTHER_INITS.has(machine.image.distro) ? [] : ["/run/systemd/system"];
  for (const folder of [...EMPTY_FOLDERS, ...booted, home(machine.user)]) await fs.mkdir(folder, { recursive: true });
  const shared = sharedFolders(
    machine,
    session.read((world) => world.machines().map(({ name }) => name)),
  );
  for (const folder of shared) await fs.mkdir(folder, { recursive: true });
  // A mount below the home folder is made first, and by root (contract 3.1).
  const mounted = machine.settings.isolated && shared.some((path) => path.startsWith(`${home(machine.user)}/`));
  if (!mounted) owners.set(home(machine.user), `${machine.user}:${machine.user}`);
  await fs.chmod("/tmp", 0o1777);
  for (const [path, { content, mode, owner }] of Object.entries(rootFiles(machine, now))) {
    await fs.writeFile(path, content);
    await fs.chmod(path, mode);
    if (owner !== undefined) owners.set(path, owner);
  }
  await overlay(fs, owners, { files: session.readFiles(machine.id), boot: machine.boot });
  const before = await photograph(fs, owners);
  fs.begin();
  return { fs, owners, before };
}

interface Saved {
  readonly files: GuestFiles | null;
  readonly boot: number;
}

async function overlay(fs: InMemoryFs, owners: Map<string, string>, { files, boot }: Saved): Promise<void> {
  if (!files) return;
  const paths = Object.keys(files.entries).toSorted();
  for (const path of paths) {
    const entry = files.entries[path];
    // What is live is looked for when it is asked for.
    if (entry === undefined || isLive(path) || (files.boot !== boot && isVolatile(path))) continue;
    if (entry === null) await fs.rm(path, { recursive: true, force: true });
    else await place(fs, path, entry);
    if (entry) owners.set(path, entry.owner);
  }
}

async function place(fs: InMemoryFs, path: string, entry: GuestEntry): Promise<void> {
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  await fs.mkdir(parent, { recursive: true });
  if (entry.kind === "directory") await fs.mkdir(path, { recursive: true });
  if (entry.kind === "file") await fs.writeFile(path, Buffer.from(entry.content, "base64"));
  if (entry.kind === "symlink") {
    await fs.rm(path, { force: true });
    await fs.symlink(entry.content, path);
    return;
  }
  await fs.chmod(path, entry.mode);
  await fs.utimes(path, new Date(entry.mtime), new Date(entry.mtime));
}

/** What does not live longer than a boot. */
function isVolatile(path: string): boolean {
  return /^\/(?:tmp|run|proc|sys|dev)(?:\/|$)/.test(path);
}

/** Every path as it is now. */
async function photograph(fs: InMemoryFs, owners: ReadonlyMap<string, string>): Promise<Map<string, GuestEntry>> {
  const photo = new Map<string, GuestEntry>();
  for (const path of fs.getAllPaths()) {
    // What is live is written as it changes, and may be gone by now.
    if (path === "/" || isLive(path) || /^\/(?:dev|proc\/self|bin|usr\/bin)(?:\/|$)/.test(path)) continue;
    const entry = await entryAt(fs, path, owners.get(path) ?? "root:root");
    if (entry) photo.set(path, entry);
  }
  return photo;
}

async function entryAt(fs: InMemoryFs, path: string, owner: string): Promise<GuestEntry | undefined> {
  const stat = await fs.lstat(path);
  const mode = stat.mode & 0o7777;
  const common = { mode, owner, mtime: stat.mtime.getTime() };
  if (stat.isDirectory) return { ...common, kind: "directory", content: "" };
  if (stat.isSymbolicLink) return { ...common, kind: "symlink", content: await fs.readlink(path) };
  const bytes = await fs.readFileBuffer(path);
  return { ...common, kind: "file", content: Buffer.from(bytes).toString("base64") };
}

/** Writes down what has changed, into whatever the machine's files have become in the meantime. */
export async function saveDisk(session: Session, machine: Machine, disk: GuestDisk): Promise<void> {
  const after = await photograph(disk.fs, disk.owners);
  const changed: { [path: string]: GuestEntry | null } = {};
  for (const [path, entry] of after) {
    if (!same(disk.before.get(path), entry)) changed[path] = entry;
  }
  for (const path of disk.before.keys()) if (!after.has(path)) changed[path] = null;
  if (Object.keys(changed).length === 0) return;
  session.changeFiles(machine.id, (present) => {
    const kept = Object.entries(present?.entries ?? {}).filter(
      ([path]) => present?.boot === machine.boot || !isVolatile(path),
    );
    return { boot: machine.boot, entries: { ...Object.fromEntries(kept), ...changed } };
  });
}

function same(one: GuestEntry | undefined, other: GuestEntry): boolean {
  if (!one || one.kind !== other.kind || one.content !== other.content) return false;
  const touched = one.kind === "file" && one.mtime !== other.mtime;
  return one.mode === other.mode && one.owner === other.owner && !touched;
}
