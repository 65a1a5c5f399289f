import { isSettled, SETTING_KEYS, type MachineFacts } from "../model/machine.ts";
import { sameJson } from "../model/same-json.ts";
import type { MachineResource, PendingIntent } from "../model/snapshot.ts";
import { alone } from "../model/succession.ts";

/** What of live a machine's state is refreshed from. */
export interface Seen {
  /** Its machine; `undefined` = gone. */
  readonly machine: MachineFacts | undefined;
  /** It was just found for a creation whose outcome was unknown. */
  readonly recovered: boolean;
  /** The verdict of the probe that an unready machine got at observation. */
  readonly probe: "ready" | "not ready" | undefined;
  readonly find: (id: string) => MachineFacts | undefined;
}

/**
 * Folds live into a machine's state: what it is called, how it is set, what of interrupted work is over. The revision
 * rises by one where anything differs. `undefined` where nothing is left of it.
 */
export function refresh(prior: MachineResource, seen: Seen): MachineResource | undefined {
  if (isAsSeen(prior, seen)) return prior;
  const deposed = deposedNow(prior, seen);
  if (seen.machine === undefined && deposed.length === 0) return undefined;
  const { deposed: _deposed, pending, ...known } = prior;
  const rest = seen.recovered && pending !== undefined ? newborn(known, pending) : known;
  const base: MachineResource = deposed.length > 0 ? { ...rest, deposed } : rest;
  const fresh = seen.machine === undefined ? withoutMachine(base) : withMachine(base, seen.machine, seen);
  return sameJson(fresh, prior) ? prior : { ...fresh, revision: prior.revision + 1 };
}

/** Nearly always: no work on it was interrupted, and it is as it was. Then nothing is made only to be compared. */
function isAsSeen(prior: MachineResource, { machine, recovered }: Seen): boolean {
  if (machine === undefined || recovered || prior.status !== "ready" || isInterrupted(prior)) return false;
  const { settings, power, image } = prior.seen;
  for (const key of SETTING_KEYS) {
    if (machine.settings[key] !== undefined && !sameJson(machine.settings[key], settings[key])) return false;
  }
  const isPowerSame = power === machine.state || !isSettled(machine.state);
  return prior.id === machine.id && prior.name === machine.name && isPowerSame && sameJson(image, machine.image);
}

function isInterrupted(state: MachineResource): boolean {
  const { deposed, pending, unready, halfDeleted, returnTo } = state;
  const isWhole = deposed === undefined && pending === undefined && unready === undefined && halfDeleted === undefined;
  return !isWhole || returnTo !== undefined || state.restartPending !== undefined;
}

/** A machine that was just found: what was known of another at the address, which it replaces, is not true of it. */
function newborn(prior: MachineResource, pending: PendingIntent): MachineResource {
  const { clamped: _clamped, addresses: _addresses, unready: _unready, restartPending: _restart, ...rest } = prior;
  const { halfDeleted: _half, returnTo: _power, identityOwed: _owed, ...born } = rest;
  const inputs = pending.inputs ?? prior.inputs;
  return { ...born, inputs, ...(inputs.identity === "fresh" && { identityOwed: true }) };
}

const NONE: readonly never[] = [];

/** A predecessor outlives the machine that replaced it: an interrupted replacement that was itself replaced. */
function deposedNow(
  prior: MachineResource,
  { machine, recovered, find }: Seen,
): NonNullable<MachineResource["deposed"]> {
  if (prior.deposed === undefined && !recovered) return NONE;
  const replaced =
    recovered && prior.id !== undefined && prior.id !== machine?.id
      ? [{ id: prior.id, name: prior.name, was: alone(prior) }]
      : [];
  const known = [...(prior.deposed ?? []), ...replaced];
  return known.flatMap((each) => {
    const live = find(each.id);
    return live === undefined ? [] : [{ ...each, name: live.name }];
  });
}

function withoutMachine(state: MachineResource): MachineResource {
  const { id: _id, halfDeleted: _half, returnTo: _power, restartPending: _restart, ...rest } = state;
  const { identityOwed: _owed, ...left } = rest;
  return left;
}

function withMachine(state: MachineResource, machine: MachineFacts, seen: Seen): MachineResource {
  const { unready, restartPending, halfDeleted, returnTo, status: _status, ...rest } = state;
  const settled = isSettled(machine.state);
  const isReady = seen.recovered
    ? state.inputs.power === "stopped"
    : state.status === "ready" || seen.probe === "ready";
  const known = unready ?? { reason: "interrupted" as const, detail: "The run that made it ended before it answered." };
  return {
    ...rest,
    id: machine.id,
    name: machine.name,
    ...(seen.recovered && { made: machine.settings }),
    seen: {
      settings: seen.recovered ? machine.settings : { ...state.seen.settings, ...machine.settings },
      power: settled ? machine.state : state.seen.power,
      image: machine.image,
    },
    status: isReady ? "ready" : "unready",
    ...(!isReady && { unready: known }),
    ...(restartPending && machine.state !== "stopped" && { restartPending }),
    ...(halfDeleted !== undefined && halfDeleted === machine.name && { halfDeleted }),
    ...(returnTo !== undefined && returnTo !== machine.state && { returnTo }),
  };
}
