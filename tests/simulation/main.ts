/**
 * `npm run simulate -- --seeds N [--from SEED] [--jobs N] [--trace]`: many stories, each decided by its seed.
 * `npm run simulate -- --faults` or `--fault NAME` `[--seeds 500] [--all-seeds]`: the same with deliberate faults in the
 * engine, each until a seed finds it; with `--all-seeds` all of them, to count those that do.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { findFaults } from "./find-faults.ts";
import { runSeeds } from "./run-seeds.ts";
import { tell } from "./story.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    jobs: { type: "string", default: String(availableParallelism()) },
    trace: { type: "boolean" },
    fault: { type: "string" },
    faults: { type: "boolean" },
    "all-seeds": { type: "boolean" },
  },
});
if (values.faults || values.fault !== undefined) {
  const search = { seeds: Number(values.seeds ?? 500), isFirstEnough: values["all-seeds"] !== true };
  process.exit((await findFaults(values.fault, search)) ? 0 : 1);
}
const from = Number(values.from);
const seeds = Number(values.seeds ?? 1000);
if (values.trace)
  for (let seed = from; seed < from + seeds; seed += 1) console.log((await tell(seed)).trace.join("\n"));
const began = performance.now();
const broken = await runSeeds({ from, seeds, jobs: Number(values.jobs) }, ({ seed, violation: { law, detail } }) => {
  console.log(`seed ${seed}: ${law}: ${detail.slice(0, 400)}`);
  console.log(`  replay: npm run simulate -- --trace --seeds 1 --from ${seed}`);
});
const each = ((performance.now() - began) / seeds).toFixed(1);
console.log(
  `seeds ${from} to ${from + seeds - 1}: ${broken === 0 ? "no law broken" : `${broken} broke a law`} (${each} ms each)`,
);
process.exitCode = broken > 0 ? 1 : 0;
