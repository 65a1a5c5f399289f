import type { Fault } from "./fault.ts";

/** Faults of observing and deciding: identity, recovery, order. */
export const PLAN_FAULTS: readonly Fault[] = [
  {
    name: "no-second-look",
    file: "src/live/observe.ts",
    find: "if (before.size === 0) return first;",
    put: "return first;",
    breaks: "That a recorded machine is gone is believed only after a second list.",
  },
  {
    name: "found-by-name",
    file: "src/plan/standing.ts",
    find: "return prior.id === undefined ? undefined : scene.liveById.get(prior.id);",
    put: "return scene.liveById.get(prior.id) ?? scene.liveByName.get(nameKey(prior.name));",
    breaks: "A machine in state is found by its id only.",
  },
  {
    name: "image-not-compared",
    file: "src/diff/recovery.ts",
    find: 'if (compareImages(wanted, image) === "different") return "it has another image";',
    put: "",
    breaks: "A machine is recovered only if its image is the one that was asked for.",
  },
  {
    name: "dependency-edge-dropped",
    file: "src/graph/order.ts",
    find: "if (ready !== undefined) edges.add(first.id, ready);",
    put: "",
    breaks: "A clone waits for all that is done to its source.",
  },
  {
    name: "own-chain-dropped",
    file: "src/graph/order.ts",
    find: "if (before !== undefined) edges.add(action.id, before.id);",
    put: "",
    breaks: "No two actions on one machine overlap.",
  },
  {
    name: "name-edge-dropped",
    file: "src/graph/names.ts",
    find: 'if (before !== undefined) edges.add(action.id, before, "name");',
    put: "",
    breaks: "A name is taken only after whoever holds it has let go.",
  },
  {
    name: "no-temporary-name",
    file: "src/graph/break-cycles.ts",
    find: "if (name === undefined) return false;",
    put: "return false;",
    breaks: "Machines that swap their names do so over a temporary one.",
  },
  {
    name: "clones-not-one-at-a-time",
    file: "src/graph/clones.ts",
    find: "if (before !== undefined) edges.add(clone.id, before);",
    put: "",
    breaks: "Clones of one source run one at a time.",
  },
  {
    name: "old-deleted-before-new",
    file: "src/plan/create-machine.ts",
    find: "chain: [...before, ...making.chain, ...rename, ...setDefault],",
    put: "chain: [...before, ...rename.slice(0, -1), ...making.chain, ...rename.slice(-1), ...setDefault],",
    breaks: "With createBeforeDestroy the old machine is deleted once the new one is ready.",
  },
];
