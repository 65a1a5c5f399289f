/** The programs of shadow, as Debian has them, that change accounts. Exit codes: as their man pages say. */
import type { ExecResult } from "just-bash";
import { accounts, type Group, groups, lines, nextId, writeGroups } from "./guest-account-files.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import { home } from "./rootfs.ts";

/** `useradd`, `adduser`, `usermod`, `userdel` and `groupadd`. */
export function accountPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    useradd: locking("useradd", useradd),
    adduser: locking("adduser", (state, args, ctx) => useradd(state, ["-m", ...args], ctx)),
    usermod: locking("usermod", usermod),
    userdel: locking("userdel", userdel),
    groupadd: locking("groupadd", groupadd),
  };
}

/** While another program changes the accounts, none does. */
function locking(name: string, program: GuestProgram): GuestProgram {
  return async (state, args, ctx) => {
    const isLocked = await ctx.fs.exists("/etc/passwd.lock");
    return isLocked ? failed(`${name}: cannot lock /etc/passwd; try again later.`) : await program(state, args, ctx);
  };
}

/** What can't be a user's name, whatever a system allows beside: it would be read as something else. */
const NO_NAME = /^$|^[-+~]|[:,/\s]/;

async function useradd(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const valued = /^-[usdgGcp]$|^--(?:shell|home|uid|gid|gecos|groups|password)$/;
  const end = args.indexOf("--");
  const name =
    end < 0 ? args.findLast((word, at) => !word.startsWith("-") && !valued.test(args[at - 1] ?? "")) : args[end + 1];
  if (name === undefined) return failed("useradd: a name is missing", 2);
  if (NO_NAME.test(name)) return failed(`useradd: invalid user name '${name}': use --badname to ignore`, 3);
  const [known, all] = [await accounts(ctx), await groups(ctx)];
  if (known.some((each) => each.name === name)) return failed(`useradd: user '${name}' already exists`, 9);
  const own = optionOf(args, /^-g$|^--gid$/);
  const stands = all.find((each) => each.name === (own ?? name) || each.gid === own);
  if (own === undefined && stands)
    return failed(`useradd: group ${name} exists - if you want to add this user to that group, use the -g option.`, 9);
  const more = listed(optionOf(args, /^-G$|^--groups$/) ?? "");
  const missing = [...(own === undefined || stands ? [] : [own]), ...more.filter((each) => !isIn(all, each))];
  if (missing.length > 0) return failed(`useradd: group '${missing[0]}' does not exist`, 6);
  const wanted = optionOf(args, /^-u$|^--uid$/);
  const isTaken = known.some((each) => each.uid === wanted) && !args.some((word) => /^-o$|^--non-unique$/.test(word));
  if (isTaken) return failed(`useradd: UID ${wanted} is not unique`, 4);
  const uid = wanted ?? nextId(known.map((each) => each.uid));
  const gid = stands?.gid ?? (all.some((each) => each.gid === uid) ? nextId(all.map((each) => each.gid)) : uid);
  const folder = optionOf(args, /^-d$|^--home$/) ?? home(name);
  const shell = optionOf(args, /^-s$|^--shell$/) ?? "/bin/sh";
  await ctx.fs.appendFile("/etc/passwd", `${name}:x:${uid}:${gid}::${folder}:${shell}\n`);
  await writeGroups(ctx, withMember(stands ? all : [...all, { name, gid, members: [] }], name, more));
  if (!args.some((word) => /^-m$|^--create-home$/.test(word))) return done();
  if (await ctx.fs.exists(folder)) return done();
  await ctx.fs.mkdir(folder, { recursive: true });
  state.disk.owners.set(folder, `${name}:${stands?.name ?? name}`);
  return done();
}

/** `usermod [-a] [-G GROUPS] [-s SHELL] [-d HOME] NAME`: without `-a` the groups are all there are to be. */
async function usermod(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const name = args.at(-1) ?? "";
  if (!isIn(await accounts(ctx), name)) return failed(`usermod: user '${name}' does not exist`, 6);
  const wanted = optionOf(args, /^-a?G$|^--groups$/);
  const all = await groups(ctx);
  if (wanted !== undefined) {
    const missing = listed(wanted).find((each) => !isIn(all, each));
    if (missing !== undefined) return failed(`usermod: group '${missing}' does not exist`, 6);
    const appends = args.some((word) => /^-aG?$|^--append$/.test(word));
    await writeGroups(ctx, withMember(appends ? all : without(all, name), name, listed(wanted)));
  }
  const shell = optionOf(args, /^-s$|^--shell$/);
  const folder = optionOf(args, /^-d$|^--home$/);
  const changed = (await lines(ctx, "/etc/passwd")).map((line) => {
    const fields = line.split(":");
    if (fields[0] !== name) return line;
    return [...fields.slice(0, 5), folder ?? fields[5], shell ?? fields[6]].join(":");
  });
  await writeLines(ctx, changed);
  return done();
}

/** The group of its name goes with it, where it is its own and nobody else is in it. */
async function userdel(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const name = args.at(-1) ?? "";
  const found = (await accounts(ctx)).find((each) => each.name === name);
  if (found === undefined) return failed(`userdel: user '${name}' does not exist`, 6);
  await writeLines(
    ctx,
    (await lines(ctx, "/etc/passwd")).filter((line) => line !== found.line),
  );
  const left = without(await groups(ctx), name);
  const isOwn = (each: Group): boolean => each.name === name && each.gid === found.gid && each.members.length === 0;
  await writeGroups(
    ctx,
    left.filter((each) => !isOwn(each)),
  );
  const folder = found.line.split(":")[5] ?? "";
  if (args.some((word) => /^-r$|^--remove$/.test(word)) && folder !== "") {
    await ctx.fs.rm(folder, { recursive: true, force: true });
    state.disk.owners.delete(folder);
  }
  return done();
}

async function groupadd(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const name = args.at(-1) ?? "";
  const all = await groups(ctx);
  if (isIn(all, name)) {
    const isFine = args.some((word) => /^-f$|^--force$/.test(word));
    return isFine ? done() : failed(`groupadd: group '${name}' already exists`, 9);
  }
  const gid = optionOf(args, /^-g$|^--gid$/) ?? nextId(all.map((each) => each.gid));
  await writeGroups(ctx, [...all, { name, gid, members: [] }]);
  return done();
}

function withMember(all: readonly Group[], user: string, wanted: readonly string[]): readonly Group[] {
  return all.map((group) =>
    wanted.includes(group.name) && !group.members.includes(user)
      ? { ...group, members: [...group.members, user] }
      : group,
  );
}

function without(all: readonly Group[], user: string): readonly Group[] {
  return all.map((group) => ({ ...group, members: group.members.filter((each) => each !== user) }));
}

function isIn(all: readonly { readonly name: string }[], wanted: string): boolean {
  return all.some(({ name }) => name === wanted);
}

function listed(words: string): readonly string[] {
  return words.split(",").filter((word) => word !== "");
}

function optionOf(args: readonly string[], name: RegExp): string | undefined {
  return args.find((_, at) => name.test(args[at - 1] ?? ""));
}

async function writeLines(ctx: GuestContext, all: readonly string[]): Promise<void> {
  await ctx.fs.writeFile("/etc/passwd", all.map((line) => `${line}\n`).join(""));
}
