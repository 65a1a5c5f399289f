/** Measures, and prints figures as a table and as JSON: docs/benchmarks.md. */
import { writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { oneOf, readArguments } from "../support/read-arguments.ts";
import { applyFigures } from "./apply.ts";
import { plannerFigures } from "./planner.ts";
import { makespanRatios } from "./scheduler.ts";
import { startProfile } from "./profile.ts";
import { startUpFigures } from "./start-up.ts";
import { comparisonTable, table, type Comparison, type Figure } from "./table.ts";
import { besideTerraform, terraformVersion } from "./terraform.ts";

const GRAPHS = 200;

const BENCHES = new Map<string, () => readonly Figure[] | Promise<readonly Figure[]>>([
  ["planner", plannerFigures],
  ["apply", applyFigures],
  ["makespan", makespanFigures],
  ["start", () => startUpFigures(300)],
]);

const NAMES = [...BENCHES.keys(), "profile", "terraform"];
const USAGE = `npm run bench -- [--only ${NAMES.join("|")}] [--json FILE]
  Prints figures as a table, and writes them as JSON where a file is named.`;

const values = readArguments(USAGE, { json: { type: "string" }, only: { type: "string" } });
if (values.only !== undefined) oneOf("bench", values.only, NAMES);
const figures: Figure[] = [];
for (const [name, run] of BENCHES) {
  if (values.only !== undefined && values.only !== name) continue;
  process.stderr.write(`${name} …\n`);
  figures.push(...(await run()));
}
if (figures.length > 0) process.stdout.write(`${table(figures)}\n`);
if (values.only === undefined || values.only === "profile") process.stdout.write(`\n${await startProfile(300)}\n`);
const comparisons = values.only === undefined || values.only === "terraform" ? await terraform() : [];
if (values.json !== undefined) {
  const machine = { node: process.version, os: `${type()} ${release()}`, cpus: cpus().length, cpu: cpus()[0]?.model };
  writeFileSync(values.json, `${JSON.stringify({ format: 1, on: machine, figures, comparisons }, null, 2)}\n`);
}

async function makespanFigures(): Promise<readonly Figure[]> {
  const ratios = (await makespanRatios(GRAPHS)).toSorted((a, b) => a - b);
  const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
  const of = `${GRAPHS} random graphs`;
  return [
    { bench: "makespan over the lower bound, mean", of, value: mean, unit: "x", aim: "<= 1.1" },
    {
      bench: "makespan over the lower bound, 95th percentile",
      of,
      value: ratios[Math.floor(GRAPHS * 0.95)] ?? 0,
      unit: "x",
    },
    { bench: "makespan over the lower bound, worst", of, value: ratios.at(-1) ?? 0, unit: "x" },
  ];
}

async function terraform(): Promise<readonly Comparison[]> {
  process.stderr.write("terraform … (minutes: it takes long to apply a chain)\n");
  const version = terraformVersion();
  if (version === undefined) {
    process.stderr.write("There is no terraform on the PATH to compare with: left out.\n");
    return [];
  }
  const comparisons = await besideTerraform(1_000);
  process.stdout.write(`\n${comparisonTable(comparisons, `Terraform ${version}`)}\n`);
  return comparisons;
}
