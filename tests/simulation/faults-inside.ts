import type { Fault } from "./fault.ts";

const LEFT = "something of ours was left inside";
const STALE = "a service does not run with what it was to be restarted for";
const OTHERWISE = "what lies inside is not what the stack asks for";

/** Faults of what lies inside machines. */
export const INSIDE_FAULTS: readonly Fault[] = [
  {
    name: "unfinished-has-old-revision",
    file: "src/model/inside-kept.ts",
    find: "return { ...kept(begin, withFormer(begin)), unfinished: true };",
    put: "return { ...kept(begin, withFormer(begin)), revision: begin.prior?.revision ?? 0, unfinished: true };",
    breaks: "A service is restarted for what a dead run may have changed.",
    laws: [STALE],
  },
  {
    name: "restart-only-in-the-same-run",
    file: "src/plan/decide-inside.ts",
    find: "return desk.insideChanged.has(address) || (here !== undefined && here.startedWith?.[address] !== revision);",
    put: "void revision; return desk.insideChanged.has(address);",
    breaks: "A restart that a run didn't come to is made up for by the next.",
    laws: [STALE],
  },
  {
    name: "former-packages-forgotten",
    file: "src/model/inside-kept.ts",
    find: "return { ...inputs, install: { ...prior.inputs.install, ...inputs.install } };",
    put: "return inputs;",
    breaks: "Packages that a dead run was to remove are still known to be ours.",
    laws: [LEFT],
  },
  {
    name: "what-stood-there-overwritten",
    file: "src/model/inside-kept.ts",
    find: "if (prior === undefined || !isSameInside(prior.inputs, inputs)) return",
    put: "if (true) return",
    breaks: "What stood there before the first change is never overwritten.",
    laws: [LEFT],
  },
  {
    name: "half-made-is-a-strangers",
    file: "src/execute/perform-inside.ts",
    find: "return unfinished === true ? isWritten || isSeen : isWritten && isSeen;",
    put: "void unfinished; return isWritten && isSeen;",
    breaks: "A file that a dead run wrote is ours to take away.",
    laws: [LEFT],
  },
  {
    name: "taken-away-whatever-it-holds",
    file: "src/execute/perform-inside.ts",
    find: "if (!isOurs(state, facts)) {",
    put: "if (false) {",
    breaks: "A file that somebody changed since is left.",
    laws: ["what somebody else wrote inside was taken away"],
  },
  {
    name: "written-over-unseen",
    file: "src/execute/perform-inside.ts",
    find: "refuseStale(step, wish, before);",
    put: "",
    breaks: "A file that somebody changed since the plan was made is not written over.",
    laws: ["what somebody else wrote inside since the plan was written over"],
  },
  {
    name: "begun-command-counts-as-run",
    file: "src/diff/inside.ts",
    find: 'prior?.inputs.type === "command" && prior.unfinished !== true ? prior.inputs : undefined',
    put: 'prior?.inputs.type === "command" ? prior.inputs : undefined',
    breaks: "A command whose end nobody heard of is run again.",
    laws: [OTHERWISE],
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
  {
    name: "another-machine-is-the-same",
    file: "src/plan/decide-inside.ts",
    find: "prior !== undefined && prior.machine === site.machine ? prior : undefined",
    put: "prior",
    breaks: "What lies inside is applied again in the machine that replaces its own.",
    laws: [OTHERWISE, "an apply that went well left something to do", "it does not converge"],
  },
];
