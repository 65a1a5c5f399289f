import { basename, join } from "node:path";
import { OrbformError } from "../model/errors.ts";
import { misused, quoted } from "./failures.ts";
import { GotStream, type GotEntry, type GotSink } from "./got-stream.ts";
import { GET } from "./guest-script.ts";
import { localPath } from "./local-path.ts";
import { LocalWriter } from "./local-writer.ts";
import type { Reached } from "./run.ts";
import { freshWord, insidePath, runScript, type TransferOptions } from "./transfer.ts";

/** What is got, and where to. */
export interface GetRequest extends TransferOptions {
  /** The absolute path of a file or folder inside. */
  readonly from: string;
  /**
   * The path that it gets on this computer; with `/` at its end, the folder that it is put into under its own name, or
   * without one where `from` ends in `/.`.
   */
  readonly to: string;
}

/**
 * Gets a file or a folder out of a machine, read as root. Each file appears under its name only once it is here whole
 * and its digest is right. Links inside a folder stay links; nothing that a machine says leads out of `to`. Errors: see
 * `docs/guides/inside.md`.
 */
export async function get(machine: Reached, request: GetRequest): Promise<void> {
  const from = insidePath(request.from).replace(/(?<=.)\/+$/, "");
  const name = basename(from);
  if (request.to.endsWith("/") && ["", ".."].includes(name))
    throw misused(
      `${quoted(request.from)} has no name of its own. Nothing was copied.`,
      "Say what it shall be called.",
    );
  // `SRC/.` means what is in the folder, as it does to cp: joined, it leaves the target as it is.
  const root = join(await localPath(request.to), request.to.endsWith("/") ? name : "");
  const word = freshWord();
  const onPlaced = ({ path: below, size }: GotEntry): void => {
    const path = below === "." ? from : `${from}/${below.slice(2)}`;
    request.onProgress?.({ machine: machine.name, path, bytes: size, totalBytes: size });
  };
  const writer = new LocalWriter({ root, word });
  const links: GotEntry[] = [];
  const stream = new GotStream(
    word,
    after(writer, (entry) => {
      if (entry.kind === "file") onPlaced(entry);
      if (entry.kind === "link") links.push(entry);
    }),
  );
  let complete = false;
  try {
    await runScript(
      machine,
      { script: GET, args: [from, word], onStdout: (chunk) => stream.push(chunk), doing: `Getting ${quoted(from)}` },
      request,
    );
    complete = stream.complete;
  } finally {
    await writer.close(complete);
  }
  if (!complete) throw incomplete(machine.name, from);
  // Made at the very end, when nothing can be written through them any more.
  for (const link of links) onPlaced(link);
}

/** Tells of each thing once the sink is done with it. */
function after(sink: GotSink, done: (entry: GotEntry) => void): GotSink {
  return {
    begin: (entry) => sink.begin(entry),
    piece: (bytes) => sink.piece(bytes),
    end: async (entry) => {
      await sink.end(entry);
      done(entry);
    },
  };
}

function incomplete(machine: string, from: string): OrbformError {
  return new OrbformError("ORB_CONNECTION", {
    summary: "Not everything arrived",
    detail: `${quoted(from)} on ${quoted(machine)} did not arrive whole: something in it changed while it was read. What did arrive is there, whole.`,
    hint: "Try again.",
  });
}
