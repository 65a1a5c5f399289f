import type { Readable, Writable } from "node:stream";
import { PLAIN, type Theme } from "../report/theme.ts";
import { themeFor, wantsColour, wantsLive } from "./colour.ts";

/** The user's side of a command: two streams, what they can show, and whether somebody is there to ask. */
export interface Console {
  /** The answer: standard output. */
  out(text: string): void;
  /** The telling: standard error. */
  err(text: string): void;
  /** Writes bytes as they are; resolves once they are taken, so that whoever waits is never ahead of a slow reader. */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): Promise<void>;
  readonly outTheme: Theme;
  readonly errTheme: Theme;
  /** Standard error is a terminal whose lines may be redrawn. */
  readonly live: boolean;
  /** Standard output is a terminal: what a machine prints must not steer it. */
  readonly shown: boolean;
  /** Somebody is there to be asked. */
  readonly interactive: boolean;
  /** It was asked to ask nothing: `--input=false`, `TF_INPUT=0`. */
  readonly silent?: boolean;
  readonly stdin: Readable;
  readonly stderr: Writable & { readonly rows?: number; readonly columns?: number };
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Epoch ms. */
  now(): number;
}

/** What a console is made from: `process`. */
export interface ConsoleSource {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly rows?: number; readonly columns?: number };
  readonly env: { readonly [name: string]: string | undefined };
  cwd(): string;
}

/** The console of a process, for a command with these arguments. */
export function consoleOf(source: ConsoleSource, argv: readonly string[]): Console {
  const refused = argv.includes("--no-color") || argv.includes("-no-color");
  const { stdin, stdout, stderr, env } = source;
  const theme = (stream: { readonly isTTY?: boolean }): Theme =>
    themeFor(wantsColour({ env, isTTY: stream.isTTY === true, refused }));
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    write: (name, bytes) => taken(name === "stdout" ? stdout : stderr, bytes),
    shown: stdout.isTTY === true,
    outTheme: isJson(argv) ? PLAIN : theme(stdout),
    errTheme: theme(stderr),
    live: wantsLive({ env, isTTY: stderr.isTTY === true, refused }) && !isJson(argv),
    interactive: stdin.isTTY === true && stderr.isTTY === true && !inputForbidden(env, argv),
    silent: inputForbidden(env, argv),
    stdin,
    stderr,
    cwd: source.cwd(),
    env,
    now: () => Date.now(),
  };
}

/** A reader that has gone takes nothing, and nobody waits for it. */
function taken(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve());
  });
}

/** Whether `--json` was given, before the arguments are read in earnest: errors in them are told in JSON too. */
export function isJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const before = end === -1 ? argv : argv.slice(0, end);
  return before.some((word) => ["--json", "-json", "--json=true", "-json=true"].includes(word));
}

function inputForbidden(env: ConsoleSource["env"], argv: readonly string[]): boolean {
  const text = env["TF_INPUT"];
  const flag = argv.findIndex((word) => word === "--input" || word === "-input");
  const words = ["--input=false", "-input=false"].some((word) => argv.includes(word));
  return text === "0" || text === "false" || words || (flag !== -1 && argv[flag + 1] === "false");
}
