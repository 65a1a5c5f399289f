/**
 * The process in which an untrusted stack is evaluated. It reads what it is to do from standard input, tries whether it
 * reaches anything, gives up what it need not have, and only then loads the stack; what that yields goes to standard output.
 */
import { readFileSync, writeSync } from "node:fs";
import net from "node:net";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { OrbformError, isOrbformError } from "../../model/errors.ts";
import { endRecording } from "../../stack/registry.ts";
import { failLoad } from "../guard-load.ts";
import { withStack } from "../load-stack.ts";
import { evaluated } from "../read-stack.ts";
import { ownUrl } from "../self-url.ts";
import { encodeTree } from "./encode.ts";
import { GREETING, type Job, type WireFailure, type WireTree } from "./wire.ts";
import { withhold } from "./withhold.ts";

// As it is now: whatever the stack makes of it.
const exit = process.exit.bind(process);
const job = jobOf(JSON.parse(readFileSync(0, "utf8")));
writeSync(1, `${GREETING}${await tried(job.port)}\n`);
process.on("uncaughtException", (error) => void failLoad(error));
withhold();
answer(await evaluate(job));

/** Who starts the child wrote it. */
function jobOf(value: unknown): Job {
  if (isJob(value)) return value;
  throw new TypeError("no job");
}

function isJob(value: unknown): value is Job {
  return typeof value === "object" && value !== null && "port" in value;
}

/**
 * How a connection to who started this ends: `reached`, or by what it was refused. Waits until nothing is left of it: from a
 * socket that Node still holds, a stack would have the class that makes others.
 */
function tried(port: number): Promise<string> {
  return new Promise((done) => {
    try {
      let end = "refused";
      const socket = net.connect({ port, host: "127.0.0.1" });
      socket.once("connect", () => {
        end = "reached";
        socket.destroy();
      });
      socket.once("error", (error) => {
        end = codeOf(error) ?? end;
      });
      socket.once("close", () => setImmediate(done, end));
    } catch (error) {
      done(codeOf(error) ?? "refused");
    }
  });
}

async function evaluate({ root, name, file, env, vars, files }: Job): Promise<WireTree | WireFailure> {
  const inputs = async () => ({ environment: {}, files, vars });
  const site = { found: { name, file }, root, env, policies: [], selfUrl: libraryUrl(), inputs };
  try {
    return await withStack(site, async (stack, reading) => {
      const tree = await evaluated(stack, reading);
      return encodeTree({ ...tree, input: stack["~input"], place: reading.place, made: endRecording() });
    });
  } catch (error) {
    return failureOf(error);
  }
}

/** Bundled, the library for stacks lies beside this program: what it needs of Node is loaded before that is withheld. */
function libraryUrl(): string {
  const here = import.meta.url;
  return here.endsWith(".ts") ? ownUrl() : new URL("./untrusted-library.js", here).href;
}

function failureOf(error: unknown): WireFailure {
  const told = isOrbformError(error) ? error : unexpected(error);
  const { code, summary, detail, hint = withheldHint(told.cause), address, place, others } = told;
  const last: Diagnostic = {
    severity: "error",
    code,
    ...(codeOf(told.cause) === "ERR_ACCESS_DENIED"
      ? deniedWords(told.cause)
      : { summary, detail, ...(hint !== undefined && { hint }) }),
    ...(address !== undefined && { address }),
    ...(place !== undefined && { place }),
  };
  return { kind: "failure", diagnostics: [...others, last] };
}

function unexpected(error: unknown): OrbformError {
  return new OrbformError("ORB_STACK_FAILED", {
    summary: "Stack file threw an error",
    detail: `The file failed while it was loaded: ${error instanceof Error ? error.message : "something was thrown"}. No machine was looked at.`,
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
}

/** Node's own words tell which flag of Node's would allow it: none of ours is. */
function deniedWords(error: unknown): Pick<Diagnostic, "summary" | "detail" | "hint"> {
  const { permission, resource, message } = Object(error);
  const what =
    typeof permission === "string" && permission !== ""
      ? `${permission}${resource ? ` of ${String(resource)}` : ""}`
      : String(message).replace(/\.$/, "");
  return {
    summary: "An untrusted stack may not do this",
    detail: `While it was loaded, the stack tried what is denied to it: ${what}. Nothing came of it. No machine was looked at.`,
    hint: "An untrusted stack may compute, and read the files of its project; the rest takes a stack that is trusted.",
  };
}

/** What takes a network is not there at all: who finds that out is told why. */
function withheldHint(error: unknown): string | undefined {
  const [, name = ""] = error instanceof ReferenceError ? (/^(\w+) is not defined$/.exec(error.message) ?? []) : [];
  if (!/^(?:fetch|WebSocket|EventSource|XMLHttpRequest)$/.test(name)) return undefined;
  return `An untrusted stack has no network, and no ${name}: write into a file of the project what it needs.`;
}

/** In pieces: a pipe takes as much as it likes. */
function answer(told: WireTree | WireFailure): void {
  let bytes = Buffer.from(JSON.stringify(told));
  while (bytes.length > 0) bytes = bytes.subarray(written(bytes));
  exit(0);
}

function written(bytes: Buffer): number {
  try {
    return writeSync(1, bytes, 0, Math.min(bytes.length, 65_536));
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return 0;
    throw error;
  }
}
