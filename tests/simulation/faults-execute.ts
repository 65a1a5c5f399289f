import type { Fault } from "./fault.ts";

/** Faults of carrying out, and of taking over what a dead run left. */
export const EXECUTE_FAULTS: readonly Fault[] = [
  {
    name: "intent-not-awaited",
    file: "src/execute/step.ts",
    find: "await run.recorder.intent({ ...intent, timeoutMs: action.timeoutMs, ...more }, state);",
    put: `void run.recorder
      .intent({ ...intent, timeoutMs: action.timeoutMs, ...more }, state)
      .catch(() => undefined);`,
    breaks: "A client is let go only once its intent is on disk.",
  },
  {
    name: "second-child-not-recorded",
    file: "src/execute/step.ts",
    find: "if (child) await run.recorder.child(action.id, child);",
    put: "",
    breaks: "Every process of an action is recorded, not only its first.",
  },
  {
    name: "dead-runs-children-not-waited-for",
    file: "src/execute/recover-run.ts",
    find: "await endChildren(ports, left, { tell, signal });",
    put: "",
    breaks: "Processes that a dead run left at work are waited for before anything is observed.",
  },
  {
    name: "overdue-children-left-running",
    file: "src/execute/recover-run.ts",
    find: "for (const child of late) if (await processes.stop(child)) tell(",
    put: "for (const child of late) if (false) tell(",
    breaks: "A process of a dead run that is over its time does no more once its work is looked for.",
  },
  {
    name: "interrupt-closes-intents",
    file: "src/execute/carry-out.ts",
    find: "if (run.interrupt.aborted) {",
    put: "if (false) {",
    breaks: "What is under way at a second interrupt stays written down as unknown.",
  },
  {
    name: "interrupt-removes-journal",
    file: "src/engine.ts",
    find: "if (request.stopWaiting?.aborted === true) {",
    put: "if (false) {",
    breaks: "After a second interrupt the journal stays, with the processes that are still at work.",
  },
  {
    name: "lock-released-with-clients-at-work",
    file: "src/engine.ts",
    find: "if (request.stopWaiting?.aborted !== true) await lock.release();",
    put: "await lock.release();",
    breaks: "After a second interrupt the lock stays while clients are at work.",
  },
  {
    name: "made-again-blindly",
    file: "src/execute/perform-make.ts",
    find: "const found = step.isUncertain ? await findOurs(step, name, pending) : undefined;",
    put: "const found = undefined;",
    breaks: "After an unknown outcome it is looked for what was made before it is made again.",
  },
  {
    name: "nothing-seen-is-nothing-made",
    file: "src/execute/step.ts",
    find: "if (!this.#mayAppear) this.#isUncertain = false;",
    put: "this.#isUncertain = false;",
    breaks: "A machine whose answer was lost may still appear, though it is not seen yet.",
  },
  {
    name: "unknown-is-failed",
    file: "src/execute/carry-out.ts",
    find: "const isUnknown = step.wasBegun && isOpen;",
    put: "const isUnknown = false;",
    breaks: "An outcome that is not known is not taken for a failure.",
  },
  {
    name: "exists-is-made",
    file: "src/execute/retry.ts",
    find: 'if (!uncertain) return "taken";',
    put: 'if (!uncertain) return "done";',
    breaks: '"already exists" on a first attempt is somebody else\'s machine, not success.',
  },
  {
    name: "deleted-by-plain-name",
    file: "src/execute/perform-delete.ts",
    find: "const name = safeName(action.temporaryName);",
    put: "const name = safeName(machine.name);",
    breaks: "A machine is deleted under a name that nobody else has, which it was given by its id.",
  },
  {
    name: "original-overwritten",
    file: "src/execute/perform-setting.ts",
    find: "return before === undefined ? ((await valueNow(step)) ?? null) : before.original;",
    put: "return (await valueNow(step)) ?? null;",
    breaks: "The value that a setting had before the first set is never overwritten.",
  },
  {
    name: "anothers-setting-put-back",
    file: "src/plan/removed-setting.ts",
    find: "if (!isOurs(prior, before)) return forget(",
    put: "if (false) return forget(",
    breaks: "A setting that somebody else changed since is left.",
  },
];
