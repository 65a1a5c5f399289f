import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@orbform/source", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["@orbform/source", "node", "import", "default"] } },
  test: {
    include: ["tests/**/*.test.ts"],
    typecheck: { enabled: false },
    pool: "forks",
    maxWorkers: 3,
    maxConcurrency: 3,
    tags: [{ name: "slow", description: "takes over a second: real processes" }],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
