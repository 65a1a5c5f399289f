import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";
import { AREAS } from "./areas.mjs";

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
      testTimeout: 5000,
    },
  }),
);
