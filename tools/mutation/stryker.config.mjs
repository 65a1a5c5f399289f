/** Mutation tests of one area (docs/mutation.md): started by main.mjs, which names the area. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AREAS } from "./areas.mjs";

const area = process.env.ORBFORM_MUTATED ?? "plan";
const reports = `coverage/mutation/${area}`;

export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner", fileURLToPath(new URL("ignore-texts.mjs", import.meta.url))],
  ignorers: ["texts"],
  vitest: { configFile: "tools/mutation/vitest.config.mjs", related: false },
  // TypeScript 7 has no API to read a tsconfig with: Stryker fails unless this names a file that is not there.
  tsconfigFile: "none.json",
  mutate: AREAS[area].mutate,
  coverageAnalysis: "perTest",
  incremental: true,
  incrementalFile: `${reports}.incremental.json`,
  reporters: ["json", "clear-text", "progress-append-only"],
  jsonReporter: { fileName: `${reports}.json` },
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  tempDirName: join(tmpdir(), "orbform-mutation"),
  cleanTempDir: "always",
  ignorePatterns: ["/coverage", "/dist", "/.dist-*", "/docs", "/state", "/.orbform", "/.ci", "/tests/e2e"],
  concurrency: Number(process.env.ORBFORM_MUTATION_WORKERS ?? 2),
  timeoutMS: 3000,
  timeoutFactor: 3,
  thresholds: { high: 95, low: 85, break: 85 },
};
