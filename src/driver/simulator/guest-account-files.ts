import type { GuestContext } from "./guest-program.ts";

/** A user of a machine. */
export interface Account {
  readonly name: string;
  readonly uid: string;
  readonly gid: string;
  readonly line: string;
}

/** A group of a machine. */
export interface Group {
  readonly name: string;
  readonly gid: string;
  readonly members: readonly string[];
}

/** Every account of a machine, in the order of /etc/passwd. */
export async function accounts(ctx: GuestContext): Promise<readonly Account[]> {
  return (await lines(ctx, "/etc/passwd")).map((line) => {
    const [name = "", , uid = "", gid = ""] = line.split(":");
    return { name, uid, gid, line };
  });
}

/** Every group of a machine, in the order of /etc/group. */
export async function groups(ctx: GuestContext): Promise<readonly Group[]> {
  return (await lines(ctx, "/etc/group")).map((line) => {
    const [name = "", , gid = "", members = ""] = line.split(":");
    return { name, gid, members: members.split(",").filter((each) => each !== "") };
  });
}

/** Writes all groups. */
export async function writeGroups(ctx: GuestContext, all: readonly Group[]): Promise<void> {
  const written = all.map(({ name, gid, members }) => `${name}:x:${gid}:${members.join(",")}\n`);
  await ctx.fs.writeFile("/etc/group", written.join(""));
}

/** The lines of a file that has one record a line. */
export async function lines(ctx: GuestContext, path: string): Promise<readonly string[]> {
  return (await ctx.fs.readFile(path)).split("\n").filter((line) => line !== "");
}

/** The next free number for a person's account or group. */
export function nextId(used: readonly string[]): string {
  return String(Math.max(999, ...used.map(Number).filter((id) => id < 60_000)) + 1);
}
