import { addressParts, type Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { byCodeUnit } from "../graph/dag.ts";
import { pairAlike } from "./alike.ts";
import type { Decision } from "./decision.ts";
import type { Desk } from "./desk.ts";
import { wishedSignatures, knownSignatures, type Signatures } from "./signatures.ts";

/** How many get a warning of their own; a renamed component may hold hundreds. */
const TOLD_APART = 20;

/**
 * Warnings where one resource leaves the stack and another one comes that looks like it: more likely a key that was
 * renamed than a machine that is not wanted any more. Changes nothing that is done. Costs one look at each decision where
 * nothing leaves, and a look at each new resource where something does.
 */
export function looksMoved(desk: Desk, decisions: readonly Decision[]): readonly Diagnostic[] {
  const pairs = pairsIn(desk, decisions);
  const told = pairs.slice(0, TOLD_APART).map((pair) => suggestion(desk, pair));
  return pairs.length <= TOLD_APART ? told : [...told, others(pairs.slice(TOLD_APART))];
}

type Pair = readonly [from: Address, to: Address];

/** Machines first: what lies in them, and what is exported of them, moves with them. */
function pairsIn(desk: Desk, decisions: readonly Decision[]): readonly Pair[] {
  if (!decisions.some(leaves)) return [];
  const { scene } = desk;
  const coming = scene.order.filter((address) => !scene.prior.has(address) && scene.isSelected(address));
  const isMachine = (address: Address): boolean => scene.desired.get(address)?.type === "machine";
  const machines = pairsOf(desk, { leaving: decisions.filter(leaves), coming: coming.filter(isMachine), moved: NONE });
  const moved = new Map(machines);
  const leaving = decisions.filter((each) => leaves(each) || leavesWith(desk, each, moved));
  const rest = pairsOf(desk, { leaving, coming: coming.filter((each) => !isMachine(each)), moved });
  return [...machines, ...rest].toSorted(([left], [right]) => byCodeUnit(left, right));
}

const NONE: ReadonlyMap<Address, Address> = new Map();

/** It is to be deleted, or would be if it were not protected. */
function leaves({ change, diagnostics }: Decision): boolean {
  if (change !== undefined) return change.action === "delete" && change.reason === "delete: not in stack";
  return diagnostics.some(({ code }) => code === "ORB_PREVENT_DESTROY");
}

/** It goes with the machine that it lies in, if that goes. */
function leavesWith({ scene }: Desk, { address, change }: Decision, moved: ReadonlyMap<Address, Address>): boolean {
  const state = scene.prior.get(address);
  return change?.reason === "forget: kept" && state !== undefined && "on" in state && moved.has(state.on);
}

interface Sides {
  readonly leaving: readonly Decision[];
  readonly coming: readonly Address[];
  /** Machines that are known to have moved. */
  readonly moved: ReadonlyMap<Address, Address>;
}

function pairsOf(desk: Desk, { leaving, coming, moved }: Sides): readonly Pair[] {
  const { scene } = desk;
  const wanted = new Set(coming.map((address) => scene.desired.get(address)?.type));
  const gone = new Map<Address, Signatures>();
  for (const { address } of leaving) {
    const state = scene.prior.get(address);
    const isStack = scene.desired.has(address) || state === undefined || !wanted.has(state.type);
    if (!isStack) gone.set(address, knownSignatures(desk, state, moved));
  }
  if (gone.size === 0) return [];
  const come = new Map<Address, Signatures>();
  for (const address of coming) {
    const desired = scene.desired.get(address);
    if (desired !== undefined) come.set(address, wishedSignatures(desk, desired));
  }
  return pairAlike(gone, come);
}

function suggestion({ scene }: Desk, [from, to]: Pair): Diagnostic {
  const desired = scene.desired.get(to);
  const { type } = addressParts(to);
  return {
    severity: "warning",
    code: "ORB_LOOKS_MOVED",
    summary: "Looks moved, not deleted and made anew",
    detail:
      `${from} is not in the stack any more and ${to} is new, and they look alike. If it is the same ${type} under ` +
      "another address, it can be kept as it is.",
    hint: `To keep it, run: orb state mv ${from} ${to} (or give ${to} the lifecycle { aliases: ["${from}"] })`,
    address: to,
    ...(desired?.place && { place: desired.place }),
  };
}

function others(pairs: readonly Pair[]): Diagnostic {
  return {
    severity: "warning",
    code: "ORB_LOOKS_MOVED",
    summary: "More look moved",
    detail: `So do: ${pairs.map(([from, to]) => `${from} → ${to}`).join(", ")}.`,
    hint: "To keep each, run `orb state mv` with the two addresses, or give the new one the old one as an alias.",
  };
}
