import { pipeline, type Writable } from "node:stream";
import type { OrbctlCall } from "./call.ts";

/** Gives a program its standard input. It need not read it; a source that fails ends it. */
export function feed(pipe: Writable | null, stdin: OrbctlCall["stdin"], stop: () => void): void {
  if (pipe === null || stdin === undefined) return;
  const source = stdin instanceof Uint8Array ? [stdin] : stdin;
  pipeline(source, pipe, (error) => {
    if (error !== undefined && error !== null && !isClosed(error)) stop();
  });
}

const CLOSED: ReadonlySet<unknown> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_DESTROYED",
]);

function isClosed(error: Error): boolean {
  return "code" in error && CLOSED.has(error.code);
}
