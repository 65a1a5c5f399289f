import type { ExecResult } from "just-bash";
import { accounts, type Group, groups, lines } from "./guest-account-files.ts";
import { accountPrograms } from "./guest-accounts.ts";
import { ahosts } from "./guest-network.ts";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import { runWords } from "./guest-shell.ts";

/** Programs about users and groups. */
export function userPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    id,
    whoami: ({ user }) => done(`${user}\n`),
    logname: ({ user }) => done(`${user}\n`),
    getent,
    ...accountPrograms(),
    passwd: () => done(),
    chpasswd: () => done(),
    sudo,
    su,
  };
}

async function id(...[{ user }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const wanted = args.find((word) => !word.startsWith("-")) ?? user;
  const found = (await accounts(ctx)).find(({ name, uid }) => name === wanted || uid === wanted);
  if (!found) return failed(`id: '${wanted}': no such user`);
  const options = args.filter((word) => word.startsWith("-")).join("");
  const mine = await groupsOf(ctx, found.name);
  const own = mine.find(({ gid }) => gid === found.gid)?.name ?? found.name;
  if (options.includes("G"))
    return done(`${mine.map(({ name, gid }) => (options.includes("n") ? name : gid)).join(" ")}\n`);
  if (options.includes("u")) return done(`${options.includes("n") ? found.name : found.uid}\n`);
  if (options.includes("g")) return done(`${options.includes("n") ? own : found.gid}\n`);
  const all = mine.map(({ name, gid }) => `${gid}(${name})`).join(",");
  return done(`uid=${found.uid}(${found.name}) gid=${found.gid}(${own}) groups=${all}\n`);
}

/** The own one first. */
async function groupsOf(ctx: GuestContext, user: string): Promise<readonly Group[]> {
  const own = (await accounts(ctx)).find(({ name }) => name === user)?.gid;
  const all = await groups(ctx);
  const others = all.filter(({ gid, members }) => gid !== own && members.includes(user));
  return [...all.filter(({ gid }) => gid === own), ...others];
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
