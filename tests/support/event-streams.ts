/** Lines of `--json`: of plans, and of an apply in which everything happens that can. */
import type { ActionKind } from "../../src/model/action.ts";
import type { ExecuteEvent } from "../../src/model/execute-event.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import {
  actionLine,
  applySummaryLine,
  diagnosticLine,
  erroredSummaryLine,
  lineText,
  logLine,
  outputsLine,
  planSummaryLine,
  progressLine,
  versionLine,
  type EventLine,
} from "../../src/report/events-json.ts";
import { planLines } from "../../src/report/events-plan.ts";
import { policyLines } from "../../src/report/policy-text.ts";
import { actionId, at, started, succeeded } from "./report-builders.ts";
import { DENIED, scenario } from "./review-scenarios.ts";

const STAMP = "2026-11-26T00:00:00.000Z";

/** A problem of an apply, with the place it points to. */
const PROBLEM: Diagnostic = {
  severity: "error",
  code: "ORB_ACTION_FAILED",
  summary: "The action failed",
  detail: "orbctl said: no space left on device.",
  hint: "Make room, then run: orb apply",
  address: "machine.web",
  place: { file: "stacks/dev.ts", line: 2, column: 7 },
};

/** The text of lines, each with the version of the stream before it. */
function texts(lines: readonly EventLine[]): readonly string[] {
  return [versionLine("0.1.0"), ...lines].map((each) => lineText(each, STAMP));
}

/** What `orb plan --json` prints of a scenario. */
export function planStream(name: string): readonly string[] {
  const { plan } = scenario(name).review;
  const problems = plan.diagnostics.map((each) => diagnosticLine(each));
  return texts([...planLines(plan), ...policyLines(DENIED), ...problems, planSummaryLine(plan)]);
}

const counts = { total: 6, running: 1, waiting: 2, succeeded: 1, failed: 1, skipped: 1, unknown: 0 };

function about<D extends ActionKind>(address: string, does: D) {
  return { action: actionId(`${address}:${does}`), address: at(address), does };
}

const HAPPENINGS: readonly ExecuteEvent[] = [
  started("machine.web", 0),
  { event: "counts", at: 0, ...counts, remainingWorkMs: 20_000, remainingPathMs: 10_000 },
  { event: "waiting", at: 1, ...about("machine.web", "create"), waitingFor: "ready" },
  { event: "retrying", at: 2, ...about("machine.web", "create"), attempt: 2, inMs: 500, problem: PROBLEM },
  succeeded("machine.web", 3000, 3000),
  started("team/web/machine.app", 3000),
  { event: "failed", at: 4000, ...about("team/web/machine.app", "create"), tookMs: 1000, problem: PROBLEM },
  { event: "unknown", at: 4000, ...about("machine.db", "delete"), tookMs: 1500, problem: PROBLEM },
  {
    event: "skipped",
    at: 4000,
    ...about("machine.last", "config"),
    reason: "dependency",
    because: actionId("machine.db:delete"),
  },
];

/** What a failed `orb apply --json` prints. */
export function failedApply(): readonly string[] {
  const { plan } = scenario("create").review;
  const running = { started: startedOf("machine.web"), waitingFor: undefined };
  return texts([
    logLine("A dead run was taken over."),
    ...planLines(plan),
    planSummaryLine(plan),
    ...HAPPENINGS.flatMap((each) => (each.event === "notice" ? [] : actionLine(each))),
    progressLine(running, 12_000),
    diagnosticLine(PROBLEM, 'import x;\nconst web = machine({ image: "é" });\n'),
    outputsLine({ url: { value: { a: [1] }, sensitive: false }, token: { value: null, sensitive: true } }),
    applySummaryLine(
      { added: 1, changed: 0, destroyed: 0, forgotten: 0, adopted: 0 },
      { operation: "apply", failed: 1, skipped: 1, unknown: 1 },
    ),
  ]);
}

/** What a command prints that ended before there was a plan. */
export function stopped(): readonly string[] {
  const { place: _place, address: _address, ...bare } = PROBLEM;
  return texts([diagnosticLine(bare), erroredSummaryLine("plan")]);
}

function startedOf(address: string): Extract<ExecuteEvent, { event: "started" }> {
  const event = started(address, 0);
  if (event.event !== "started") throw new Error("it is no beginning");
  return event;
}
