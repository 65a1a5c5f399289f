import type { ExecResult, FsStat } from "just-bash";
import { ownerOf } from "./guest-disk.ts";
import { done, type GuestContext, failed, type GuestProgram } from "./guest-program.ts";

/** Programs that take a link for itself, where the sandbox's ask for what it leads to, which need not be there. */
export function linkPrograms(): { readonly [name: string]: GuestProgram } {
  return { mv, rm };
}

async function rm(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("rm: not here", 126);
  const { flags, operands } = parted(args);
  const others: string[] = [];
  for (const word of operands) {
    if (await isLink(ctx, word)) await ctx.fs.rm(ctx.fs.resolvePath(ctx.cwd, word));
    else others.push(word);
  }
  if (others.length === operands.length) return ctx.origCommand([...args]);
  return others.length === 0 ? done() : ctx.origCommand([...flags, "--", ...others]);
}

/** Of one link, and with `-T`, which the sandbox's has not: what stands at the target is replaced, never gone into. */
async function mv(...[{ disk, user }, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  if (!ctx.origCommand) return failed("mv: not here", 126);
  const { flags, operands } = parted(args);
  const [source = "", target, more] = operands;
  const isPlain = target !== undefined && more === undefined && flags.every((word) => /^-[fvT]+$/.test(word));
  const isExact = flags.some((word) => word.includes("T"));
  if (!isPlain || !(isExact || (await isLink(ctx, source)))) return ctx.origCommand([...args]);
  const from = ctx.fs.resolvePath(ctx.cwd, source);
  if ((await factsOf(ctx, from)) === undefined) return failed(`mv: cannot stat '${source}': No such file or directory`);
  const given = ctx.fs.resolvePath(ctx.cwd, target);
  const to = isExact ? given : await placeIn(ctx, given, source);
  if ((await factsOf(ctx, to))?.isDirectory === true)
    return failed(`mv: cannot overwrite directory '${target}' with non-directory`);
  await ctx.fs.rm(to, { force: true });
  await ctx.fs.mv(from, to);
  // Owners are kept by path: they move along.
  disk.owners.set(to, ownerOf(disk, from, user));
  disk.owners.delete(from);
  return done();
}

/** What a folder is moved to goes into it, under its own name. */
async function placeIn(ctx: GuestContext, target: string, source: string): Promise<string> {
  const isInto = (await ctx.fs.exists(target)) && (await ctx.fs.stat(target)).isDirectory;
  return isInto ? ctx.fs.resolvePath(target, source.slice(source.lastIndexOf("/") + 1)) : target;
}

async function isLink(ctx: GuestContext, word: string): Promise<boolean> {
  if (word.endsWith("/")) return false;
  return (await factsOf(ctx, ctx.fs.resolvePath(ctx.cwd, word)))?.isSymbolicLink ?? false;
}

/** Of a path itself, be it a link or not; `undefined`: there is nothing. */
function factsOf(ctx: GuestContext, path: string): Promise<FsStat | undefined> {
  return ctx.fs.lstat(path).catch(() => undefined);
}

function parted(args: readonly string[]): { readonly flags: readonly string[]; readonly operands: readonly string[] } {
  const end = args.indexOf("--");
  const before = end === -1 ? args : args.slice(0, end);
  const after = end === -1 ? [] : args.slice(end + 1);
  return { flags: before.filter(isFlag), operands: [...before.filter((word) => !isFlag(word)), ...after] };
}

function isFlag(word: string): boolean {
  return word.length > 1 && word.startsWith("-");
}
