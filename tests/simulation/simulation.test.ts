import { describe, expect, it } from "vitest";
import { tell } from "./story.ts";

/** Of these 2,000, `npm run simulate` replays any: docs/proof.md. */
const SEEDS = 2000;
const PARTS = 8;

describe("a simulated life of a stack", { tags: ["slow"] }, () => {
  it.each(Array.from({ length: PARTS }, (_, part) => 1 + (part * SEEDS) / PARTS))(
    "breaks no law, whatever befalls it: seeds from %i on",
    async (from) => {
      let deaths = 0;
      const broken: unknown[] = [];
      for (let seed = from; seed < from + SEEDS / PARTS; seed += 1) {
        const told = await tell(seed);
        deaths += told.deaths;
        if (told.violations.length > 0)
          broken.push({ replay: `npm run simulate -- --trace --from ${seed} --seeds 1`, ...told.violations[0] });
      }
      expect(broken).toEqual([]);
      expect(deaths, "each dies about twice").toBeGreaterThan(SEEDS / PARTS);
    },
  );

  it("is the same to the letter when it is told again", async () => {
    for (const seed of [3, 42, 1384]) expect((await tell(seed)).trace).toEqual((await tell(seed)).trace);
  });
});
