import { availableParallelism } from "node:os";
import type { Fault } from "./fault.ts";
import { faultNamed, FAULTS } from "./faults.ts";
import { findFault, type Finding, type Search } from "./find-fault.ts";

/** Looks for one fault, or for all, and prints a row of a table for each. Whether all were found. */
export async function findFaults(name: string | undefined, search: Search): Promise<boolean> {
  console.log(
    `| fault | law that finds it | first seed | finding seeds of ${search.seeds} |\n| --- | --- | --- | --- |`,
  );
  const wanted = name === undefined ? FAULTS : [faultNamed(name)];
  const findings = await findAll(wanted, search, (finding) => console.log(rowOf(finding, search)));
  return findings.every(({ broken }) => broken.length > 0);
}

/** Looks for faults, as many at once as there are processors. In their order. */
async function findAll(
  faults: readonly Fault[],
  search: Search,
  tell: (finding: Finding) => void = () => undefined,
): Promise<readonly Finding[]> {
  const findings = new Map<Fault, Finding>();
  const left = [...faults];
  const work = async (): Promise<void> => {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const finding = await findFault(fault, search);
      findings.set(fault, finding);
      tell(finding);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return faults.flatMap((each) => findings.get(each) ?? []);
}

function rowOf({ fault, broken, astray }: Finding, { isFirstEnough }: Search): string {
  const [first] = broken;
  if (!first) return `| ${fault.name} | not found${astray.length > 0 ? `; others: ${lawsOf(astray)}` : ""} | | 0 |`;
  return `| ${fault.name} | ${lawsOf(broken)} | ${first.seed} | ${isFirstEnough ? "" : broken.length} |`;
}

/** The laws that found it, those that did so most often first. */
function lawsOf(broken: Finding["broken"]): string {
  const times = new Map<string, number>();
  for (const { violation } of broken) times.set(violation.law, (times.get(violation.law) ?? 0) + 1);
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .map(([law, count]) => (broken.length === 1 ? law : `${law} (${count})`))
    .join("; ");
}
