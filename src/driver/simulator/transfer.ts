import { Failure } from "./failure.ts";
import { type GuestDisk, openDisk, ownerOf, saveDisk } from "./guest-disk.ts";
import type { Host, TreeEntry } from "./host.ts";
import type { Machine } from "./record.ts";
import { home } from "./rootfs.ts";

/**
 * `push SRC… [DEST]`. On 2.2.3 what arrives belongs to root, and what is put into /tmp never shows inside the machine;
 * before 2.2 it was `cp` inside, by the machine's user (contract 3.12).
 */
export async function push(host: Host, machine: Machine, words: readonly string[]): Promise<void> {
  const { username, isolated } = machine.settings;
  const { copiesInside } = host.session.read((world) => world.release);
  const own = home(username);
  const { sources, destination } = apart(words, own);
  const disk = await openDisk(host, machine, "root");
  const target = absolute(destination, own);
  const folder = sources.length > 1 || destination.endsWith("/") || (await isFolder(disk, target));
  for (const source of sources) {
    const entries = host.mac.readTree(host.mac.resolve(source));
    if (!entries || (copiesInside && isolated))
      throw new Failure(`cp: cannot stat '/mnt/mac${host.mac.resolve(source)}': No such file or directory`);
    const inside = folder && !source.endsWith("/.");
    const root = inside
      ? `${target.replace(/\/$/, "")}/${lastName(host.mac.resolve(source))}`
      : target.replace(/\/$/, "");
    if (!copiesInside && isLostInTmp(root)) continue;
    if (copiesInside && !(await mayWrite(disk, root, username)))
      throw new Failure(`cp: cannot create regular file '${root}': Permission denied`);
    await plant(disk, root, { entries, owner: copiesInside ? `${username}:${username}` : "root:root" });
  }
  await saveDisk(host.session, machine, disk);
  host.session.transact((world) => world.log("push", machine, words.join(" ")));
}

function isLostInTmp(path: string): boolean {
  return path === "/tmp" || path.startsWith("/tmp/");
}

/** Whether a user may make something there: below the nearest folder that exists. */
async function mayWrite(disk: GuestDisk, path: string, user: string): Promise<boolean> {
  let folder = path;
  do folder = folder.slice(0, folder.lastIndexOf("/"));
  while (folder !== "" && !(await disk.fs.exists(folder)));
  if (user === "root" || folder === "/var/tmp") return true;
  const { mode } = await disk.fs.stat(folder === "" ? "/" : folder);
  return (mode & 0o002) !== 0 || ownerOf(disk, folder, user).startsWith(`${user}:`);
}

interface Planted {
  readonly entries: readonly TreeEntry[];
  /** `user:group`. */
  readonly owner: string;
}

async function plant({ fs, owners }: GuestDisk, root: string, { entries, owner }: Planted): Promise<void> {
  for (const { path, kind, mode, content } of entries) {
    const whole = path === "" ? root : `${root}/${path}`;
    await fs.mkdir(kind === "directory" ? whole : whole.slice(0, whole.lastIndexOf("/")) || "/", { recursive: true });
    if (kind === "file") await fs.writeFile(whole, content);
    if (kind === "symlink") {
      await fs.rm(whole, { force: true });
      await fs.symlink(Buffer.from(content).toString("utf8"), whole);
    } else await fs.chmod(whole, mode);
    owners.set(whole, owner);
  }
}

/** `pull SRC… [DEST]`. Works on a stopped machine too. */
export async function pull(host: Host, machine: Machine, words: readonly string[]): Promise<void> {
  const own = home(machine.settings.username);
  const { sources, destination } = apart(words, ".");
  const disk = await openDisk(host, machine, "root");
  const target = host.mac.resolve(destination);
  const shut = machine.settings.isolated && host.session.read((world) => world.release.copiesInside);
  const folder = sources.length > 1 || destination.endsWith("/") || host.mac.isDirectory(target);
  for (const source of sources) {
    const path = absolute(source, own).replace(/\/\.?$/, "");
    const entries = await harvest(disk, path);
    if (entries.length === 0) throw new Failure(`cp: cannot stat '${path}': No such file or directory`);
    const inside = folder && !source.endsWith("/.");
    try {
      if (shut) throw new Error("nothing of the Mac is there inside");
      host.mac.writeTree(inside ? `${target}/${lastName(path)}` : target, entries);
    } catch {
      throw new Failure(`cp: cannot create regular file '/mnt/mac${target}': Permission denied`);
    }
  }
  host.session.transact((world) => world.log("pull", machine, words.join(" ")));
}

async function harvest({ fs }: GuestDisk, root: string): Promise<readonly TreeEntry[]> {
  const paths = fs.getAllPaths().filter((path) => path === root || path.startsWith(`${root}/`));
  const entries: TreeEntry[] = [];
  for (const whole of paths.toSorted()) {
    const path = whole.slice(root.length + 1);
    const stat = await fs.lstat(whole);
    const mode = stat.mode & 0o7777;
    if (stat.isDirectory) entries.push({ path, kind: "directory", mode, content: new Uint8Array() });
    else if (stat.isSymbolicLink && path !== "") {
      entries.push({ path, kind: "symlink", mode, content: Buffer.from(await fs.readlink(whole)) });
    } else entries.push({ path, kind: "file", mode, content: await fs.readFileBuffer(whole) });
  }
  return entries;
}

/** One word alone is a source (contract 3.12). */
function apart(words: readonly string[], otherwise: string): { sources: readonly string[]; destination: string } {
  const last = words.at(-1);
  if (words.length < 2 || last === undefined) return { sources: words, destination: `${otherwise}/` };
  return { sources: words.slice(0, -1), destination: last };
}

function absolute(path: string, own: string): string {
  if (path.startsWith("~/")) return `${own}/${path.slice(2)}`;
  return path.startsWith("/") ? path : `${own}/${path}`;
}

function lastName(path: string): string {
  return (
    path
      .replace(/\/\.?$/, "")
      .split("/")
      .at(-1) ?? ""
  );
}

async function isFolder({ fs }: GuestDisk, path: string): Promise<boolean> {
  const clean = path.replace(/\/$/, "") || "/";
  return (await fs.exists(clean)) && (await fs.stat(clean)).isDirectory;
}
