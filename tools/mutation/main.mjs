/** Mutates the planner, the journal and the scheduler and says which share of the mutants the tests notice: docs/mutation.md. */
import { readFileSync } from "node:fs";
import { matchesGlob } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { oneOf, readArguments, refuse } from "../../tests/support/read-arguments.ts";
import { AREAS, PLANNER } from "./areas.mjs";

const NAMES = [...Object.keys(AREAS), "planner"];
const USAGE = `npm run mutation -- [--area ${NAMES.join("|")}] [--mutate FILE,…] [--force]
  Changes one expression at a time and says which share of the changes the tests notice. --mutate changes some files of
  the area only. What is unchanged since the last run is not judged again, but with --force.`;

const values = readArguments(USAGE, {
  area: { type: "string" },
  mutate: { type: "string" },
  force: { type: "boolean", default: false },
});
if (values.area !== undefined) oneOf("area", values.area, NAMES);
if (values.mutate !== undefined && values.area === undefined)
  refuse("--mutate goes with --area: the tests that judge are the area's.");

const areas = areasNamed(values.area);
const scores = new Map();
for (const area of areas) {
  // Read by stryker.config.mjs here and by vitest.config.mjs in Stryker's processes.
  process.env.ORBFORM_MUTATED = area;
  await new Stryker({
    configFile: "tools/mutation/stryker.config.mjs",
    mutate: values.mutate?.split(",") ?? [...AREAS[area].mutate],
    force: values.force,
  }).runMutationTest();
  scores.set(area, scoresOf(area));
}
for (const [area, rows] of scores) {
  for (const row of rows) printRow(row);
  printRow(sum(area, rows));
}
if (PLANNER.every((area) => scores.has(area))) {
  printRow(
    sum(
      "planner",
      PLANNER.flatMap((area) => scores.get(area)),
    ),
  );
}

function areasNamed(name) {
  if (name === undefined) return Object.keys(AREAS);
  return name === "planner" ? PLANNER : [name];
}

/** Of each file: how many mutants were noticed, of how many that count: what is ignored or cannot run does not. */
function scoresOf(area) {
  const { files } = JSON.parse(readFileSync(`coverage/mutation/${area}.json`, "utf8"));
  // What is kept of earlier runs may hold files that are gone or belong to another area by now.
  const own = Object.entries(files).filter(([file]) => AREAS[area].mutate.some((each) => matchesGlob(file, each)));
  return own.map(([file, { mutants }]) => {
    const withStatus = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
    const noticed = withStatus("Killed", "Timeout");
    return { what: file, noticed, all: noticed + withStatus("Survived", "NoCoverage") };
  });
}

function sum(what, rows) {
  const total = (key) => rows.reduce((before, row) => before + row[key], 0);
  return { what, noticed: total("noticed"), all: total("all") };
}

function printRow({ what, noticed, all }) {
  const percent = all === 0 ? "" : `${((100 * noticed) / all).toFixed(1)} %`;
  console.log(`${what.padEnd(40)} ${String(noticed).padStart(5)} of ${String(all).padStart(5)}  ${percent}`);
}
