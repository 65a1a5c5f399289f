/** What is mutated, and by which tests each part is judged: quick ones only, so that a mutant costs a second. */

/** @typedef {{ readonly mutate: readonly string[], readonly tests: readonly string[] }} Area */

const journal = ["journal", "reduce", "patch", "never-ran", "codec", "read-prior"];
const scheduler = ["scheduler", "heap", "job-queue", "retry", "create-throttle", "interrupt"];
const plans = ["tests/unit/plan/**", "tests/golden/plan/**", "tests/golden/report/plan-scenarios"];

/** @type {{ readonly [name: string]: Area }} */
export const AREAS = {
  plan: { mutate: ["src/plan/*.ts"], tests: [...plans, "tests/property/plan/*"] },
  diff: { mutate: ["src/diff/*.ts"], tests: ["tests/unit/diff/**", ...plans] },
  graph: { mutate: ["src/graph/*.ts"], tests: ["tests/unit/graph/**", ...plans] },
  journal: {
    mutate: journal.map((name) => `src/state/${name}.ts`),
    tests: ["tests/unit/state/**", "tests/property/state/**", "tests/integration/state/journal"],
  },
  scheduler: {
    mutate: [...scheduler.map((name) => `src/execute/${name}.ts`), "src/model/limits.ts"],
    tests: [`tests/unit/execute/{${scheduler.join(",")}}`, "tests/property/execute/scheduler"],
  },
};

/** The planner is three rooms. */
export const PLANNER = ["plan", "diff", "graph"];
