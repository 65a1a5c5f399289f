/** What is mutated, and by which tests each part is judged: quick ones only, so that a mutant costs a second. */

/** @typedef {{ readonly mutate: readonly string[], readonly tests: readonly string[] }} Area */

const journal = ["journal", "reduce", "patch", "never-ran", "codec", "read-prior"];
const scheduler = ["scheduler", "heap", "job-queue", "limits", "retry", "create-throttle", "interrupt"];

/** @type {{ readonly [name: string]: Area }} */
export const AREAS = {
  planner: {
    mutate: ["src/plan/**/*.ts", "src/diff/**/*.ts", "src/graph/**/*.ts"],
    tests: ["tests/unit/{plan,diff,graph}/**", "tests/property/plan/**", "tests/golden/report/plan-scenarios"],
  },
  journal: {
    mutate: journal.map((name) => `src/state/${name}.ts`),
    tests: ["tests/unit/state/**", "tests/property/state/**", "tests/integration/state/journal"],
  },
  scheduler: {
    mutate: scheduler.map((name) => `src/execute/${name}.ts`),
    tests: [`tests/unit/execute/{${scheduler.join(",")}}`, "tests/property/execute/scheduler"],
  },
};
