import { address, type Address } from "../../src/model/address.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { LiveState } from "../../src/model/live.ts";
import { machineInputs, type Digest } from "../../src/model/machine-inputs.ts";
import { machineId, SETTING_DEFAULTS, type MachineFacts } from "../../src/model/machine.ts";
import type { DesiredMachine, DesiredState } from "../../src/model/resource.ts";
import type { ResourceState, Snapshot } from "../../src/model/snapshot.ts";

/** The three worlds of a stack in which nothing has changed. */
export interface Fleet {
  readonly desired: DesiredState;
  readonly prior: Snapshot;
  readonly live: LiveState;
}

const WORLD = { driver: "orbstack", host: "00000000-0000-4000-8000-000000000001" };
const IMAGE = { distro: "alpine", version: "3.22", arch: "arm64", variant: "default" };

/** A base image and `count - 1` clones of it, each with settings and labels, all as they should be. */
export function fleet(count: number, digest: Digest): Fleet {
  const machines = Array.from({ length: count }, (_, index) => desiredMachine(index));
  return {
    desired: { stack: "fleet", resources: machines.toSorted(byAddress), outputs: {}, existing: [] },
    prior: {
      format: 1,
      stack: "fleet",
      world: WORLD,
      lineage: "11111111-1111-4111-8111-111111111111",
      serial: 7,
      resources: Object.fromEntries(machines.map((each, index) => [each.address, stateOf(each, index, digest)])),
      outputs: {},
    },
    live: {
      world: WORLD,
      capabilities: { version: "2.2.3", limits: true, isolation: true, cloneNeedsStop: false },
      machines: machines.map(factsOf),
      settings: {},
      probes: {},
      inside: {},
      archives: {},
      claims: {},
      observedAt: 1_800_000_000_000,
    },
  };
}

/** The machine at an index: 0 is the image the others are cloned from. */
export function desiredMachine(index: number): DesiredMachine {
  return index > 0 ? cloneOf(index, BASE) : imageMachine(index);
}

/** A stopped machine made from an image. */
function imageMachine(index: number): DesiredMachine {
  return {
    type: "machine",
    address: addressOf(index),
    name: `m${index}`,
    origin: { kind: "image", distro: "alpine" },
    settings: { cpus: 2, memoryMiB: 1024 },
    power: "stopped",
    default: false,
    identity: "keep",
    ready: { kind: "answers", timeoutMs: 60_000 },
    labels: { team: "web" },
    groups: [],
    lifecycle: DEFAULT_LIFECYCLE,
    dependencies: [],
  };
}

function cloneOf(index: number, source: Address): DesiredMachine {
  const origin = { kind: "clone", of: { kind: "address", address: source } } as const;
  return { ...imageMachine(index), origin, dependencies: [source] };
}

/** How the machines of a fleet hang together. */
export type Shape = "independent" | "chained" | "cloned";

/**
 * Machines to be made: each from an image by itself, each from an image after the one before it, or each a clone of the
 * one before it. The first two shapes run at the end; clones' sources stay stopped.
 */
export function fleetToMake(count: number, shape: Shape): readonly DesiredMachine[] {
  return Array.from({ length: count }, (_, index) => machineToMake(index, shape)).toSorted(byAddress);
}

function machineToMake(index: number, shape: Shape): DesiredMachine {
  if (shape === "cloned") return index > 0 ? cloneOf(index, addressOf(index - 1)) : imageMachine(index);
  const after = shape === "chained" && index > 0 ? [addressOf(index - 1)] : [];
  return { ...imageMachine(index), power: "running", dependencies: after };
}

function addressOf(index: number): Address {
  return address("machine", `m${index}`);
}

const BASE = addressOf(0);

function byAddress(a: DesiredMachine, b: DesiredMachine): number {
  return a.address < b.address ? -1 : 1;
}

function idOf(index: number): string {
  return `01K${String(index).padStart(23, "0")}`;
}

function stateOf(desired: DesiredMachine, index: number, digest: Digest): ResourceState {
  const inputs = machineInputs(desired, () => undefined, digest);
  if (inputs === undefined) throw new Error("a fleet's machines hold no references");
  const settings = factsOf(desired, index).settings;
  return {
    type: "machine",
    revision: 1,
    lifecycle: desired.lifecycle,
    dependencies: desired.dependencies,
    id: machineId(idOf(index)),
    name: desired.name,
    inputs,
    made: settings,
    seen: { settings, power: "stopped", image: IMAGE },
    status: "ready",
  };
}

function factsOf(desired: DesiredMachine, index: number): MachineFacts {
  return {
    id: machineId(idOf(index)),
    name: desired.name,
    state: "stopped",
    image: IMAGE,
    builtin: false,
    settings: { ...SETTING_DEFAULTS, user: "dev", cpus: 2, memoryMiB: 1024 },
  };
}
