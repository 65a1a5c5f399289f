import type { Plan } from "../../src/model/plan.ts";

/** All that a plan decides, a line each, for golden files. The digests of what it settles are left to other tests. */
export function wholePlan(plan: Plan): string {
  const { changes, actions, drift, refreshed, settled, outputs, outputChanges, diagnostics, summary, ...rest } = plan;
  const lines = [
    ...diagnostics.map(({ severity, ...each }) => line(severity, each)),
    ...changes.flatMap(({ attributes, ...each }) => [
      line("change", each),
      ...attributes.map((one) => line("  ", one)),
    ]),
    ...drift.flatMap(({ attributes, ...each }) => [line("drift", each), ...attributes.map((one) => line("  ", one))]),
    ...actions.map((each) => line("action", each)),
    ...Object.entries(refreshed).map(([address, state]) => line(`refreshed ${address}`, state)),
    line("settled", Object.keys(settled)),
    line("outputs", Object.keys(outputs)),
    ...outputChanges.map((each) => line("output", each)),
    line("summary", summary),
    line("plan", rest),
  ];
  return `${lines.join("\n")}\n`;
}

function line(what: string, value: unknown): string {
  return `${what} ${JSON.stringify(value)}`;
}
