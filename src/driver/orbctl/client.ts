import type { MachineDetails, MachineFacts } from "../../model/machine.ts";
import type { PerformOptions } from "../driver.ts";
import {
  configArgv,
  configGetArgv,
  configShowArgv,
  copyArgv,
  defaultArgv,
  infoArgv,
  listArgv,
  logsArgv,
  runArgv,
  sshArgv,
  statusArgv,
  versionArgv,
  type Argv,
  type CopyPaths,
  type RunRequest,
} from "./argv.ts";
import type { FailureKind } from "../errors.ts";
import type { OrbctlCall, OrbctlExec, OrbctlOutput } from "./call.ts";
import { classify, errorMessage, type Doing } from "./classify.ts";
import { parseInfo, parseList } from "./parse-machines.ts";
import { parseConfigValue, parseSshPort, parseStatus, parseVersion, type ServiceStatus } from "./parse-words.ts";
import { ownFailure } from "./run-failure.ts";
import { commandOf } from "./told-words.ts";

/** Milliseconds a reading call may take. All take under a second (contract 8); a busy Mac is given time. */
const STATUS_MS = 15_000;
const READ_MS = 30_000;

/** One mutating call: its argument list and what it does. */
export interface Change {
  readonly argv: Argv;
  readonly doing: Doing;
}

/** How a run inside a machine is watched. */
type RunWatch = Pick<OrbctlCall, "env" | "stdin" | "timeoutMs" | "signal" | "onOutput" | "output" | "begin">;

/** orbctl, typed: one method a command. Every failure is a DriverError. */
export interface OrbctlClient {
  /** Never starts the service. */
  status(): Promise<ServiceStatus>;
  /** All records, built-ins among them. */
  list(): Promise<readonly MachineFacts[]>;
  /** `undefined` where there is no such machine. */
  info(which: string): Promise<MachineDetails | undefined>;
  /** As printed. */
  configShow(): Promise<string>;
  /** Empty where not set. */
  configGet(key: string): Promise<string>;
  /** As printed; also where orbctl says with an error that none is set. */
  default(): Promise<string>;
  /** `undefined` where it can't be read. */
  version(): Promise<string | undefined>;
  /** The port of the SSH server on this host; `undefined` where it can't be read. */
  sshPort(): Promise<number | undefined>;
  /** The boot log as it came; empty for a machine that never booted. */
  logs(name: string): Promise<string>;
  /** Runs a command inside a machine, which is started by it where it is stopped. */
  run(request: RunRequest, watch: RunWatch): Promise<OrbctlOutput & { readonly exitCode: number }>;
  /** Adds to or removes from a list setting. */
  configList(verb: "add" | "remove", pair: ConfigPair, options: PerformOptions): Promise<void>;
  /** Copies files in (`push`) or out (`pull`). */
  copy(verb: "push" | "pull", request: CopyRequest, options: PerformOptions): Promise<void>;
  /** Carries out one mutating call. */
  change(change: Change, options: PerformOptions): Promise<void>;
}

/** A list setting and one item of it. */
interface ConfigPair {
  readonly key: string;
  readonly value: string;
}

/** What is copied, and the machine at the other end. */
interface CopyRequest extends CopyPaths {
  readonly machine: string;
}

/** A client over one way of calling orbctl. */
export function orbctlClient(exec: OrbctlExec): OrbctlClient {
  const change: OrbctlClient["change"] = async ({ argv, doing }, { begin, signal }) => {
    await succeed(exec, { argv, begin, ...(signal && { signal }) }, doing);
  };
  return {
    status: () => status(exec),
    list: async () => parseList(await read(exec, listArgv())),
    info: (which) => info(exec, which),
    configShow: () => read(exec, configShowArgv()),
    configGet: async (key) => parseConfigValue(await read(exec, configGetArgv(key))),
    default: () => readDefault(exec),
    version: async () => parseVersion((await answer(exec, versionArgv())).stdout),
    sshPort: async () => parseSshPort(await read(exec, sshArgv())),
    logs: (name) => logs(exec, name),
    run: (request, watch) => run(exec, request, watch),
    configList: (verb, { key, value }, options) =>
      change({ argv: configArgv(verb, key, value), doing: { command: `config ${verb}`, subject: key } }, options),
    copy: (verb, request, options) =>
      change(
        { argv: copyArgv(verb, request.machine, request), doing: { command: verb, subject: request.machine } },
        options,
      ),
    change,
  };
}

async function status(exec: OrbctlExec): Promise<ServiceStatus> {
  const output = await exec({ argv: statusArgv(), timeoutMs: STATUS_MS });
  const found = output.timedOut ? undefined : parseStatus(output.stdout, output.exitCode);
  if (found) return found;
  throw classify(output, { command: "status", reading: true });
}

async function info(exec: OrbctlExec, which: string): Promise<MachineDetails | undefined> {
  const argv = infoArgv(which);
  const output = await exec({ argv, timeoutMs: READ_MS });
  if (output.exitCode === 0) return parseInfo(output.stdout);
  const failure = classify(output, { command: "info", subject: which, reading: true });
  if (failure.kind === "not found") return undefined;
  throw failure;
}

/** Failures that tell nothing of a default: what they keep from being seen is not absent. */
const UNANSWERED: ReadonlySet<FailureKind> = new Set(["service starting", "transport", "timed out"]);

/** What is printed where no default is set, and with which exit code, is not known (contract 3.4). */
async function readDefault(exec: OrbctlExec): Promise<string> {
  const output = await answer(exec, defaultArgv());
  if (output.exitCode === 0) return output.stdout;
  const failure = classify(output, { command: "default", reading: true });
  if (UNANSWERED.has(failure.kind)) throw failure;
  return output.stdout;
}

async function logs(exec: OrbctlExec, name: string): Promise<string> {
  const output = await answer(exec, logsArgv(name));
  if (output.exitCode === 0) return output.stdout;
  if (errorMessage(output).includes("has no logs")) return "";
  throw classify(output, { command: "logs", subject: name, reading: true });
}

async function run(
  exec: OrbctlExec,
  request: RunRequest,
  watch: RunWatch,
): Promise<OrbctlOutput & { readonly exitCode: number }> {
  const output = await exec({ argv: runArgv(request), ...watch });
  const { exitCode } = output;
  const doing = { command: "run", subject: request.machine };
  if (exitCode === null || output.timedOut || output.aborted || ownFailure(output)) {
    // What stands on standard output is the command's, whatever it reads like.
    throw classify({ ...output, stdout: "" }, doing);
  }
  return { ...output, exitCode };
}

async function read(exec: OrbctlExec, argv: Argv): Promise<string> {
  const doing: Doing = { command: commandOf(argv), reading: true };
  return (await succeed(exec, { argv, timeoutMs: READ_MS }, doing)).stdout;
}

async function succeed(exec: OrbctlExec, call: OrbctlCall, doing: Doing): Promise<OrbctlOutput> {
  const output = await exec(call);
  if (output.exitCode === 0 && !output.timedOut && !output.aborted) return output;
  throw classify(output, doing);
}

/** An answer whatever its exit code, but an answer. */
async function answer(exec: OrbctlExec, argv: Argv): Promise<OrbctlOutput> {
  const output = await exec({ argv, timeoutMs: READ_MS });
  if (output.exitCode !== null && !output.timedOut) return output;
  throw classify(output, { command: argv.join(" "), reading: true });
}
