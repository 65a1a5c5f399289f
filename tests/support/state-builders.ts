import { address, type Address } from "../../src/model/address.ts";
import type { ActionId } from "../../src/model/action.ts";
import type { Clock } from "../../src/model/clock.ts";
import { isOrbformError } from "../../src/model/errors.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { machineId } from "../../src/model/machine.ts";
import type {
  ArchiveResource,
  InsideResource,
  MachineResource,
  ResourceState,
  SettingResource,
  Snapshot,
} from "../../src/model/snapshot.ts";
import type { HostIdentity } from "../../src/state/host.ts";
import type { IntentRecord, JournalHeader, OutcomeRecord } from "../../src/state/records.ts";

/** A settled machine of the state; its id derives from its name. */
export function machineState(name: string, changes: Partial<MachineResource> = {}): MachineResource {
  return {
    type: "machine",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    id: machineId(`01J${name.toUpperCase()}`),
    name,
    inputs: {
      name,
      origin: { kind: "image", distro: "ubuntu", version: "noble" },
      settings: { cpus: 2 },
      power: "running",
      default: false,
      identity: "keep",
      ready: { kind: "answers", timeoutMs: 60_000 },
      labels: { team: "web" },
      groups: [],
    },
    made: { cpus: 2 },
    seen: {
      settings: { cpus: 2 },
      power: "running",
      image: { distro: "ubuntu", version: "noble", arch: "arm64", variant: "default" },
    },
    status: "ready",
    ...changes,
  };
}

/** An archive of the state, of `machine.web`. */
export function archiveResource(changes: Partial<ArchiveResource> = {}): ArchiveResource {
  return {
    type: "archive",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [address("machine", "web")],
    inputs: { of: address("machine", "web"), dir: "backups", keep: { last: 3 }, triggers: { n: 1 }, verify: false },
    series: "0123456789abcdef0123456789abcdef",
    made: {
      machine: machineId("01JGX000000000000000000000"),
      name: "web",
      dir: "backups",
      file: "web-20261126T120000Z.tar.zst",
      sha256: "ab".repeat(32),
      sizeBytes: 1234,
      createdAt: "2026-11-26T12:00:00.000Z",
      madeBy: "orbform 0.1.0",
    },
    ...changes,
  };
}

/** A global setting of the state. */
export function settingState(key: string, value: number): SettingResource {
  return {
    type: "setting",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    inputs: { key, value, onRemove: "restore" },
    original: null,
    seen: String(value),
  };
}

/** A command inside the machine `web`, as state has it. */
export function commandState(changes: Partial<InsideResource> = {}): InsideResource {
  return {
    type: "command",
    revision: 1,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [machineAddress("web")],
    on: machineAddress("web"),
    machine: machineId("01JWEB"),
    inputs: { type: "command", run: "true" },
    seen: { type: "command" },
    original: { type: "command" },
    ...changes,
  };
}

/** The address `machine.NAME`. */
export function machineAddress(name: string): Address {
  return address("machine", name);
}

/** A snapshot holding these resources. */
export function snapshotOf(
  resources: readonly (readonly [Address, ResourceState])[],
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    format: 1,
    stack: "web",
    world: { driver: "orbctl", host: "11111111-2222-4333-8444-555555555555" },
    lineage: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    serial: 1,
    resources: Object.fromEntries(resources),
    outputs: {},
    ...changes,
  };
}

/** A journal's header that fits {@link snapshotOf}. */
export function headerRecord(changes: Partial<JournalHeader> = {}): JournalHeader {
  return {
    kind: "header",
    format: 1,
    stack: "web",
    lineage: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    baseSerial: 1,
    planDigest: "sha256:0",
    knownIds: ["01JOLD"],
    at: 1_700_000_000_000,
    hostId: "11111111-2222-4333-8444-555555555555",
    bootId: "boot-1",
    world: { driver: "orbctl", host: "11111111-2222-4333-8444-555555555555" },
    ...changes,
  };
}

/** The intent to create a machine, without a patch of its own. */
export function intentRecord(name: string, changes: Partial<IntentRecord> = {}): IntentRecord {
  return {
    kind: "intent",
    action: actionId(`machine.${name}:create`),
    address: machineAddress(name),
    does: "create",
    attempt: 1,
    at: 1_700_000_001_000,
    timeoutMs: 600_000,
    patch: [],
    ...changes,
  };
}

/** How {@link intentRecord} ended. */
export function outcomeRecord(name: string, changes: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return {
    kind: "outcome",
    action: actionId(`machine.${name}:create`),
    address: machineAddress(name),
    result: "succeeded",
    patch: [],
    at: 1_700_000_009_000,
    ...changes,
  };
}

/** An action's id. */
export function actionId(text: string): ActionId {
  return text as ActionId;
}

/** A host as tests are run on: this process, unless told otherwise. */
export function identityOf(changes: Partial<HostIdentity> = {}): HostIdentity {
  return {
    hostId: "11111111-2222-4333-8444-555555555555",
    bootId: "boot-1",
    who: "ada@mac",
    pid: process.pid,
    processStart: "100",
    ...changes,
  };
}

/** A clock that stands at one time and sleeps no longer than a turn of the event loop. */
export function standingClock(now = 1_700_000_000_000): Clock {
  let draws = 0;
  return {
    now: () => now,
    sleep: () => new Promise((resolve) => void setImmediate(resolve)),
    random: () => (draws++ % 97) / 97,
  };
}

/** The error a call ends with, as code and detail; fails the test where it ends well. */
export async function errorOf(call: () => unknown): Promise<{ readonly code: string; readonly detail: string }> {
  try {
    await call();
  } catch (error) {
    if (isOrbformError(error)) return { code: error.code, detail: error.detail };
    throw error;
  }
  throw new Error("expected an error");
}
