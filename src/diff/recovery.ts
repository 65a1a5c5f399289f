import { isSettled, type MachineFacts } from "../model/machine.ts";
import type { PendingIntent } from "../model/snapshot.ts";
import { compareImages, sameArch } from "./image.ts";

/** What became of a creation whose outcome was never written down. */
export type Recovery =
  /** This machine is the one. */
  | { readonly kind: "found"; readonly machine: MachineFacts }
  /** It may still appear, or is still on its way: nothing may be made in its place. */
  | { readonly kind: "waiting"; readonly until: number }
  /** A machine has its name, but it can't be told to be ours. */
  | { readonly kind: "unclear"; readonly machine: MachineFacts; readonly why: string }
  /** Nothing was seen, and its time has passed. */
  | { readonly kind: "over" };

/** How far the clock of whoever made an id may be from ours, in milliseconds. */
const LEEWAY_MS = 2 * 60_000;

/**
 * Looks for the machine of an open create, clone or restore. It is ours only if its id was not known before, the id's
 * time fits the intent, and image, architecture and user are the intended ones.
 */
export function recover(pending: PendingIntent, named: MachineFacts | undefined, observedAt: number): Recovery {
  const until = pending.at + pending.timeoutMs;
  if (named === undefined) return observedAt <= until ? { kind: "waiting", until } : { kind: "over" };
  const why = strangeId(pending, named);
  if (why !== undefined) return { kind: "unclear", machine: named, why };
  if (!isSettled(named.state)) return { kind: "waiting", until: Math.max(until, observedAt) };
  const difference = strangeFacts(pending, named);
  return difference === undefined
    ? { kind: "found", machine: named }
    : { kind: "unclear", machine: named, why: difference };
}

/** The time in a ULID, in epoch milliseconds; `undefined` where the id is none. */
export function ulidTime(id: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/i.test(id)) return undefined;
  let time = 0;
  for (const letter of id.slice(0, 10).toUpperCase()) time = time * 32 + CROCKFORD.indexOf(letter);
  return time;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Why a machine can't be told to be the one that an intent announced; `undefined` where it is. The planner asks it of what
 * a dead run left, the executor of what stands there after an attempt of its own: one rule for both.
 */
export function strangeness(pending: PendingIntent, machine: MachineFacts): string | undefined {
  // While it is being made it need not say yet what it is made of: it is waited for first.
  return strangeId(pending, machine) ?? (isSettled(machine.state) ? strangeFacts(pending, machine) : undefined);
}

/**
 * What a machine is made of, where that can't be what was asked for; `undefined` where nothing speaks against it. Its user
 * doesn't: OrbStack may leave the settings of a deleted machine's name behind for the next one of that name.
 */
export function strangeMake({ expected }: PendingIntent, { image, state }: MachineFacts): string | undefined {
  return isSettled(state) ? strangeImage(expected, image) : undefined;
}

function strangeId(pending: PendingIntent, machine: MachineFacts): string | undefined {
  if (pending.knownIds.includes(machine.id)) return "it existed before that run";
  if (pending.action === "restore") return undefined;
  const made = ulidTime(machine.id);
  const [from, to] = [pending.at - LEEWAY_MS, pending.at + pending.timeoutMs + LEEWAY_MS];
  return made !== undefined && made >= from && made <= to ? undefined : "it was not made at that time";
}

function strangeFacts({ expected }: PendingIntent, { image, settings }: MachineFacts): string | undefined {
  const { user } = expected;
  const strangeUser = user !== undefined && settings.user !== undefined && settings.user !== user;
  return strangeImage(expected, image) ?? (strangeUser ? "it has another default user" : undefined);
}

function strangeImage(expected: PendingIntent["expected"], image: MachineFacts["image"]): string | undefined {
  const { distro, version, arch } = expected;
  if (distro !== undefined && image.distro !== "") {
    const wanted = { kind: "image" as const, distro, ...(version !== undefined && { version }) };
    if (compareImages(wanted, image) === "different") return "it has another image";
  }
  return arch !== undefined && !sameArch(arch, image.arch) ? "it has another architecture" : undefined;
}
