import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";
import { BaseSequencer } from "vitest/node";
import { AREAS } from "./areas.mjs";

/** The first test that fails ends a mutant: those that cost least go first, properties last. */
class CheapestFirst extends BaseSequencer {
  async sort(files) {
    const rank = ({ moduleId }) =>
      ["/unit/", "/golden/", "/integration/"].findIndex((each) => moduleId.includes(each)) >>> 0;
    return files.toSorted((left, right) => rank(left) - rank(right) || (left.moduleId < right.moduleId ? -1 : 1));
  }
}

const area = AREAS[process.env.ORBFORM_MUTATED ?? ""];

export default mergeConfig(
  // Merging adds to a list: what the whole suite includes is taken out first.
  { ...base, test: { ...base.test, include: [] } },
  defineConfig({
    resolve: {
      alias: [{ find: /^fast-check$/, replacement: fileURLToPath(new URL("fast-check.mjs", import.meta.url)) }],
    },
    test: {
      include: (area?.tests ?? []).map((each) => `${each.replace(/\/\*\*$/, "/**/*")}.test.ts`),
      isolate: false,
      pool: "threads",
      sequence: { sequencer: CheapestFirst },
      testTimeout: 5000,
    },
  }),
);
