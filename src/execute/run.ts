import type { Action, ActionId, Target } from "../model/action.ts";
import type { Address } from "../model/address.ts";
import type { Clock } from "../model/clock.ts";
import type { HashText } from "../model/inside-wish.ts";
import type { Digest } from "../model/machine-inputs.ts";
import { ownPackages } from "../model/inside.ts";
import type { MachineId } from "../model/machine.ts";
import type { Plan } from "../model/plan.ts";
import { isInsideResource, type InsideResource, type ResourceState, type Snapshot } from "../model/snapshot.ts";
import type { DesiredInside } from "../model/resource.ts";
import type { Archives } from "../archive/archives.ts";
import type { Driver } from "../driver/driver.ts";
import type { ExecuteEvent } from "../model/execute-event.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Poller } from "./poller.ts";
import type { JournalPort, Recorder } from "./recorder.ts";

/** Who says whose a machine or a setting is. The key is a machine's id or a setting's key. */
export interface ClaimsPort {
  write(key: string, address: Address): Promise<void>;
  remove(key: string): Promise<void>;
}

/** A file of this computer, as it is now. */
export interface SourceFile {
  readonly content: Uint8Array;
  readonly digest: string;
}

/** What carrying out a plan touches of the outside. */
export interface ExecutePorts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly journal: JournalPort;
  readonly claims: ClaimsPort;
  readonly archives: Archives;
  readonly digest: Digest;
  readonly hashText: HashText;
  /** Puts a cloud-init text where the driver can read it, and gives its path. The caller removes it afterwards. */
  readonly writeUserData: (text: string) => Promise<string>;
  /** Reads a source file that is to be put into a machine, and its hex SHA-256; `undefined` where it can't be read. */
  readonly readSource: (path: string) => Promise<SourceFile | undefined>;
  /** What the stack says of a file whose content nobody may see: plans don't hold it. */
  readonly readHidden: (address: Address) => DesiredInside["properties"] | undefined;
}

/** Everything the actions of one run share. */
export interface Run {
  readonly plan: Plan;
  readonly ports: ExecutePorts;
  readonly recorder: Recorder;
  readonly poller: Poller;
  readonly interrupt: Interrupt;
  readonly stopStarting: AbortSignal | undefined;
  readonly stopWaiting: AbortSignal | undefined;
  /** Ids that existed before the run, and those that it made since: a machine with one of them is not newly made. */
  readonly knownIds: Set<string>;
  /** Machines in which this run let programs of theirs work: what is found there since may be their doing. */
  readonly workedIn: Set<MachineId>;
  /** What was to be taken away to be made anew, and was left: it is somebody else's. */
  readonly leftAt: Set<Address>;
  readonly shape: PlanShape;
  /** Of the snapshot that the run began with. */
  readonly serial: number;
  /** Claims being written, by key: nothing waits for them but the end of the run. */
  readonly claiming: Map<string, Promise<void>>;
  readonly emit: (event: ExecuteEvent) => void;
  /** Told when OrbStack seems to be short of addresses or of breath. */
  readonly onOverload: () => void;
}

/** What has to be known of the plan as a whole to carry out one of its actions. Found once, in linear time. */
export interface PlanShape {
  /** How many actions of an address have not succeeded yet. */
  readonly left: Map<Address, number>;
  /** Addresses whose readiness is a start's concern. */
  readonly probedLater: ReadonlySet<Address>;
  /** Stops and starts whose power is given back by a later action of the same machine, and what it was before. */
  readonly returns: ReadonlyMap<ActionId, "running" | "stopped">;
  /** Names that machines end with where they have others on the way: by these they are known to what refers to them. */
  readonly finalNames: ReadonlyMap<Address, string>;
  /** Machines in which something of the state lies: what was begun there may be at work still. Grows as more is made. */
  readonly peopled: Set<MachineId>;
  /** Packages that were installed for this stack, by machine: they are ours whichever resource asks for them now. */
  readonly packages: ReadonlyMap<MachineId, ReadonlySet<string>>;
}

/** Looks through a plan's actions, and what is in state before them, once. */
export function shapeOf(actions: readonly Action[], prior: Snapshot["resources"]): PlanShape {
  const inside = Object.values(prior).flatMap(partsInside);
  const peopled = new Set(inside.map(({ machine }) => machine));
  const left = new Map<Address, number>();
  const probedLater = new Set<Address>();
  const powers = new Map<Address, Action[]>();
  const finalNames = new Map<Address, string>();
  for (const action of actions) {
    left.set(action.address, (left.get(action.address) ?? 0) + 1);
    const starts = action.kind === "start" || action.kind === "restart";
    if (starts && action.ready !== null) probedLater.add(action.address);
    if (action.kind === "rename" && !action.temporary) finalNames.set(action.address, action.to);
    if (action.kind === "stop" || action.kind === "start") push(powers, action);
  }
  const returns = returnsIn(powers, new Map(actions.map((each) => [each.id, each])));
  return { left, probedLater, returns, finalNames, peopled, packages: packagesIn(inside) };
}

/** What state keeps of something inside a machine, and in the one that this one replaces. */
function partsInside(state: ResourceState): readonly InsideResource[] {
  if (!isInsideResource(state)) return [];
  return state.was === undefined ? [state] : [state, state.was];
}

function packagesIn(inside: readonly InsideResource[]): PlanShape["packages"] {
  const packages = new Map<MachineId, ReadonlySet<string>>();
  for (const state of inside) {
    if (state.type !== "packages") continue;
    packages.set(state.machine, new Set([...(packages.get(state.machine) ?? []), ...ownPackages(state)]));
  }
  return packages;
}

/** The id of the machine an action is for: the plan's, else that of the machine made at the address meanwhile. */
export function idOf(run: Run, target: Target): MachineId | undefined {
  if (target.id !== null) return target.id;
  const state = run.recorder.get(target.address);
  return state?.type === "machine" ? state.id : undefined;
}

function push(groups: Map<Address, Action[]>, action: Action): void {
  const group = groups.get(action.address);
  if (group) group.push(action);
  else groups.set(action.address, [action]);
}

/** A stop that a start of the same machine comes after was only on the way, and the other way round. */
function returnsIn(
  powers: ReadonlyMap<Address, readonly Action[]>,
  byId: ReadonlyMap<ActionId, Action>,
): ReadonlyMap<ActionId, "running" | "stopped"> {
  const returns = new Map<ActionId, "running" | "stopped">();
  for (const group of powers.values()) {
    for (const later of group) {
      const earlier = group.find((each) => each.kind !== later.kind && comesAfter(later, each, byId));
      if (earlier) returns.set(earlier.id, earlier.kind === "stop" ? "running" : "stopped");
    }
  }
  return returns;
}

function comesAfter(later: Action, earlier: Action, byId: ReadonlyMap<ActionId, Action>): boolean {
  const seen = new Set<ActionId>();
  const reached = [...later.after];
  for (let id = reached.pop(); id !== undefined; id = reached.pop()) {
    if (id === earlier.id) return true;
    const action = byId.get(id);
    // Only along the same machine's chain: that is short, the whole graph is not.
    if (!action || action.address !== later.address || seen.has(id)) continue;
    seen.add(id);
    reached.push(...action.after);
  }
  return false;
}
