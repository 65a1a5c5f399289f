import type { Fault } from "./fault.ts";

/** Faults of what lies inside machines. */
export const INSIDE_FAULTS: readonly Fault[] = [
  {
    name: "what-stood-there-overwritten",
    file: "src/model/inside-kept.ts",
    find: "if (prior === undefined || !isSameInside(prior.inputs, inputs)) return",
    put: "if (true) return",
    breaks: "What stood there before the first change is never overwritten.",
    laws: ["something of ours was left inside"],
  },
  {
    name: "inside-side-by-side",
    file: "src/graph/inside.ts",
    find: 'if (before !== undefined) edges.add(id, before, "turn");',
    put: "",
    breaks: "Inside one machine one thing is done at a time.",
    laws: [
      "a client was let go while another was under way for its machine",
      "two clients worked on one machine at the same time",
    ],
  },
  {
    name: "cloned-before-its-inside",
    file: "src/graph/inside.ts",
    find: 'for (const { id } of actions) edges.add(action.id, id, "soft");',
    put: "",
    breaks: "A machine is cloned once what lies inside it is done.",
    laws: [
      "a client was let go while another was under way for its machine",
      "two clients worked on one machine at the same time",
    ],
  },
];
