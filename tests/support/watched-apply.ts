import type { Applied } from "../../src/engine-types.ts";
import type { VirtualClock } from "../../src/driver/simulator/virtual-clock.ts";
import type { Happening, Watch } from "../../src/model/happening.ts";
import { engineWorld } from "./engine-world.ts";
import { at, desired, desiredSetting } from "./execute-builders.ts";

/** Everything that happened in an apply in which much happens, and how it came out. */
export interface WatchedApply {
  readonly happenings: readonly Happening[];
  readonly clock: VirtualClock;
  readonly applied: Applied;
}

/**
 * Applies a stack on the virtual clock, as long as it takes in OrbStack: clones that wait for their source and for each
 * other, creates that wait for their turn, one that is tried twice, one that fails and what needs it.
 */
export async function watchedApply(
  watching: (clock: VirtualClock) => Watch = () => () => undefined,
): Promise<WatchedApply> {
  const happenings: Happening[] = [];
  const told: Watch[] = [(happening) => happenings.push(happening)];
  const watch: Watch = (happening) => told.forEach((each) => each(happening));
  const world = engineWorld({ latency: 1, faults: "create-missing-ip:db=1,image-not-found:fedora,list-fail=1", watch });
  told.push(watching(world.clock));
  const of = { kind: "address", address: at("base") } as const;
  const clone = { origin: { kind: "clone", of }, dependencies: [at("base")] } as const;
  const ended = await world.apply(
    [
      desired("bad", { origin: { kind: "image", distro: "fedora" } }),
      desired("base", { power: "stopped" }),
      desired("db"),
      desired("needs-bad", { dependencies: [at("bad")] }),
      desired("web-1", { ...clone, settings: { cpus: 2 } }),
      desired("web-2", clone),
      desiredSetting("memory_mib", 8192),
    ],
    {},
    {
      onEvent: watch,
      onPlan: ({ plan }) => watch({ event: "planned", at: world.clock.now(), plan }),
    },
  );
  if (ended.dead) throw new Error("nothing was to die here");
  return { happenings, clock: world.clock, applied: ended.applied };
}
