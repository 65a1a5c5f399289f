/** Tells stories, each decided by its seed, and says which broke a law: docs/proof.md. */
import { availableParallelism } from "node:os";
import { oneOf, readArguments, refuse, wholeNumber } from "../support/read-arguments.ts";
import { FAULTS } from "./faults.ts";
import { findFaults } from "./find-faults.ts";
import { runSeeds } from "./run-seeds.ts";
import { tell } from "./story.ts";

const USAGE = `npm run simulate -- [--seeds 1000] [--from 1] [--jobs N] [--trace]
  Tells stories, each decided by its seed, and says which broke a law. --trace prints what happens in each (one, unless
  --seeds says more).
npm run simulate -- --faults | --fault NAME [--seeds 500] [--all-seeds]
  The same with deliberate faults in the engine, each until a seed finds it, from seed 1 on; with --all-seeds all of
  them, to count those that do. Faults, and what no longer holds with each:
${FAULTS.map(({ name, breaks }) => `  ${name}: ${breaks}`).join("\n")}`;

const values = readArguments(USAGE, {
  seeds: { type: "string" },
  from: { type: "string" },
  jobs: { type: "string" },
  trace: { type: "boolean", default: false },
  fault: { type: "string" },
  faults: { type: "boolean", default: false },
  "all-seeds": { type: "boolean", default: false },
});
process.exitCode = (values.faults || values.fault !== undefined ? await lookForFaults() : await tellSeeds()) ? 0 : 1;

/** Whether each was found. */
async function lookForFaults(): Promise<boolean> {
  if (values.trace || values.from !== undefined || values.jobs !== undefined)
    refuse("--from, --jobs and --trace go without a fault.");
  const search = { seeds: wholeNumber("seeds", values.seeds ?? "500", 1), isFirstEnough: !values["all-seeds"] };
  const names = FAULTS.map(({ name }) => name);
  return await findFaults(values.fault === undefined ? undefined : oneOf("fault", values.fault, names), search);
}

/** Whether no seed broke a law. */
async function tellSeeds(): Promise<boolean> {
  if (values["all-seeds"]) refuse("--all-seeds goes with --fault NAME or --faults.");
  const from = wholeNumber("from", values.from ?? "1", 0);
  const seeds = wholeNumber("seeds", values.seeds ?? (values.trace ? "1" : "1000"), 1);
  const jobs = wholeNumber("jobs", values.jobs ?? String(availableParallelism()), 1);
  if (values.trace)
    for (let seed = from; seed < from + seeds; seed += 1) console.log((await tell(seed)).trace.join("\n"));
  const began = performance.now();
  const broken = await runSeeds({ from, seeds, jobs }, ({ seed, violation: { law, detail } }) => {
    console.log(`seed ${seed}: ${law}: ${detail.slice(0, 400)}`);
    console.log(`  replay: npm run simulate -- --trace --seeds 1 --from ${seed}`);
  });
  const each = ((performance.now() - began) / seeds).toFixed(1);
  const what = seeds === 1 ? `seed ${from}` : `seeds ${from} to ${from + seeds - 1}`;
  console.log(`${what}: ${broken === 0 ? "no law broken" : `${broken} broke a law`} (${each} ms each)`);
  return broken === 0;
}
