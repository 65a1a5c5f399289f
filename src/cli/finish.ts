import type { Writable } from "node:stream";

/** A reader that goes away (`orb plan | head -1`) ends the output, not the work: an apply goes on. */
export function quietPipes(source: { readonly stdout: Writable; readonly stderr: Writable }): void {
  for (const stream of [source.stdout, source.stderr]) {
    stream.on("error", (error) => {
      if (!("code" in error) || error.code !== "EPIPE") throw error;
    });
  }
}

/** The process's own, whatever becomes of them: a stack's are others. */
const { stdout, stderr } = process;
const exit = process.exit.bind(process);

/** What the process prints from here on goes to standard error, but for who holds standard output already. */
export function reserveStdout(): void {
  Object.defineProperty(process, "stdout", { value: stderr, configurable: true, enumerable: true });
}

/**
 * Ends the process once everything is written. Without this, work that a second interrupt left behind would keep the
 * process; with a bare `process.exit`, a pipe would lose what it has not read yet.
 */
export async function finish(code: number): Promise<void> {
  process.exitCode = code;
  await Promise.all([flushed(stdout), flushed(stderr)]);
  exit(code);
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write("", () => resolve());
  });
}
