import { type ExecResult, latin1FromBytes } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram } from "./guest-program.ts";
import { quoted } from "./shell-words.ts";

/** Shells and what starts other programs, with the options that the sandbox's own ones lack. */
export function shellPrograms(): { readonly [name: string]: GuestProgram } {
  return {
    sh: shell,
    bash: shell,
    dash: shell,
    env,
    trap: ignore,
    umask: ignore,
    ulimit: ignore,
    nohup: passOn,
    nice: passOn,
  };
}

const ignore: GuestProgram = () => done();

async function shell(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const { before, command, fromInput, words } = shellOptions(args);
  const call = ctx.origCommand;
  if (!call) return failed("sh: not here", 126);
  const [first = "", ...rest] = words;
  if (command) return call(["-c", before + first, ...rest]);
  if (fromInput || words.length === 0) {
    const script = Buffer.from(latin1FromBytes(ctx.stdin), "latin1").toString("utf8");
    return call(["-c", before + script, "sh", ...words]);
  }
  if (before === "") return call(words);
  return call(["-c", before + (await ctx.fs.readFile(ctx.fs.resolvePath(ctx.cwd, first))), ...words]);
}

interface ShellOptions {
  /** Lines that set what the options ask for. */
  readonly before: string;
  readonly command: boolean;
  readonly fromInput: boolean;
  readonly words: string[];
}

function shellOptions(args: readonly string[]): ShellOptions {
  const words = [...args];
  let before = "";
  let command = false;
  while (/^[-+]./.test(words[0] ?? "")) {
    const word = words.shift() ?? "";
    if (word.startsWith("--")) continue;
    command ||= word.includes("c");
    for (const letter of word.slice(1).split("")) if ("eux".includes(letter)) before += `set -${letter}\n`;
    if (word.includes("o")) before += `set -o ${words.shift() ?? ""}\n`;
  }
  return { before, command, fromInput: args.includes("-s"), words };
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
  const lines = [...(fresh ? [] : exported(ctx)), ...assigned, program];
  return call(lines.join("\n"), { cwd: ctx.cwd, stdin, stdinKind: "bytes", replaceEnv: fresh });
}

async function passOn(...[, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const start = args[0] === "-n" ? 2 : 0;
  return runWords(args.slice(start), ctx);
}

/** Runs another program with this one's input and environment. */
export async function runWords(words: readonly string[], ctx: GuestContext): Promise<ExecResult> {
  if (!ctx.exec) return failed("not here", 126);
  const stdin = latin1FromBytes(ctx.stdin);
  const script = [...exported(ctx), words.map(quoted).join(" ")].join("\n");
  return ctx.exec(script, { cwd: ctx.cwd, stdin, stdinKind: "bytes" });
}

/** The sandbox hands the variables of `A=1 program` to the program only: these lines hand them on. */
function exported(ctx: GuestContext): readonly string[] {
  const variables = Object.entries(ctx.exportedEnv ?? {}).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  return variables.map(([name, value]) => `export ${name}=${quoted(value)}`);
}
