import type { Driver, ExecRequest, ExecResult } from "../driver/driver.ts";
import type { Clock } from "../model/clock.ts";
import type { MachineId } from "../model/machine.ts";
import type { Ready } from "../model/resource.ts";
import { isListening } from "./listening.ts";

/** What came of waiting for a machine to be ready. */
export type Readiness =
  | { readonly status: "ready"; readonly warning?: string }
  | { readonly status: "unready"; readonly reason: "timed out" | "failed"; readonly detail: string };

/** What waiting for a machine needs of the outside. */
export interface ReadyPorts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

interface Probe extends ReadyPorts {
  readonly machine: MachineId;
  readonly deadline: number;
}

const PAUSE_MS = 500;
const ANSWER_MS = 15_000;
const READY: Readiness = { status: "ready" };

/**
 * Waits until a running machine is ready. Never rejects but where the wait is aborted. The machine must run: a command
 * would start a stopped one.
 */
export async function waitReady(ports: ReadyPorts, machine: MachineId, ready: Ready): Promise<Readiness> {
  const probe: Probe = { ...ports, machine, deadline: ports.clock.now() + ready.timeoutMs };
  // orbctl 2.2: create can return a while before commands are accepted.
  const answers = await until(probe, () => answered(probe));
  if (answers.status === "unready" || ready.kind === "answers") return answers;
  if (ready.kind === "cloud-init") return await cloudInit(probe);
  if (ready.kind === "command") return await command(probe, ready);
  return await until(probe, () => listening(probe, ready.port));
}

/** Whether a machine answers a command right now. */
export async function answersNow(ports: ReadyPorts, machine: MachineId): Promise<boolean> {
  const verdict = await answered({ ...ports, machine, deadline: ports.clock.now() + ANSWER_MS });
  return verdict.status === "ready";
}

async function until(probe: Probe, ask: () => Promise<Readiness>): Promise<Readiness> {
  for (;;) {
    const verdict = await ask();
    const left = probe.deadline - probe.clock.now();
    if (verdict.status === "ready" || left <= 0) return verdict;
    await probe.clock.sleep(Math.min(PAUSE_MS, left), probe.signal);
  }
}

async function answered(probe: Probe): Promise<Readiness> {
  const result = await ask(probe, { command: ["true"] });
  if (typeof result === "string") return timedOut(`It does not answer: ${result}`);
  return result.exitCode === 0 ? READY : timedOut(`It does not answer: exit ${result.exitCode}. ${result.stderr}`);
}

async function cloudInit(probe: Probe): Promise<Readiness> {
  return await verdictOf(probe, async () => {
    const request = { command: ["cloud-init", "status", "--wait"], user: "root" };
    const result = await ask(probe, { ...request, timeoutMs: Math.max(1, probe.deadline - probe.clock.now()) });
    if (typeof result === "string") return timedOut(`cloud-init did not end: ${result}`);
    return cloudInitVerdict(result);
  });
}

function cloudInitVerdict({ exitCode, stdout, stderr }: ExecResult): Readiness {
  const said = `${stdout}\n${stderr}`.trim();
  if (exitCode === 0) return READY;
  if (exitCode === 126 || exitCode === 127 || /not found|no such file/i.test(stderr)) {
    return failed("This image has no cloud-init.");
  }
  // Exit 1 and 2 may also be the client's own: only what cloud-init printed is its verdict.
  if (!/status:/.test(stdout)) return timedOut(`cloud-init did not answer: exit ${exitCode}. ${said}`);
  if (exitCode === 2) return { status: "ready", warning: `cloud-init ended with recoverable errors: ${said}` };
  return failed(`cloud-init failed: ${said}`);
}

async function command(probe: Probe, ready: Extract<Ready, { kind: "command" }>): Promise<Readiness> {
  const request = { command: ready.command, ...(ready.user === undefined ? {} : { user: ready.user }) };
  return await until(probe, async () => {
    const result = await ask(probe, { ...request, timeoutMs: Math.max(1, probe.deadline - probe.clock.now()) });
    if (typeof result === "string") return timedOut(`The ready command did not end: ${result}`);
    if (result.exitCode === 0) return READY;
    // It is asked until the deadline; its last word is the verdict.
    return failed(`The ready command ended with exit ${result.exitCode}. ${result.stderr.trim()}`);
  });
}

async function listening(probe: Probe, port: number): Promise<Readiness> {
  const result = await ask(probe, { command: ["cat", "/proc/net/tcp", "/proc/net/tcp6"], user: "root" });
  if (typeof result !== "string" && isListening(result.stdout, port)) return READY;
  return timedOut(`Nothing listens on TCP port ${port}.`);
}

/** Asks until there is a verdict, which a time-out is not while there is time left. */
async function verdictOf(probe: Probe, ask: () => Promise<Readiness>): Promise<Readiness> {
  for (;;) {
    const verdict = await ask();
    const open = verdict.status === "unready" && verdict.reason === "timed out";
    const left = probe.deadline - probe.clock.now();
    if (!open || left <= 0) return verdict;
    await probe.clock.sleep(Math.min(PAUSE_MS, left), probe.signal);
  }
}

/** The result, or what kept the command from giving one. */
async function ask(probe: Probe, request: Omit<ExecRequest, "machine">): Promise<ExecResult | string> {
  try {
    const signal = probe.signal === undefined ? {} : { signal: probe.signal };
    return await probe.driver.exec({ timeoutMs: ANSWER_MS, ...request, machine: probe.machine, ...signal });
  } catch (error) {
    if (probe.signal?.aborted) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

function timedOut(detail: string): Readiness {
  return { status: "unready", reason: "timed out", detail: detail.trim() };
}

function failed(detail: string): Readiness {
  return { status: "unready", reason: "failed", detail: detail.trim() };
}
