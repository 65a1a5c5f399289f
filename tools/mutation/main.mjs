/**
 * Mutates the planner, the journal and the scheduler and says which share of the mutants the tests notice:
 * `npm run mutation -- [--area NAME] [--mutate FILE,…] [--force]`. What is unchanged since the last run is not judged again.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { AREAS } from "./areas.mjs";

const { values } = parseArgs({
  options: { area: { type: "string" }, mutate: { type: "string" }, force: { type: "boolean", default: false } },
});

for (const area of values.area ? [values.area] : Object.keys(AREAS)) {
  // Read by stryker.config.mjs here and by vitest.config.mjs in Stryker's processes.
  process.env.ORBFORM_MUTATED = area;
  await new Stryker({
    configFile: "tools/mutation/stryker.config.mjs",
    mutate: values.mutate?.split(",") ?? [...AREAS[area].mutate],
    force: values.force,
  }).runMutationTest();
  printScores(area);
}

function printScores(area) {
  const { files } = JSON.parse(readFileSync(`coverage/mutation/${area}.json`, "utf8"));
  const rows = Object.entries(files).map(([file, { mutants }]) => [file, ...countsOf(mutants)]);
  const noticed = rows.reduce((sum, row) => sum + row[1], 0);
  const all = rows.reduce((sum, row) => sum + row[2], 0);
  for (const [file, found, of] of [...rows, [area, noticed, all]]) {
    console.log(`${file.padEnd(40)} ${String(found).padStart(5)} of ${String(of).padStart(5)}  ${percent(found, of)}`);
  }
}

/** How many were noticed, of how many that count: what is ignored or cannot run does not. */
function countsOf(mutants) {
  const withStatus = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = withStatus("Killed", "Timeout");
  return [noticed, noticed + withStatus("Survived", "NoCoverage")];
}

function percent(part, whole) {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
}
