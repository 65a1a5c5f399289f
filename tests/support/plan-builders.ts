import { createHash } from "node:crypto";
import { address, parseAddress, type Address } from "../../src/model/address.ts";
import { archiveInputs } from "../../src/model/archive-inputs.ts";
import type { LiveState } from "../../src/model/live.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import { machineId, type MachineFacts } from "../../src/model/machine.ts";
import { machineInputs } from "../../src/model/machine-inputs.ts";
import type { Json } from "../../src/model/json.ts";
import type { Plan } from "../../src/model/plan.ts";
import { resolveValue } from "../../src/model/value.ts";
import type {
  DesiredArchive,
  DesiredMachine,
  DesiredResource,
  DesiredSetting,
  DesiredState,
} from "../../src/model/resource.ts";
import type {
  ArchiveResource,
  MachineResource,
  ResourceState,
  SettingResource,
  Snapshot,
} from "../../src/model/snapshot.ts";
import { hashText } from "../../src/state/digest.ts";
import type { PlanInput, PlanOptions } from "../../src/plan/plan-input.ts";
import { plan } from "../../src/plan/plan.ts";

/** Everything made at this moment; ids below carry it. Epoch ms. */
export const NOW = 1_760_000_000_000;

const WORLD = { driver: "orbctl", host: "11111111-1111-4111-8111-111111111111" };

export function at(text: string): Address {
  const found = parseAddress(text.includes(".") ? text : `machine.${text}`);
  return found ?? address("machine", text);
}

/** A ULID made at a time, told apart by a mark of one or two letters. */
export function ulid(mark: string, time = NOW): string {
  const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  let head = "";
  for (let rest = time, index = 0; index < 10; index += 1, rest = Math.floor(rest / 32))
    head = letters[rest % 32] + head;
  const tail = createHash("sha256").update(mark).digest("hex").toUpperCase().slice(0, 16);
  return head + tail;
}

export function digest(value: Json): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex");
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

type Given<T> = { readonly [K in keyof T]?: T[K] };

export function desiredMachine(key: string, given: Given<DesiredMachine> = {}): DesiredMachine {
  return {
    type: "machine",
    address: at(key),
    name: key,
    origin: { kind: "image", distro: "debian", version: "bookworm" },
    settings: {},
    power: "running",
    default: false,
    identity: "keep",
    ready: { kind: "answers", timeoutMs: 60_000 },
    labels: {},
    groups: [],
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    ...given,
  };
}

export function cloneOf(key: string, source: string, given: Given<DesiredMachine> = {}): DesiredMachine {
  const of = { kind: "address" as const, address: at(source) };
  return desiredMachine(key, { origin: { kind: "clone", of }, dependencies: [at(source)], ...given });
}

export function desiredSetting(key: string, value: Json, given: Given<DesiredSetting> = {}): DesiredSetting {
  return {
    type: "setting",
    address: at(`setting.${key}`),
    key,
    value,
    onRemove: "restore",
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
    ...given,
  };
}

/** An archive of a machine, at `archive.KEY`. */
export function desiredArchive(key: string, of: Address, given: Given<DesiredArchive> = {}): DesiredArchive {
  return {
    type: "archive",
    address: at(`archive.${key}`),
    of,
    dir: "backups",
    verify: false,
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [of],
    ...given,
  };
}

/** State of an archive as it would be after it was made as desired; its triggers are plain data. */
export function archiveState(
  desired: DesiredArchive,
  machine: Pick<MachineFacts, "id" | "name">,
  given: Given<ArchiveResource> = {},
): ArchiveResource {
  return {
    type: "archive",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    inputs: archiveInputs(
      desired,
      resolveValue(desired.triggers ?? null, () => undefined),
      undefined,
    ),
    series: `series of ${desired.address}`,
    made: {
      machine: machine.id,
      name: machine.name,
      dir: desired.dir,
      file: `${machine.name}-20261126T000000Z.tar.zst`,
      sha256: "0".repeat(64),
      sizeBytes: 1000,
      createdAt: "2026-11-26T00:00:00.000Z",
      madeBy: "orbform 0.1.0",
    },
    ...given,
  };
}

