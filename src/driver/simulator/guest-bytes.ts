import type { ExecResult } from "just-bash";
import { latin1FromBytes } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";

/** Programs that count bytes, where the sandbox has none or takes bytes for text. */
export function bytePrograms(): { readonly [name: string]: GuestProgram } {
  return { head, dd, od };
}

/** `head -c COUNT [FILE]…`; by lines, it is the sandbox's. */
async function head(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const [, joined] = /^-c(\d+)$/.exec(args[0] ?? "") ?? [];
  const count = joined ?? (args[0] === "-c" ? args[1] : /^--bytes=(\d+)$/.exec(args[0] ?? "")?.[1]);
  if (!ctx.origCommand) return failed("head: not here", 126);
  const bytes = readCount(count ?? "");
  if (bytes === undefined) return ctx.origCommand([...args]);
  const paths = args.slice(args[0] === "-c" ? 2 : 1);
  for (const path of paths)
    if (path !== "-" && !(await ctx.fs.exists(ctx.fs.resolvePath(ctx.cwd, path)))) return missing(path);
  const parts = await Promise.all((paths.length === 0 ? ["-"] : paths).map((path) => contentOf(ctx, path)));
  return byteResult(Buffer.concat(parts.map((part) => part.subarray(0, bytes))));
}

/** `dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N]`. */
async function dd(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const options = new Map(args.map((word) => [word.replace(/=.*/s, ""), word.replace(/^\w+=/, "")]));
  const block = readCount(options.get("bs") ?? "512") ?? 512;
  const whole = await contentOf(ctx, options.get("if") ?? "-");
  const start = block * Number(options.get("skip") ?? 0);
  const bytes = whole.subarray(start, options.has("count") ? start + block * Number(options.get("count")) : undefined);
  const blocks = `${Math.floor(bytes.length / block)}+${bytes.length % block === 0 ? 0 : 1}`;
  const note = `${blocks} records in\n${blocks} records out\n${bytes.length} bytes copied\n`;
  const stderr = options.get("status") === "none" ? "" : note;
  const target = options.get("of");
  if (target === undefined) return { ...byteResult(bytes), stderr };
  await ctx.fs.writeFile(ctx.fs.resolvePath(ctx.cwd, target), bytes);
  return { ...done(), stderr };
}

/** `od -An -tx1`: bytes in hexadecimal; every other form is the sandbox's. */
async function od(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const flags = args.join(" ");
  if (!ctx.origCommand) return failed("od: not here", 126);
  if (!/-A ?n/.test(flags) || !/-t ?x1/.test(flags)) return ctx.origCommand([...args]);
  const path = args.find((word, at) => !word.startsWith("-") && !/^-[AtNj]$/.test(args[at - 1] ?? ""));
  const limit = readCount(/-N ?(\d+)/.exec(flags)?.[1] ?? "");
  const bytes = (await contentOf(ctx, path ?? "-")).subarray(0, limit);
  const pairs = [...bytes].map((byte) => ` ${byte.toString(16).padStart(2, "0")}`);
  const lines = Array.from({ length: Math.ceil(pairs.length / 16) }, (_, row) => pairs.slice(row * 16, row * 16 + 16));
  return done(lines.map((line) => `${line.join("")}\n`).join(""));
}

function missing(path: string): ExecResult {
  return failed(`head: cannot open '${path}' for reading: No such file or directory`);
}

async function contentOf(ctx: GuestContext, path: string): Promise<Buffer> {
  if (path === "-" || path === "/dev/stdin") return Buffer.from(latin1FromBytes(ctx.stdin), "latin1");
  return Buffer.from(await ctx.fs.readFileBuffer(ctx.fs.resolvePath(ctx.cwd, path)));
}

function readCount(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+)([kKMG]?)B?$/.exec(text) ?? [];
  return digits === undefined
    ? undefined
    : Number(digits) * 1024 ** " kmg".indexOf(unit === "" ? " " : unit.toLowerCase());
}

function byteResult(bytes: Uint8Array): ExecResult {
  return { stdout: Buffer.from(bytes).toString("latin1"), stderr: "", exitCode: 0, stdoutKind: "bytes" };
}
