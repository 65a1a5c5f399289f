import type { Capabilities } from "../../model/capabilities.ts";
import type { Clock } from "../../model/clock.ts";
import type { Connection } from "../../model/connection.ts";
import { nameKey, type MachineDetails, type MachineFacts } from "../../model/machine.ts";
import { printable } from "../../model/printable.ts";
import type { World } from "../../model/snapshot.ts";
import type { Driver, ExecRequest, ExecResult, Observation, ObserveScope, Selector } from "../driver.ts";
import { DriverError } from "../errors.ts";
import type { OrbctlExec } from "./call.ts";
import { askedEarly } from "./asked-early.ts";
import { orbctlClient, type OrbctlClient } from "./client.ts";
import { guestEnvironment } from "./guest-environment.ts";
import { operationCalls } from "./operation-calls.ts";
import { parseConfigShow, parseMachineConfig, unsetSettings } from "./parse-config.ts";
import { unreadable } from "./parse-record.ts";
import { capabilitiesOf, parseDefault } from "./parse-words.ts";
import { expectRunning, retrying } from "./service.ts";
import { sharedRead } from "./shared-read.ts";
import { programKey, type VersionCache } from "./version-cache.ts";

/** Where OrbStack's SSH server listens unless `ssh` says otherwise (contract 7.4). */
const SSH_PORT = 32_222;

/** What the driver is made of. */
export interface OrbctlDriverParts {
  readonly exec: OrbctlExec;
  readonly clock: Clock;
  readonly world: World;
  /** Absolute path of orbctl, for the version cache; absent where there is no file. */
  readonly program?: string;
  readonly versionCache?: VersionCache;
  /** The value of HOME: for hints and for where SSH keys lie. */
  readonly home?: string;
  /** Ask `status`, which comes before every look, as soon as there is a driver. @default false */
  readonly early?: boolean;
}

/** The driver for OrbStack, over its command line. Keeps no belief about what exists. */
export function orbctlDriver(parts: OrbctlDriverParts): Driver {
  const client = clientOf(parts);
  const configShow = sharedRead(() => retrying(parts.clock, () => client.configShow()));
  const capabilities = asked(() => readCapabilities(parts, client));
  const sshPort = asked(() => retrying(parts.clock, () => client.sshPort()));
  return {
    world: () => Promise.resolve(parts.world),
    capabilities,
    observe: (scope) => observe(parts, { client, configShow }, scope),
    inspect: async (which, want) => {
      const details = await inspect(client, which);
      if (details === undefined || !want.settings) return details;
      const settings = parseMachineConfig(await configShow(), details.name);
      return { ...details, settings: { ...details.settings, ...settings } };
    },
    perform: async (operation, options) => {
      for (const call of operationCalls(operation, await capabilities())) await client.change(call, options);
    },
    exec: (request) => execute(client, request),
    logs: async (which) => printable(await client.logs(await nameOf(client, which))),
    connection: async (which) => {
      const machine = "settings" in which ? which : await existing(client, which);
      return connection(parts, machine, await sshPort());
    },
    close: () => Promise.resolve(),
  };
}

/** Asks once and remembers the answer; a failure is not remembered. */
function asked<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

function clientOf({ exec, clock, early }: OrbctlDriverParts): OrbctlClient {
  const client = orbctlClient(exec);
  return early === true ? { ...client, status: askedEarly(clock, () => client.status()) } : client;
}

interface Readers {
  readonly client: OrbctlClient;
  readonly configShow: () => Promise<string>;
}

async function observe(parts: OrbctlDriverParts, readers: Readers, scope: ObserveScope): Promise<Observation> {
  const { client } = readers;
  await expectRunning({ client, clock: parts.clock, ...(parts.home !== undefined && { home: parts.home }) });
  // Three questions at the same time; where more than one fails, it is always the list that tells why.
  const answers = {
    list: retrying(parts.clock, () => client.list()),
    shown: scope.settings ? readers.configShow() : Promise.resolve(""),
    default: scope.default ? retrying(parts.clock, () => client.default()) : Promise.resolve(""),
  };
  await Promise.allSettled(Object.values(answers));
  const listed = (await answers.list).filter((machine) => !machine.builtin);
  const shown = parseConfigShow(await answers.shown);
  const names = listed.map((machine) => machine.name);
  const unset = unsetSettings(shown, names);
  const machines = listed.map((machine) => {
    const settings = shown.machines.get(nameKey(machine.name));
    return { ...machine, settings: { ...unset, ...machine.settings, ...settings } };
  });
  return {
    machines,
    settings: shown.global,
    ...(scope.default ? { default: parseDefault(await answers.default, names) } : {}),
  };
}

/** Looks at one machine, and makes sure that the answer is about it: a name may look like another machine's id. */
async function inspect(client: OrbctlClient, which: Selector): Promise<MachineDetails | undefined> {
  const details = await client.info("id" in which ? which.id : which.name);
  if (details === undefined) return undefined;
  const asked = "id" in which ? details.id === which.id : nameKey(details.name) === nameKey(which.name);
  if (asked) return details;
  throw unreadable("OrbStack answered about another machine than the one asked for.");
}

async function execute(client: OrbctlClient, request: ExecRequest): Promise<ExecResult> {
  const { env, command } = guestEnvironment(request.env ?? {}, request.command);
  const { exitCode, stdout, stderr } = await client.run(
    {
      machine: request.machine,
      command,
      ...(request.user !== undefined && { user: request.user }),
      ...(request.workdir !== undefined && { workdir: request.workdir }),
    },
    {
      env,
      ...(request.stdin && { stdin: request.stdin }),
      ...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs }),
      ...(request.signal && { signal: request.signal }),
      ...(request.onOutput && { onOutput: request.onOutput }),
      ...(request.output && { output: request.output }),
      ...(request.begin && { begin: request.begin }),
    },
  );
  return { exitCode, stdout, stderr };
}

/** The present name, for the commands that take no id. */
async function nameOf(client: OrbctlClient, which: Selector): Promise<string> {
  return "name" in which ? which.name : (await existing(client, which)).name;
}

async function existing(client: OrbctlClient, which: Selector): Promise<MachineDetails> {
  const details = await inspect(client, which);
  if (details) return details;
  throw new DriverError("ORB_MACHINE_NOT_FOUND", {
    kind: "not found",
    outcome: "refused",
    summary: "Machine is not there",
    detail: "OrbStack has no such machine. Nothing was done.",
    hint: 'Run "orb plan" to see what exists now.',
  });
}

function connection(parts: OrbctlDriverParts, { name, settings }: MachineFacts, port = SSH_PORT): Connection {
  const { home } = parts;
  return {
    host: "127.0.0.1",
    port,
    user: settings.user === undefined ? name : `${settings.user}@${name}`,
    ...(home !== undefined && { identityFile: `${home}/.orbstack/ssh/id_ed25519` }),
  };
}

/** A version that can't be read counts as the newest; it is not remembered. */
async function readCapabilities(parts: OrbctlDriverParts, client: OrbctlClient): Promise<Capabilities> {
  const key = parts.program === undefined ? undefined : await programKey(parts.program);
  const remembered = key === undefined ? undefined : await parts.versionCache?.read(key);
  if (remembered !== undefined) return capabilitiesOf(remembered);
  const version = await client.version();
  if (key !== undefined && version !== undefined) await parts.versionCache?.write(key, version);
  return capabilitiesOf(version ?? "");
}
