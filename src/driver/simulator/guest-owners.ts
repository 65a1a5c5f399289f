import type { ExecResult } from "just-bash";
import { ownerOf } from "./guest-disk.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import { accounts, lines } from "./guest-account-files.ts";

/** Programs about who owns what. */
export function ownerPrograms(): { readonly [name: string]: GuestProgram } {
  return { chown, stat };
}

async function chown(...[{ disk }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const [owner = "", ...paths] = args.filter((word) => !word.startsWith("-"));
  const deep = args.some((word) => /^-[a-zA-Z]*R|^--recursive/.test(word));
  const asItself = args.some((word) => /^-[a-zA-Z]*h|^--no-dereference$/.test(word));
  const unknown = await unknownIn(ctx, owner);
  if (unknown !== undefined) return failed(`chown: invalid ${unknown}: '${owner}'`);
  const named = await names(ctx, owner);
  for (const word of paths) {
    const path = ctx.fs.resolvePath(ctx.cwd, word);
    const isThere = asItself ? await ctx.fs.lstat(path).catch(() => undefined) : await ctx.fs.exists(path);
    if (!isThere) return failed(`chown: cannot access '${word}': No such file or directory`);
    const all = deep ? disk.fs.getAllPaths().filter((each) => each.startsWith(`${path}/`)) : [];
    for (const each of [path, ...all]) disk.owners.set(each, merged(named, disk.owners.get(each) ?? "root:root"));
  }
  return done();
}

/** Which part of `user:group` a machine has not; a number needs nobody. */
async function unknownIn(ctx: GuestContext, owner: string): Promise<"user" | "group" | undefined> {
  const [user = "", group = ""] = owner.split(/[:.]/);
  if (!isFree(user) && !(await accounts(ctx)).some(({ name }) => name === user)) return "user";
  const groups = await lines(ctx, "/etc/group");
  return isFree(group) || groups.some((line) => line.startsWith(`${group}:`)) ? undefined : "group";
}

function isFree(name: string): boolean {
  return name === "" || /^\d+$/.test(name);
}

function merged(wanted: string, present: string): string {
  const [user, group] = wanted.split(/[:.]/);
  const [oldUser = "root", oldGroup = "root"] = present.split(":");
  const own = user === undefined || user === "" ? oldUser : user;
  return `${own}:${group === "" ? own : (group ?? oldGroup)}`;
}

/** `stat -c FORMAT PATH…` with owners; every other form is the sandbox's. */
async function stat(...[{ disk, user: present }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const at = args.findIndex((word) => word === "-c" || word.startsWith("--format=") || word.startsWith("--printf="));
  if (!ctx.origCommand) return failed("stat: not here", 126);
  if (at < 0) return ctx.origCommand([...args]);
  const word = args[at] ?? "";
  const format = word === "-c" ? (args[at + 1] ?? "") : word.slice(word.indexOf("=") + 1);
  const paths = args.filter((each, index) => !each.startsWith("-") && !(word === "-c" && index === at + 1));
  const follows = args.some((each) => /^-L$|^--dereference$/.test(each));
  let text = "";
  for (const path of paths) {
    // The sandbox's own has no -L: a link is followed before it is asked.
    const named = ctx.fs.resolvePath(ctx.cwd, path);
    const target = follows && (await ctx.fs.exists(named)) ? await ctx.fs.realpath(named) : named;
    const owner = ownerOf(disk, target, present);
    const [user = "root", group = "root"] = owner.split(":");
    const ids = await numbers(ctx, user, group);
    const filled = format
      .replaceAll("%U", user)
      .replaceAll("%G", group)
      .replaceAll("%u", ids.uid)
      .replaceAll("%g", ids.gid);
    const result = await ctx.origCommand(["-c", filled, follows ? target : path]);
    if (result.exitCode !== 0) return result;
    text += result.stdout;
  }
  return done(text);
}

async function numbers(ctx: GuestContext, user: string, group: string): Promise<{ uid: string; gid: string }> {
  const uid = (await accounts(ctx)).find(({ name }) => name === user)?.uid ?? user;
  const gid = (await lines(ctx, "/etc/group")).find((line) => line.startsWith(`${group}:`))?.split(":")[2] ?? group;
  return { uid, gid };
}

/** Owners are kept by name: `0:0` is root's. */
async function names(ctx: GuestContext, owner: string): Promise<string> {
  const [user = "", group] = owner.split(":");
  const own = (await accounts(ctx)).find(({ uid }) => uid === user)?.name ?? user;
  const its = (await lines(ctx, "/etc/group")).find((line) => line.split(":")[2] === group)?.split(":")[0] ?? group;
  return its === undefined ? own : `${own}:${its}`;
}
