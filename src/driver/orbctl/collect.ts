import type { Readable } from "node:stream";
import { TAIL_BYTES, type OrbctlCall } from "./call.ts";

/** No answer is this long: who prints more is stopped. Bytes. */
const MOST_BYTES = 100_000_000;

/** Whose stream it is, and what ends the program. */
export interface Collecting {
  readonly call: Pick<OrbctlCall, "onOutput" | "output">;
  readonly name: "stdout" | "stderr";
  readonly stop: () => void;
}

/** What was kept of a stream, and whether all of it could be handed on. */
export interface Collected {
  readonly text: string;
  readonly taken: boolean;
}

/** Gathers and hands on what a stream brings, until it ends: a piece at a time, and the next once that is taken. */
export async function collect(stream: Readable | null, { call, name, stop }: Collecting): Promise<Collected> {
  const kept = keeper(call.output === "handed on", name);
  let taken = true;
  try {
    for await (const chunk of chunksOf(stream)) {
      if (!kept.add(chunk)) stop();
      else if (taken) await call.onOutput?.(name, chunk);
    }
  } catch {
    // Nobody takes it, or the pipe failed, or it was let go of: whoever writes into it ends.
    taken = false;
    stop();
  }
  return { text: kept.text(), taken };
}

function chunksOf(stream: Readable | null): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  return stream ?? [];
}

interface Keeper {
  /** Whether it may go on. */
  add(chunk: Uint8Array): boolean;
  text(): string;
}

function keeper(handedOn: boolean, name: "stdout" | "stderr"): Keeper {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  const all = (): Buffer => Buffer.concat(chunks);
  return {
    text: () => all().toString("utf8"),
    add: (chunk) => {
      if (handedOn && name === "stdout") return true;
      bytes += chunk.length;
      if (bytes > MOST_BYTES && !handedOn) return false;
      chunks.push(chunk);
      if (handedOn && bytes > TAIL_BYTES) {
        chunks = [Buffer.from(all().subarray(-TAIL_BYTES))];
        bytes = TAIL_BYTES;
      }
      return true;
    },
  };
}
