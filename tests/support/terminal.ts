import { spawn, type IPty } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { setTimeout } from "node:timers/promises";

const COLUMNS = 120;
const ROWS = 40;

/** A program on a terminal of its own, and what that terminal shows. */
export class Terminal {
  /** Everything that was written, controls included. */
  raw = "";
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<{ readonly exitCode: number; readonly signal: number }>;
  readonly #pty: IPty;
  readonly #screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true, scrollback: 1000 });
  #hasEnded = false;

  constructor(program: readonly [string, ...string[]], cwd: string, env: Readonly<Record<string, string>>) {
    const [file, ...args] = program;
    this.#pty = spawn(file, args, { name: env["TERM"] ?? "xterm-256color", cols: COLUMNS, rows: ROWS, cwd, env });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#screen.write(data);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal = 0 }) => {
        this.#hasEnded = true;
        // What was written last arrives with what is already queued.
        this.#screen.write("", () => resolve({ exitCode, signal }));
      });
    });
  }

  /** The lines on the screen and above it, as a person sees them. */
  text(): string {
    const { active } = this.#screen.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
    return lines.join("\n").trimEnd();
  }

  /** Waits until the screen shows a text. */
  async until(shown: string | RegExp): Promise<void> {
    const isShown = () => (typeof shown === "string" ? this.text().includes(shown) : shown.test(this.text()));
    while (!isShown()) {
      if (this.#hasEnded) throw new Error(`ended without ${shown}:\n${this.text()}`);
      await setTimeout(10);
    }
  }

  /** Types; `\u0003` is Ctrl-C, `\u0004` Ctrl-D. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Ends it, if it has not. */
  close(): void {
    if (!this.#hasEnded) this.#pty.kill("SIGKILL");
  }
}
