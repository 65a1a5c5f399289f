import { nameKey, type MachineDetails } from "../model/machine.ts";
import type { PendingIntent } from "../model/snapshot.ts";

/** Clocks of the Mac and of what makes ids may differ by this much. */
const SLACK_MS = 120_000;

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Whether a machine that stands where an attempt of ours may have made one is ours: its id was not known before, the
 * id's time lies in the attempt, and it looks as the intent says. What can't be told doesn't speak against it.
 */
export function looksLikeOurs(machine: MachineDetails, pending: PendingIntent, knownIds: ReadonlySet<string>): boolean {
  return (
    nameKey(machine.name) === nameKey(pending.name) &&
    !machine.builtin &&
    !knownIds.has(machine.id) &&
    isWithin(machine.id, pending) &&
    isAsExpected(machine, pending.expected)
  );
}

/** When an id was given out (epoch ms), or `undefined` where it is no ULID. The first ten characters tell. */
function idTime(id: string): number | undefined {
  if (id.length !== 26) return undefined;
  let time = 0;
  for (const character of id.slice(0, 10).toUpperCase()) {
    const digit = CROCKFORD.indexOf(character);
    if (digit < 0) return undefined;
    time = time * 32 + digit;
  }
  return time;
}

function isWithin(id: string, { action, at, timeoutMs }: PendingIntent): boolean {
  // A restored machine may keep the id it was exported with.
  if (action === "restore") return true;
  const time = idTime(id);
  return time === undefined || (time >= at - SLACK_MS && time <= at + timeoutMs + SLACK_MS);
}

function isAsExpected({ image, settings }: MachineDetails, expected: PendingIntent["expected"]): boolean {
  return (
    (expected.distro === undefined || sameDistro(expected.distro, image.distro)) &&
    (expected.arch === undefined || image.arch === "" || expected.arch === image.arch) &&
    (expected.user === undefined || settings.user === undefined || expected.user === settings.user)
  );
}

/** `create` takes `alma`, `arch`, `void`, `rocky`; OrbStack then says `almalinux` and so on (contract 7.1). */
function sameDistro(word: string, stored: string): boolean {
  return stored === "" || stored === word || stored === `${word}linux`;
}
