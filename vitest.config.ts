import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest begins first: a long file that begins last has the processors to itself, and leaves most of them idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rooms = ["tests/simulation/", "tests/e2e/", "tests/contract/", "tests/integration/", "tests/property/"];
    const rank = ({ moduleId }: TestSpecification): number => {
      const room = rooms.findIndex((each) => moduleId.includes(each));
      return room === -1 ? rooms.length : room;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's, not an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { conditions: ["@orbform/source", "node", "import", "default"] },
  ssr: { resolve: { conditions: ["@orbform/source", "node", "import", "default"] } },
  test: {
    include: ["tests/**/*.test.ts"],
    typecheck: { enabled: false },
    pool: "forks",
    maxWorkers: 3,
    maxConcurrency: 3,
    sequence: { sequencer: LongestFirst },
    tags: [{ name: "slow", description: "takes over a second: real processes" }],
    // These only end what hangs. How fast things are is what benchmarks tell, and computers differ by far.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
