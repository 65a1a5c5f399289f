import { INSIDE_TYPES } from "../model/inside.ts";
import { archiveState } from "./plan-shape-archive.ts";
import { insideState } from "./plan-shape-inside.ts";
import { plainValue } from "./plan-shape-values.ts";
import {
  byField,
  count,
  flag,
  json,
  list,
  loose,
  mapOf,
  named,
  nonNegative,
  nullOr,
  number,
  oneOf,
  text,
  word,
  type Check,
  type Fields,
} from "./shape.ts";

/** Settings of a machine as they were seen. */
export function machineSettings(): Fields {
  const numbers = { cpus: number, memoryMiB: number, diskBytes: number, httpPort: number, httpsPort: number };
  const flags = { isolated: flag, isolateNetwork: flag, forwardSshAgent: flag };
  return { ...numbers, ...flags, user: text, mounts: list(text) };
}

/** How a resource lives. */
export function lifecycleShape(): Fields {
  return {
    preventDestroy: flag,
    ignoreChanges: list(text),
    replaceWhen: list(plainValue),
    createBeforeDestroy: flag,
    aliases: list(text),
    retain: flag,
    timeoutsMs: mapOf(text, nonNegative),
    retries: count,
  };
}

/** As a snapshot has it: with keys that a later version may have left there. */
export function stateShape(): Check {
  return named("state", stateFields);
}

function stateFields(): Check {
  const lifecycle = named("state_lifecycle", () => loose(lifecycleShape()));
  const own = { type: text, revision: count, lifecycle, dependencies: list(text) };
  const inside = named("inside_state", () => insideState(own));
  return byField("type", {
    machine: machineState(own),
    setting: loose(
      { ...own, inputs: loose({ key: text, value: json, onRemove: text }), original: nullOr(text), seen: text },
      { got: text },
    ),
    archive: archiveState(own),
    ...Object.fromEntries(INSIDE_TYPES.map((type) => [type, inside])),
  });
}

function machineState(own: Fields): Check {
  const settings = named("machine_settings", () => loose({}, machineSettings()));
  const asked = { name: text, origin: loose({}), settings: loose({}), ready: loose({}), labels: mapOf(text, text) };
  const inputs = loose(asked);
  const image = loose({ distro: text, version: text, arch: text, variant: text });
  const seen = loose({ settings, power: text, image });
  const pending = { action: oneOf("create", "clone", "restore"), name: text, at: number, timeoutMs: nonNegative };
  return loose(
    { ...own, name: text, inputs, made: settings, seen, status: oneOf("ready", "unready") },
    {
      id: word,
      clamped: settings,
      unready: loose({ reason: oneOf("timed out", "interrupted", "failed"), detail: text }, { byHand: oneOf(true) }),
      restartPending: oneOf(true),
      identityOwed: oneOf(true),
      deposed: list(loose({ id: word, name: text }, { was: stateShape() })),
      halfDeleted: text,
      returnTo: oneOf("running", "stopped"),
      pending: loose({ ...pending, expected: loose({}), knownIds: list(text) }, { inputs }),
    },
  );
}
