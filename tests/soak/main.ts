/** Kills the real command line, as a process, again and again, and looks at what is left: docs/proof.md says what is checked. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments, refuse, wholeNumber } from "../support/read-arguments.ts";
import { runChain, type ChainReport } from "./chain.ts";

/** Kills that one project and its world live through. */
const CHAIN = 20;

const USAGE = `npm run soak -- [--kills 1000] [--from SEED] [--jobs N] [--programs FOLDER]
  Kills the real command line, in chains of ${CHAIN} kills, each decided by its seed, and looks at what is left.
  --programs runs another built package.`;

const values = readArguments(USAGE, {
  kills: { type: "string", default: "1000" },
  from: { type: "string", default: "1" },
  jobs: { type: "string", default: String(availableParallelism() + 1) },
  programs: { type: "string", default: fileURLToPath(new URL("../..", import.meta.url)) },
});
const wanted = wholeNumber("kills", values.kills, 1);
const from = wholeNumber("from", values.from, 0);
const jobs = wholeNumber("jobs", values.jobs, 1);
if (!existsSync(join(values.programs, "dist")))
  refuse(`--programs takes a folder with a built package, not ${JSON.stringify(values.programs)}.`);
const chains = Math.ceil(wanted / CHAIN);
const programs = copyOf(values.programs);
const reports: ChainReport[] = [];
let begun = 0;

await Promise.all(Array.from({ length: jobs }, () => worker()));
rmSync(programs, { recursive: true, force: true });
process.stdout.write(`${summary()}\n`);
process.exitCode = reports.some((each) => each.failure !== undefined) ? 1 : 0;

async function worker(): Promise<void> {
  while (begun < chains) {
    const seed = from + begun;
    begun += 1;
    const kills = Math.min(CHAIN, wanted - CHAIN * (seed - from));
    const report = await runChain({ seed, kills, programs });
    reports.push(report);
    if (report.failure === undefined)
      process.stderr.write(`seed ${seed}: ${report.kills.length} kills, ${report.endings} endings\n`);
    else
      process.stdout.write(
        `FAILED, replay: npm run soak -- --from ${seed} --kills ${CHAIN} --jobs 1\n${report.failure}\n`,
      );
  }
}

/** A build meanwhile must not pull the programs away from under a run. */
function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "orbform-soak-"));
  for (const name of ["package.json", "bin", "dist"]) cpSync(join(root, name), join(copy, name), { recursive: true });
  return copy;
}

function summary(): string {
  const kills = reports.flatMap((each) => each.kills);
  const counts = Map.groupBy(kills, (each) => each);
  const rows = [...counts].map(([what, each]) => [what, each.length] as const).toSorted((a, b) => b[1] - a[1]);
  const sum = (of: (report: ChainReport) => number): number => reports.reduce((total, each) => total + of(each), 0);
  const failed = reports.filter((each) => each.failure !== undefined).length;
  return [
    ...rows.map(([what, count]) => `${String(count).padStart(6)}  ${what}`),
    `${String(kills.length).padStart(6)}  kills in ${reports.length} chains, ${sum((each) => each.clients)} orbctl killed with them`,
    `${String(sum((each) => each.endings)).padStart(6)}  applies that ended and were looked at`,
    `${String(failed).padStart(6)}  chains with a broken law`,
  ].join("\n");
}
