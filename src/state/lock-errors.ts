import { OrbformError } from "../model/errors.ts";
import type { LockInfo } from "./backend.ts";

/** `ORB_STATE_LOCKED`, naming the holder; `info` is absent where the lock file cannot be read. `id` is what unlocks it. */
export function locked(place: string, info: LockInfo | undefined, id: string): OrbformError {
  const holder =
    info === undefined
      ? `The lock file ${id} cannot be read, so whose it is cannot be told.`
      : `\`orb ${info.operation}\` of ${info.who} holds it since ${info.created} (process ${info.pid} on host ${info.hostId}).`;
  return new OrbformError("ORB_STATE_LOCKED", {
    summary: "The state is locked",
    detail: `${holder} Lock ${id}, at ${place}*. Two runs at once could make a machine twice; nothing was done.`,
    hint: `Wait until it has ended. If it surely no longer runs: \`orb state unlock ${id}\`.`,
  });
}

/** `ORB_USAGE`: there is no lock to break. */
export function notLocked(id: string): OrbformError {
  return new OrbformError("ORB_USAGE", {
    summary: "The state is not locked",
    detail: `There is no lock ${JSON.stringify(id)}, and no other: nothing holds this state back.`,
    hint: "Go on: `orb plan`.",
  });
}