const LIVE_SETTINGS = {
  user: "me",
  isolated: false,
  isolateNetwork: false,
  forwardSshAgent: true,
  httpPort: 0,
  httpsPort: 0,
  cpus: 0,
  memoryMiB: 0,
  diskBytes: 0,
};

export function liveMachine(name: string, given: Given<MachineFacts> = {}): MachineFacts {
  return {
    id: machineId(ulid(name)),
    name,
    state: "running",
    image: { distro: "debian", version: "bookworm", arch: "arm64", variant: "default" },
    builtin: false,
    ...given,
    settings: { ...LIVE_SETTINGS, ...given.settings },
  };
}

/** State of a machine as it would be after it was applied as desired and seen as live. */
export function stateOf(
  desired: DesiredMachine,
  live: MachineFacts,
  given: Given<MachineResource> = {},
): MachineResource {
  const inputs = machineInputs(desired, () => undefined, digest);
  if (inputs === undefined) throw new Error("a builder needs known values");
  return {
    type: "machine",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    id: live.id,
    name: live.name,
    inputs,
    made: LIVE_SETTINGS,
    seen: { settings: live.settings, power: live.state, image: live.image },
    status: "ready",
    ...given,
  };
}

export function settingState(desired: DesiredSetting, original: string | null, seen: string): SettingResource {
  const value = desired.value === null || typeof desired.value !== "object" ? desired.value : null;
  return {
    type: "setting",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    inputs: { key: desired.key, value, onRemove: desired.onRemove },
    original,
    seen,
  };
}

export interface Worlds {
  readonly desired?: readonly DesiredResource[];
  readonly outputs?: DesiredState["outputs"];
  readonly prior?: { readonly [key: string]: ResourceState };
  readonly priorOutputs?: Snapshot["outputs"];
  readonly live?: readonly MachineFacts[];
  readonly liveMore?: Given<LiveState>;
  readonly options?: Given<PlanOptions>;
}

export function inputOf(worlds: Worlds): PlanInput {
  const { desired = [], prior = {}, live = [] } = worlds;
  return {
    desired: { stack: "dev", resources: desired, outputs: worlds.outputs ?? {}, existing: [] },
    prior: {
      format: 1,
      stack: "dev",
      world: WORLD,
      lineage: "22222222-2222-4222-8222-222222222222",
      serial: 3,
      resources: Object.fromEntries(Object.entries(prior).map(([key, state]) => [at(key), state])),
      outputs: worlds.priorOutputs ?? {},
    },
    live: {
      world: WORLD,
      capabilities: { version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false },
      machines: live,
      settings: {},
      default: null,
      probes: {},
      inside: {},
      archives: {},
      claims: {},
      observedAt: NOW,
      ...worlds.liveMore,
    },
    durations: new Map(),
    options: {
      mode: "normal",
      targets: [],
      excludes: [],
      replace: [],
      adopt: [],
      allowReplace: false,
      ...worlds.options,
    },
    digest,
    hashText,
  };
}

export function planOf(worlds: Worlds): Plan {
  return plan(inputOf(worlds));
}

/** The graph as text, one action a line with what it waits for. */
export function graphOf({ actions }: Plan): readonly string[] {
  return actions.map(({ id, after }) => (after.length === 0 ? id : `${id} < ${after.join(", ")}`));
}

/** What is planned, as text: `machine.web create`. */
export function changesOf({ changes }: Plan): readonly string[] {
  return changes.map(({ address, action, reason }) =>
    [address, action, reason && `(${reason})`].filter(Boolean).join(" "),
  );
}

/** Codes of errors with the addresses they are about. */
export function errorsOf({ diagnostics }: Plan): readonly string[] {
  return diagnostics
    .filter((each) => each.severity === "error")
    .map(({ code, address }) => (address === undefined ? code : `${code} ${address}`));
}
