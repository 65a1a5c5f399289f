import type { Driver, ExecResult } from "../driver/driver.ts";
import { OrbformError } from "../model/errors.ts";
import type { MachineFacts } from "../model/machine.ts";
import { assertNever } from "../model/errors.ts";
import type { Answer, InsideFacts, Question } from "../model/probe.ts";
import { dnsAttempts, readDns } from "./dns.ts";
import { HTTP_ATTEMPTS, readHttp } from "./http.ts";
import { insideCommand, readInside } from "./inside-facts.ts";
import { PING_ATTEMPTS, readPing } from "./ping.ts";
import { probeCommand, readTried, type Tried } from "./probe-script.ts";
import { readTcp, TCP_ATTEMPTS } from "./tcp.ts";

/** Longer than any tool takes by the time-outs it is given. Milliseconds. */
const PROBE_MS = 90_000;

/** What is run for a question, and how what it printed is read. */
interface Way {
  readonly command: readonly string[];
  readonly read: (tried: Tried) => Answer;
  /** ICMP needs rights that a user may lack; everything else is asked as the default user. */
  readonly user?: "root";
}

/**
 * Asks a question from inside a machine that runs, with what the machine has to ask by. A probe that fails is an answer;
 * a connection that fails is an error: the driver's, or `ORB_CONNECTION` where the script didn't come to its end.
 */
export async function askInside(driver: Driver, machine: MachineFacts, question: Question): Promise<Answer> {
  const { command, read, user } = wayOf(question);
  const request = { machine: machine.id, command, timeoutMs: PROBE_MS, ...(user && { user }) };
  const result = await driver.exec(request);
  const tried = readTried(result.stdout);
  if (tried === undefined) throw cutOff(machine, result);
  return read(tried);
}

/** Reads what a machine that runs tells of itself. Errors: as {@link askInside}'s. */
export async function lookInside(driver: Driver, machine: MachineFacts): Promise<InsideFacts> {
  const result = await driver.exec({ machine: machine.id, command: insideCommand(), timeoutMs: PROBE_MS });
  const facts = readInside(result.stdout);
  if (facts === undefined) throw cutOff(machine, result);
  return facts;
}

function wayOf(question: Question): Way {
  switch (question.probe) {
    case "ping": {
      const words = [question.host, String(question.count)];
      return { command: probeCommand(PING_ATTEMPTS, words), read: readPing, user: "root" };
    }
    case "tcp":
      return { command: probeCommand(TCP_ATTEMPTS, [question.host, String(question.port)]), read: readTcp };
    case "http":
      return { command: probeCommand(HTTP_ATTEMPTS, [question.url]), read: readHttp };
    case "dns": {
      const { host, type } = question;
      return { command: probeCommand(dnsAttempts(type), [host, type]), read: (tried) => readDns(tried, type) };
    }
    default:
      return assertNever(question);
  }
}

function cutOff({ name }: MachineFacts, { exitCode, stderr }: ExecResult): OrbformError {
  const said = stderr.trim() === "" ? "" : ` It said: ${stderr.trim().split("\n").at(-1)}`;
  return new OrbformError("ORB_CONNECTION", {
    summary: "The machine did not answer",
    detail: `The probe's script did not come to its end in machine "${name}" (exit ${exitCode}), so nothing is known.${said}`,
    hint: `Run \`orbctl run -m ${name} -w / true\` to see whether commands run inside.`,
  });
}
