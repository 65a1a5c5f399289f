import { type ExecResult, latin1FromBytes } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-programs.ts";
import { quoted } from "./shell-words.ts";

/** Shells and what starts other programs, with the options that the sandbox's own ones lack. */
export function shellPrograms(): { readonly [name: string]: GuestProgram } {
  const ignore: GuestProgram = () => done();
  const program: GuestProgram = (_, args, ctx) => shell(args, ctx);
  return {
    sh: program,
    bash: program,
    dash: program,
    env,
    trap: ignore,
    umask: ignore,
    ulimit: ignore,
    nohup: passOn,
    nice: passOn,
  };
}

async function shell(args: readonly string[], ctx: GuestContext): Promise<ExecResult> {
  const words = [...args];
  let before = "";
  let command = false;
  while (/^[-+]./.test(words[0] ?? "")) {
    const word = words.shift() ?? "";
    if (word === "-s" || word.startsWith("--")) continue;
    command ||= word.startsWith("-") && word.includes("c");
    before += [...word.slice(1)]
      .filter((letter) => "eux".includes(letter))
      .map((letter) => `set -${letter}\n`)
      .join("");
    if (word.includes("o")) before += `set -o ${words.shift() ?? ""}\n`;
  }
  const call = ctx.origCommand;
  if (!call) return failed("sh: not here", 126);
  if (command) return call(["-c", before + (words.shift() ?? ""), ...words]);
  if (words.length > 0 && !args.includes("-s"))
    return before === ""
      ? call(words)
      : call(["-c", before + (await ctx.fs.readFile(ctx.fs.resolvePath(ctx.cwd, words[0] ?? ""))), ...words]);
  const script = Buffer.from(latin1FromBytes(ctx.stdin), "latin1").toString("utf8");
  return call(["-c", before + script, "sh", ...words]);
}

/** `env [-i] [NAME=VALUE]… [PROGRAM …]`. */
async function env(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const words = [...args];
  const assigned: string[] = [];
  let fresh = false;
  while (words[0] !== undefined && (words[0].startsWith("-") || /^\w+=/.test(words[0]))) {
    const word = words.shift() ?? "";
    if (word === "-i" || word === "-") fresh = true;
    else if (word === "-u") assigned.push(`unset ${words.shift() ?? ""}`);
    else if (!word.startsWith("-"))
      assigned.push(`export ${word.replace(/=.*/s, "")}=${quoted(word.replace(/^\w+=/, ""))}`);
  }
  const call = ctx.exec;
  if (!call) return failed("env: not here", 126);
  const program = words.length === 0 ? "printenv" : words.map(quoted).join(" ");
  const stdin = latin1FromBytes(ctx.stdin);
  return call([...assigned, program].join("\n"), { cwd: ctx.cwd, stdin, stdinKind: "bytes", replaceEnv: fresh });
}

async function passOn(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const start = args[0] === "-n" ? 2 : 0;
  return runWords(args.slice(start), ctx);
}

/** Runs another program with this one's input. */
export async function runWords(words: readonly string[], ctx: GuestContext): Promise<ExecResult> {
  if (!ctx.exec) return failed("not here", 126);
  const stdin = latin1FromBytes(ctx.stdin);
  return ctx.exec(words.map(quoted).join(" "), { cwd: ctx.cwd, stdin, stdinKind: "bytes" });
}
