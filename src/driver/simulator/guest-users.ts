import type { ExecResult } from "just-bash";
import { ahosts } from "./guest-network.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import { runWords } from "./guest-shell.ts";
import { home } from "./rootfs.ts";

/** Programs about users and groups. */
export function userPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    id,
    whoami: ({ user }) => done(`${user}\n`),
    logname: ({ user }) => done(`${user}\n`),
    getent,
    useradd,
    adduser: useradd,
    usermod,
    userdel,
    groupadd,
    passwd: () => done(),
    chpasswd: () => done(),
    sudo,
    su,
  };
}

interface Account {
  readonly name: string;
  readonly uid: string;
  readonly gid: string;
  readonly line: string;
}

/** Every account of a machine, in the order of /etc/passwd. */
export async function accounts(ctx: GuestContext): Promise<readonly Account[]> {
  return (await lines(ctx, "/etc/passwd")).map((line) => {
    const [name = "", , uid = "", gid = ""] = line.split(":");
    return { name, uid, gid, line };
  });
}

/** The lines of a file that has one record a line. */
export async function lines(ctx: GuestContext, path: string): Promise<readonly string[]> {
  return (await ctx.fs.readFile(path)).split("\n").filter((line) => line !== "");
}

async function id(...[{ user }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const wanted = args.find((word) => !word.startsWith("-")) ?? user;
  const found = (await accounts(ctx)).find(({ name, uid }) => name === wanted || uid === wanted);
  if (!found) return failed(`id: '${wanted}': no such user`);
  const options = args.filter((word) => word.startsWith("-")).join("");
  const groups = await groupsOf(ctx, found.name);
  const own = groups.find(({ gid }) => gid === found.gid)?.name ?? found.name;
  if (options.includes("G"))
    return done(`${groups.map(({ name, gid }) => (options.includes("n") ? name : gid)).join(" ")}\n`);
  if (options.includes("u")) return done(`${options.includes("n") ? found.name : found.uid}\n`);
  if (options.includes("g")) return done(`${options.includes("n") ? own : found.gid}\n`);
  const all = groups.map(({ name, gid }) => `${gid}(${name})`).join(",");
  return done(`uid=${found.uid}(${found.name}) gid=${found.gid}(${own}) groups=${all}\n`);
}

async function groupsOf(ctx: GuestContext, user: string): Promise<readonly { name: string; gid: string }[]> {
  const own = (await accounts(ctx)).find(({ name }) => name === user)?.gid;
  return (await lines(ctx, "/etc/group"))
    .map((line) => line.split(":"))
    .filter(([, , gid, members = ""]) => gid === own || members.split(",").includes(user))
    .map(([name = "", , gid = ""]) => ({ name, gid }));
}

async function getent(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const [database = "", key] = args;
  if (/^ahosts(?:v4|v6)?$/.test(database)) return ahosts(state, args);
  const path = { passwd: "/etc/passwd", group: "/etc/group", hosts: "/etc/hosts" }[database];
  if (path === undefined) return failed(`Unknown database: ${database}`);
  const found = (await lines(ctx, path)).filter((line) => {
    const fields = line.split(database === "hosts" ? /\s+/ : ":");
    return (
      key === undefined || fields[0] === key || fields[2] === key || (database === "hosts" && fields.includes(key))
    );
  });
  if (found.length === 0) return { stdout: "", stderr: "", exitCode: 2 };
  return done(`${found.join("\n")}\n`);
}

async function useradd(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const valued = /^-[usdgGc]$|^--(?:shell|home|uid|gecos|groups)$/;
  const name = args.findLast((word, at) => !word.startsWith("-") && !valued.test(args[at - 1] ?? ""));
  if (name === undefined) return failed("useradd: a name is missing", 2);
  const known = await accounts(ctx);
  if (known.some((each) => each.name === name)) return failed(`useradd: user '${name}' already exists`, 9);
  const after = (flag: string): string | undefined => args.find((_, at) => args[at - 1] === flag);
  const next = Math.max(999, ...known.map(({ uid }) => Number(uid)).filter((uid) => uid < 60_000)) + 1;
  const uid = after("-u") ?? after("--uid") ?? String(next);
  const folder = after("-d") ?? after("--home") ?? home(name);
  const shell = after("-s") ?? after("--shell") ?? "/bin/sh";
  await ctx.fs.appendFile("/etc/passwd", `${name}:x:${uid}:${uid}::${folder}:${shell}\n`);
  await ctx.fs.appendFile("/etc/group", `${name}:x:${uid}:\n`);
  await join(ctx, name, { groups: (after("-G") ?? "").split(","), appends: true });
  await ctx.fs.mkdir(folder, { recursive: true });
  state.disk.owners.set(folder, `${name}:${name}`);
  return done();
}

async function join(
  ctx: GuestContext,
  user: string,
  { groups, appends }: { readonly groups: readonly string[]; readonly appends: boolean },
): Promise<void> {
  const changed = (await lines(ctx, "/etc/group")).map((line) => {
    const [name = "", password = "", gid = "", members = ""] = line.split(":");
    const others = members.split(",").filter((each) => each !== "" && each !== user);
    const stays = groups.includes(name) || (appends && members.split(",").includes(user));
    return [name, password, gid, [...others, ...(stays ? [user] : [])].join(",")].join(":");
  });
  await ctx.fs.writeFile("/etc/group", `${changed.join("\n")}\n`);
}

/** `usermod [-a] [-G GROUPS] [-s SHELL] [-d HOME] NAME`: without `-a` the groups are all there are to be. */
async function usermod(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const name = args.at(-1) ?? "";
  const groups = optionOf(args, /^-a?G$|^--groups$/);
  const appends = args.some((word) => /^-aG?$|^--append$/.test(word));
  if (groups !== undefined) await join(ctx, name, { groups: groups.split(","), appends });
  const shell = optionOf(args, /^-s$|^--shell$/);
  const folder = optionOf(args, /^-d$|^--home$/);
  const changed = (await lines(ctx, "/etc/passwd")).map((line) => {
    const fields = line.split(":");
    if (fields[0] !== name) return line;
    return [...fields.slice(0, 5), folder ?? fields[5], shell ?? fields[6]].join(":");
  });
  await ctx.fs.writeFile("/etc/passwd", `${changed.join("\n")}\n`);
  return done();
}

function optionOf(args: readonly string[], name: RegExp): string | undefined {
  return args.find((_, at) => name.test(args[at - 1] ?? ""));
}

async function userdel(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const name = args.at(-1) ?? "";
  const kept = (await lines(ctx, "/etc/passwd")).filter((line) => !line.startsWith(`${name}:`));
  await ctx.fs.writeFile("/etc/passwd", `${kept.join("\n")}\n`);
  return done();
}

async function groupadd(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const used = (await lines(ctx, "/etc/group")).map((line) => Number(line.split(":")[2])).filter((gid) => gid < 60_000);
  await ctx.fs.appendFile("/etc/group", `${args.at(-1) ?? ""}:x:${Math.max(999, ...used) + 1}:\n`);
  return done();
}

/** `sudo [-n] [-u USER] PROGRAM …`: nobody is asked for a password (contract 7.6). */
async function sudo(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const words = [...args];
  let user = "root";
  while (words[0]?.startsWith("-")) {
    const word = words.shift() ?? "";
    if (word === "-u") user = words.shift() ?? "root";
    if (word === "--") break;
  }
  return as(state, user, () => runWords(state, words, ctx));
}

/** `su [-] [-s SHELL] [USER] -c COMMAND`. */
async function su(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const command = args[args.indexOf("-c") + 1] ?? "true";
  const user = args.find((word, at) => !word.startsWith("-") && !/^-[cs]$/.test(args[at - 1] ?? "")) ?? "root";
  return as(state, user, () => runWords(state, ["sh", "-c", command], ctx));
}

async function as(
  state: Parameters<GuestProgram>[0],
  user: string,
  act: () => Promise<ExecResult>,
): Promise<ExecResult> {
  const { user: before, disk } = state;
  const present = new Set(disk.fs.getAllPaths());
  state.user = user;
  try {
    return await act();
  } finally {
    state.user = before;
    const made = disk.fs.getAllPaths().filter((path) => !present.has(path) && !disk.owners.has(path));
    for (const path of made) disk.owners.set(path, `${user}:${user}`);
  }
}
