import { serviceFailure } from "./failure.ts";
import { checkName, newId, nextHost } from "./naming.ts";
import { NEVER, type Outcome } from "./outcome.ts";
import { isBeingMade, isStuck } from "./power.ts";
import type { Machine } from "./record.ts";
import type { World } from "./world.ts";

/** Milliseconds on the real thing (contract 8: about 1 s). */
const TAKES = 1000;

/**
 * Copies a machine with its files and settings; the copy is born stopped. It shows when it is whole. Clones of one
 * source come one after the other.
 */
export function clone(world: World, source: Machine, name: string): Outcome {
  const prefix = `clone '${source.name}'`;
  checkName(name);
  if (world.byName(name)) throw serviceFailure(`${prefix}: machine already exists: '${name}'`);
  if (isBeingMade(world, source)) {
    throw serviceFailure(`${prefix}: cannot clone machine in state ${world.stateOf(source)}`);
  }
  if (isStuck(source)) return NEVER;
  if (world.faults.on("clone-fails", source.name)) {
    return { until: world.now + world.lasts(TAKES), failure: serviceFailure(`${prefix}: no space left on device`) };
  }
  const slower = Number(world.faults.value("clone-slow", source.name) ?? 0) * 1000;
  const from = Math.max(world.rest(source).at, world.data.cloning[source.id] ?? 0);
  const until = from + world.lasts(TAKES) + slower;
  world.data.cloning[source.id] = until;
  if (until <= world.now) delete world.data.cloning[source.id];
  const copy = copyOf(world, source, { name, until });
  world.add(copy);
  world.copyFiles(source.id, copy.id);
  world.log("clone", copy, source.id);
  return { until };
}

function copyOf(world: World, source: Machine, { name, until }: { name: string; until: number }): Machine {
  return {
    ...source,
    id: newId(world),
    name,
    settings: { ...source.settings },
    phases: [
      { at: world.now, state: "unborn" },
      { at: until, state: "stopped" },
    ],
    boot: 0,
    host: nextHost(world),
    returns: false,
    copied: true,
  };
}
