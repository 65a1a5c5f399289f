import type { ExecResult } from "just-bash";
import { ownerOf } from "./guest-disk.ts";
import { failed, type GuestContext, type GuestProgram, type GuestState } from "./guest-program.ts";

/** A line of `ls -l` as the sandbox prints it: every file is `user user` and 0644, and a link looks like what it leads to. */
const LINE = /^(\S)\S{9}( +\d+ )user user( +\S+ +\w{3} +\d+ +[\d:]+ )(.+)$/;

/** `ls`, with owners and links where `-l` shows them. */
export async function ls(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("ls: not here", 126);
  const result = await ctx.origCommand([...args]);
  if (!args.some((word) => /^-[a-zA-Z1]*l/.test(word))) return result;
  let folder = await listedFolder(args, ctx);
  const lines: string[] = [];
  for (const line of result.stdout.split("\n")) {
    const [, header] = /^(.+):$/.exec(line) ?? [];
    if (header !== undefined) folder = ctx.fs.resolvePath(ctx.cwd, header);
    lines.push(await corrected(state, ctx, { folder, line }));
  }
  return { ...result, stdout: lines.join("\n") };
}

/** The one folder that is listed without a header, else where the command runs. */
async function listedFolder(args: readonly string[], ctx: GuestContext): Promise<string> {
  const paths = args.filter((word) => !word.startsWith("-"));
  const path = ctx.fs.resolvePath(ctx.cwd, paths[0] ?? ".");
  const isFolder = (await ctx.fs.exists(path)) && (await ctx.fs.stat(path)).isDirectory;
  const asItself = args.some((word) => /^-[a-zA-Z1]*d/.test(word));
  return paths.length === 1 && isFolder && !asItself ? path : ctx.cwd;
}

interface Listed {
  readonly folder: string;
  readonly line: string;
}

async function corrected({ disk, user }: GuestState, ctx: GuestContext, { folder, line }: Listed): Promise<string> {
  const [, kind = "", count = "", rest = "", name = ""] = LINE.exec(line) ?? [];
  if (name === "") return line;
  const path = ctx.fs.resolvePath(folder, name);
  const facts = await ctx.fs.lstat(path).catch(() => undefined);
  const owner = ownerOf(disk, path, user).replace(":", " ");
  if (facts?.isSymbolicLink !== true) return `${kind}${rights(facts?.mode ?? 0)}${count}${owner}${rest}${name}`;
  return `lrwxrwxrwx${count}${owner}${rest}${name} -> ${await ctx.fs.readlink(path)}`;
}

/** `rw-r--r--`, with `s` and `t` for what is more than that. */
function rights(mode: number): string {
  const parts = [mode >> 6, mode >> 3, mode].map((digit, at) => {
    const part = PLAIN[digit & 7] ?? "---";
    if ((mode & (0o4000 >> at)) === 0) return part;
    const letter = at === 2 ? "t" : "s";
    return `${part.slice(0, 2)}${part.endsWith("x") ? letter : letter.toUpperCase()}`;
  });
  return parts.join("");
}

const PLAIN = ["---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"] as const;

/** By whole days, as every find counts them: the sandbox's own takes a file of an hour for one of more than 0. */
export async function find(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("find: not here", 126);
  const words = args.map((word, at) => {
    const [, days] = (args[at - 1] === "-mtime" && /^\+(\d+)$/.exec(word)) || [];
    return days === undefined ? word : `+${Number(days) + 1}`;
  });
  return ctx.origCommand(words);
}
