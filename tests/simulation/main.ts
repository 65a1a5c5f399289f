/**
 * `npm run simulate -- --seeds N [--from SEED] [--trace]`: many stories, each decided by its seed.
 * `npm run simulate -- --faults` or `--fault NAME` `[--seeds 500] [--all-seeds]`: the same with deliberate faults in the
 * engine, each until a seed finds it; with `--all-seeds` all of them, to count those that do.
 */
import { parseArgs } from "node:util";
import { findFaults } from "./find-faults.ts";
import { tell } from "./story.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
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
const count = Number(values.seeds ?? 1000);
let failed = 0;
const began = performance.now();
for (let seed = from; seed < from + count; seed += 1) {
  const told = await tell(seed);
  if (values.trace) console.log(told.trace.join("\n"));
  if (told.violations.length === 0) continue;
  failed += 1;
  for (const { law, detail } of told.violations.slice(0, 3))
    console.log(`seed ${seed}: ${law}: ${detail.slice(0, 600)}`);
}
console.log(`${count} seeds, ${failed} failed, ${((performance.now() - began) / count).toFixed(1)} ms each`);
process.exitCode = failed > 0 ? 1 : 0;
