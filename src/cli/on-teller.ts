import { StringDecoder } from "node:string_decoder";
import { printable } from "../model/printable.ts";
import { lineText, versionLine, type EventLine } from "../report/events-json.ts";
import {
  copiedLine,
  countEnds,
  countsLine,
  countsText,
  endLine,
  endWords,
  outputLine,
  type MachineEnd,
} from "../report/on-json.ts";
import type { Voice } from "./base-command.ts";
import type { Console } from "./console.ts";
import { VERSION } from "./version.ts";

type Stream = "stdout" | "stderr";

/** How work on machines is told, as text or as JSON lines. */
export interface MachineTeller {
  /** A piece of what a command printed on a machine. */
  output(machine: string, stream: Stream, bytes: Uint8Array): Promise<void>;
  /** A file that was copied. */
  copied(machine: string, path: string, bytes: number): void;
  /** What came of a machine; what was printed there comes before it. */
  ended(end: MachineEnd): void;
  /** The end of everything. */
  summary(operation: string, ends: readonly MachineEnd[]): void;
}

/** A teller for these machines. One machine's output is passed on as it is, but on a terminal, which it must not steer. */
export function machineTeller({ console, json, tell }: Voice, machines: readonly string[]): MachineTeller {
  if (json) return jsonTeller({ console, tell });
  const alone = machines.length === 1;
  const width = Math.max(...machines.map((each) => each.length));
  const lines = new Lines((machine, stream, text) =>
    put(console, stream, `${alone ? "" : `${machine.padEnd(width)} | `}${printable(text)}`),
  );
  return {
    output: (machine, stream, bytes) => {
      if (alone && !console.shown) return console.write(stream, bytes);
      lines.push(machine, stream, bytes);
      return Promise.resolve();
    },
    copied: (machine, path) => console.err(printable(`${machine}: ${path}`) + "\n"),
    ended: (end) => {
      lines.end(end.machine);
      if (end.problem !== undefined) tell.diagnostics([end.problem]);
      else if (!alone && end.status !== "succeeded") console.err(`${end.machine}: ${endWords(end)}\n`);
    },
    summary: (_, ends) => {
      if (!alone) console.err(`${countsText(countEnds(ends))}\n`);
    },
  };
}

function put(console: Console, stream: Stream, text: string): void {
  if (stream === "stdout") console.out(text);
  else console.err(text);
}

function jsonTeller({ console, tell }: Pick<Voice, "console" | "tell">): MachineTeller {
  const write = (line: EventLine): void => console.out(`${lineText(line, new Date(console.now()).toISOString())}\n`);
  const lines = new Lines((machine, stream, text) => write(outputLine(machine, stream, text)));
  write(versionLine(VERSION));
  return {
    output: (machine, stream, bytes) => Promise.resolve(lines.push(machine, stream, bytes)),
    copied: (machine, path, bytes) => write(copiedLine(machine, path, bytes)),
    ended: (end) => {
      lines.end(end.machine);
      write(endLine(end));
    },
    summary: (operation, ends) => {
      tell.last();
      write(countsLine(operation, countEnds(ends)));
    },
  };
}

/** A line that never ends is told in pieces of this length. Characters. */
const LONGEST_LINE = 65_536;

/** Puts what comes in pieces together into lines, apart by machine and stream. */
class Lines {
  readonly #tell: (machine: string, stream: Stream, line: string) => void;
  readonly #open = new Map<string, { readonly decoder: StringDecoder; text: string }>();

  constructor(tell: (machine: string, stream: Stream, line: string) => void) {
    this.#tell = tell;
  }

  push(machine: string, stream: Stream, bytes: Uint8Array): void {
    const open = this.#of(machine, stream);
    open.text += open.decoder.write(Buffer.from(bytes));
    for (let end = open.text.indexOf("\n"); end >= 0; end = open.text.indexOf("\n")) {
      this.#tell(machine, stream, open.text.slice(0, end + 1));
      open.text = open.text.slice(end + 1);
    }
    if (open.text.length > LONGEST_LINE) this.#flush(machine, stream);
  }

  /** Tells lines that have no end. */
  end(machine: string): void {
    for (const stream of ["stdout", "stderr"] as const) this.#flush(machine, stream);
  }

  #flush(machine: string, stream: Stream): void {
    const open = this.#of(machine, stream);
    if (open.text !== "") this.#tell(machine, stream, `${open.text}\n`);
    open.text = "";
  }

  #of(machine: string, stream: Stream): { readonly decoder: StringDecoder; text: string } {
    const key = `${stream} ${machine}`;
    const open = this.#open.get(key) ?? { decoder: new StringDecoder("utf8"), text: "" };
    this.#open.set(key, open);
    return open;
  }
}
