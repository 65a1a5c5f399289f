/** `npm run simulate -- --seeds N [--from SEED]`: many stories, each decided by its seed. */
import { parseArgs } from "node:util";
import { tell } from "./story.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    trace: { type: "boolean" },
  },
});
const from = Number(values.from);
const count = Number(values.seeds);
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
