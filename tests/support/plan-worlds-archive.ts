import * as fc from "fast-check";
import type { ArchiveFacts, RetentionPolicy } from "../../src/model/archive.ts";
import { DEFAULT_LIFECYCLE } from "../../src/model/lifecycle.ts";
import type { DesiredArchive, DesiredMachine } from "../../src/model/resource.ts";
import type { ArchiveResource, ResourceState } from "../../src/model/snapshot.ts";
import { archiveState, at, desiredArchive } from "./plan-builders.ts";
import { among, mostly, nearlyAlways } from "./plan-worlds-chance.ts";
import type { Kind } from "./plan-worlds.ts";

/** One archive: how it stands in the stack, in state and in its folder. */
export interface ArchiveSlot {
  readonly desired: boolean;
  readonly inState: "made" | "never made" | "not";
  /** Which machine it is of, which it was of, which its triggers speak of, and which needs it. */
  readonly of: number;
  readonly was: number;
  readonly watches: number | null;
  readonly neededBy: number | null;
  readonly dir: "a" | "b";
  readonly keep: RetentionPolicy | null;
  readonly trigger: "1" | "2" | null;
  readonly facts: "whole" | "missing" | "damaged" | "another digest" | "not looked at";
  readonly unfinished: boolean;
  readonly moved: boolean;
  readonly ignored: boolean;
  readonly prevent: boolean;
  readonly retain: boolean;
}

/** Draws an archive of one of some machines. */
export function archiveSlot({ calm }: Kind, machines: number): fc.Arbitrary<ArchiveSlot> {
  const one = fc.nat(machines - 1);
  return fc.record<ArchiveSlot>({
    desired: fc.boolean(),
    inState: among("made", "not", "never made"),
    of: one,
    was: one,
    watches: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one }),
    neededBy: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one }),
    dir: mostly("a", "b"),
    keep: among<RetentionPolicy | null>(null, { last: 1 }, { daily: 2, weekly: 3 }),
    trigger: among(null, "1", "2"),
    facts: mostly<ArchiveSlot["facts"]>("whole", "missing", "damaged", "another digest", "not looked at"),
    unfinished: mostly(false, true),
    moved: mostly(false, true),
    ignored: mostly(false, true),
    prevent: calm ? nearlyAlways(false, true) : mostly(false, true),
    retain: mostly(false, true),
  });
}

/** What archives are in the three worlds, and the machines with what they need of them. */
interface ArchiveWorld {
  readonly desired: readonly DesiredArchive[];
  readonly machines: readonly DesiredMachine[];
  readonly prior: { readonly [key: string]: ArchiveResource };
  readonly live: { readonly [address: string]: ArchiveFacts };
}

interface Machines {
  readonly desired: readonly DesiredMachine[];
  readonly prior: { readonly [key: string]: ResourceState };
}

/** Puts slots into the worlds, beside machines. */
export function worldOfArchives(slots: readonly ArchiveSlot[], machines: Machines): ArchiveWorld {
  const desired: DesiredArchive[] = [];
  const prior: { [key: string]: ArchiveResource } = {};
  const live: { [address: string]: ArchiveFacts } = {};
  const needs = new Map<string, DesiredArchive>();
  for (const [index, slot] of slots.entries()) {
    const wanted = wantedOf(index, slot, machines.desired);
    if (slot.desired && wanted !== undefined) {
      desired.push(wanted);
      if (slot.neededBy !== null) needs.set(at(`m${slot.neededBy}`), wanted);
    }
    const state = stateOf(index, slot, machines);
    if (state === undefined) continue;
    const old = slot.moved ? `archive.old${index}` : `archive.x${index}`;
    prior[old] = state;
    const facts = factsOf(slot, state);
    if (facts !== undefined) live[old] = facts;
  }
  return { desired, machines: machines.desired.map((each) => needing(each, needs.get(each.address))), prior, live };
}

function wantedOf(index: number, slot: ArchiveSlot, machines: readonly DesiredMachine[]): DesiredArchive | undefined {
  const of = machines[slot.of % Math.max(1, machines.length)]?.address;
  const watched = slot.watches === null ? undefined : machines[slot.watches]?.address;
  if (of === undefined) return undefined;
  const reference = { "~orbform": "ref", property: "id" } as const;
  const triggers = watched === undefined ? slot.trigger : { ...reference, address: watched };
  return desiredArchive(`x${index}`, of, {
    dir: slot.dir,
    ...(slot.keep !== null && { keep: slot.keep }),
    ...(triggers !== null && { triggers }),
    lifecycle: {
      ...DEFAULT_LIFECYCLE,
      preventDestroy: slot.prevent,
      retain: slot.retain,
      ignoreChanges: slot.ignored ? ["keep", "triggers"] : [],
      aliases: [at(`archive.old${index}`)],
    },
    dependencies: [...new Set([of, ...(watched === undefined ? [] : [watched])])].toSorted(),
  });
}

function stateOf(index: number, slot: ArchiveSlot, { prior, desired }: Machines): ArchiveResource | undefined {
  const known = prior[`m${slot.was}`];
  const machine = known?.type === "machine" ? known : undefined;
  const wanted = wantedOf(index, { ...slot, of: slot.was, dir: "a", trigger: "1", watches: null }, desired);
  if (slot.inState === "not" || machine?.id === undefined || wanted === undefined) return undefined;
  const state = archiveState(
    { ...wanted, of: at(`m${slot.was}`), dependencies: [at(`m${slot.was}`)] },
    { id: machine.id, name: machine.name },
  );
  const unfinished = slot.unfinished ? { unfinished: true as const } : {};
  if (slot.inState === "made") return { ...state, ...unfinished };
  const { made: _made, ...never } = state;
  return { ...never, ...unfinished };
}

function factsOf({ facts }: ArchiveSlot, { made }: ArchiveResource): ArchiveFacts | undefined {
  if (made === undefined || facts === "not looked at") return undefined;
  const { sizeBytes, sha256: recorded } = made;
  if (facts === "missing") return { status: "missing", folder: true };
  if (facts === "damaged") return { status: "found", sizeBytes: sizeBytes + 1, recorded };
  return { status: "found", sizeBytes, recorded: facts === "whole" ? recorded : "f".repeat(64) };
}

function needing(machine: DesiredMachine, archive: DesiredArchive | undefined): DesiredMachine {
  if (archive === undefined || archive.dependencies.includes(machine.address)) return machine;
  return { ...machine, dependencies: [...machine.dependencies, archive.address].toSorted() };
}
