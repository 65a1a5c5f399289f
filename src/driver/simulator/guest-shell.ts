import { type ExecResult, latin1FromBytes } from "just-bash";
import { done, failed, type GuestContext, type GuestProgram, type GuestState } from "./guest-program.ts";
import { withNegatedSets } from "./guest-patterns.ts";
import { streamed } from "./guest-streaming.ts";
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

/** A shell that sends itself a signal, which the sandbox knows nothing of: it ends, and so does a subshell that sends it. */
const KILLS_ITSELF = /\bkill\b[^\n;&|]*\$\$/;
const KILL = 'kill() { command kill "$@" || { set -- $?; [ $1 -lt 128 ] || exit $1; return $1; }; }\n';

async function shell(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const { before, command, fromInput, words } = shellOptions(args);
  const { streams } = state;
  // Only the first shell streams: what another prints may go somewhere else.
  state.streams = false;
  const call = ctx.origCommand;
  if (!call) return failed("sh: not here", 126);
  const wrapped = (script: string): string => (streams ? streamed(withNegatedSets(script)) : withNegatedSets(script));
  const run = (script: string, rest: readonly string[]): Promise<ExecResult> =>
    call(["-c", before + (KILLS_ITSELF.test(script) ? KILL : "") + wrapped(script), ...rest]);
  const [first = "", ...rest] = words;
  if (command) return run(first, rest);
  if (fromInput || words.length === 0) {
    return run(Buffer.from(latin1FromBytes(ctx.stdin), "latin1").toString("utf8"), ["sh", ...words]);
  }
  const path = ctx.fs.resolvePath(ctx.cwd, first);
  const text = await ctx.fs.readFile(path).catch(() => undefined);
  return text === undefined ? call(words) : run(text, words);
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
async function env(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
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
  const inherited = fresh ? exportedNames(ctx).map((name) => `unset ${name}`) : exported(ctx);
  return capture(state, ctx, { before: [...inherited, ...assigned], words: words.length === 0 ? ["printenv"] : words });
}

async function passOn(...[state, args, ctx]: Parameters<GuestProgram>): Promise<ExecResult> {
  const start = args[0] === "-n" ? 2 : 0;
  return runWords(state, args.slice(start), ctx);
}

/** Runs another program with this one's input and environment. */
export async function runWords(state: GuestState, words: readonly string[], ctx: GuestContext): Promise<ExecResult> {
  return capture(state, ctx, { before: exported(ctx), words });
}

interface Captured {
  readonly before: readonly string[];
  readonly words: readonly string[];
}

/** Runs a program after other lines; what it prints is kept byte for byte, as the sandbox would not. */
async function capture(state: GuestState, ctx: GuestContext, { before, words }: Captured): Promise<ExecResult> {
  if (!ctx.exec) return failed("not here", 126);
  const number = String(state.captured.size + 1);
  state.captured.set(number, new Uint8Array());
  const lines = [...before, "set -o pipefail", `${words.map(quoted).join(" ")} | orb-capture-output ${number}`];
  const stdin = latin1FromBytes(ctx.stdin);
  const result = await ctx.exec(lines.join("\n"), { cwd: ctx.cwd, stdin, stdinKind: "bytes" });
  const stdout = Buffer.from(state.captured.get(number) ?? []).toString("latin1");
  return { stdout, stderr: result.stderr, exitCode: result.exitCode, stdoutKind: "bytes" };
}

/** The sandbox hands the variables of `A=1 program` to the program only: these lines hand them on. */
function exported(ctx: GuestContext): readonly string[] {
  return exportedNames(ctx).map((name) => `export ${name}=${quoted(ctx.exportedEnv?.[name] ?? "")}`);
}

function exportedNames(ctx: GuestContext): readonly string[] {
  return Object.keys(ctx.exportedEnv ?? {}).filter((name) => /^[A-Za-z_]\w*$/.test(name) && !name.endsWith("OPTS"));
}
