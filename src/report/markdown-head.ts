import { hasErrors, type Diagnostic } from "../model/diagnostic.ts";
import type { Change } from "../model/plan.ts";
import { isDenied, type PolicyFinding, type PolicyReport } from "../model/policy.ts";
import { driftHeading } from "./heading.ts";
import { interruptions } from "./interruptions.ts";
import { bounded } from "./markdown-fit.ts";
import { codeSpan, counted, marker } from "./markdown-text.ts";
import { changesAnything, driftLine, NO_CHANGES, summaryLine, unfoldedDrift } from "./plan-summary.ts";
import type { Review } from "./review.ts";
import { appliedVerdict, notApproved } from "./verdict.ts";

/** How many bytes each list may have; together they leave room for what is folded. */
const ROOM = {
  destroys: 14_000,
  replacements: 7000,
  restarts: 5000,
  stops: 2500,
  findings: 4000,
  problems: 5000,
  drift: 3000,
} as const;

/** What stands outside of any fold, the gravest first; each list is bounded. Blocks of markdown. */
export function headBlocks(review: Review): readonly string[] {
  const { plan, policy } = review;
  const errors = plan.diagnostics.filter((each) => each.severity === "error");
  const warnings = plan.diagnostics.length - errors.length;
  return [
    marker(plan),
    `## ${title(review)}`,
    `**${verdict(review, errors.length)}**`,
    ...factsBlock(review),
    ...list("Errors", errors.map(problemItem), ROOM.problems),
    ...appliedLists(review),
    ...changeLists(review),
    ...policyBlocks(policy),
    ...driftList(review),
    ...(warnings === 0 ? [] : [`**${counted(warnings, "warning")}** below.`]),
  ];
}

function title({ plan, applied }: Review): string {
  const { stack, env, mode } = plan;
  const whose = `${codeSpan(stack)}${env === undefined ? "" : `, env ${codeSpan(env)}`}`;
  if (applied !== undefined) return `Orbform ${applied.operation} of ${whose}`;
  const what = { normal: "plan", destroy: "destroy plan", "refresh-only": "drift" } as const;
  return `Orbform: ${what[mode]} of ${whose}`;
}

/** The line that says it all: Terraform's, where it has one. */
function verdict({ plan, policy, applied }: Review, errors: number): string {
  if (applied !== undefined) return appliedVerdict(applied);
  const unapproved = notApproved(plan);
  if (unapproved !== undefined) return `${summaryLine(plan.summary)} Not applied: ${codeSpan(unapproved.summary)}.`;
  if (errors > 0) return `This can't be applied: ${counted(errors, "error")}.`;
  if (plan.mode === "refresh-only" && changesAnything(plan)) return driftLine(plan);
  const denied = isDenied(policy) ? " Denied by policy." : "";
  if (!changesAnything(plan)) return `${noChanges(plan)}${denied}`;
  const outputs = plan.outputChanges.length;
  return `${summaryLine(plan.summary)}${outputs === 0 ? "" : ` ${counted(outputs, "output")} to change.`}${denied}`;
}

function noChanges({ mode, diagnostics }: Review["plan"]): string {
  if (diagnostics.some((each) => each.code === "ORB_TARGETED"))
    return "No changes. Nothing is to be done for what was targeted.";
  return `No changes. ${NO_CHANGES[mode]}`;
}

/** What takes the digest of a plan, by what it was asked for. */
const TAKES = {
  normal: "orb apply --expect",
  destroy: "orb destroy --expect",
  "refresh-only": "orb apply --refresh-only --expect",
} as const;

function factsBlock({ digest, commit, plan, policy, applied }: Review): readonly string[] {
  const isBroken = hasErrors(plan.diagnostics) && notApproved(plan) === undefined;
  const isKept = applied !== undefined || isBroken || isDenied(policy) || !changesAnything(plan);
  const binds = isKept ? "" : ` (for \`${TAKES[plan.mode]}\`)`;
  const facts = [`Digest of the plan: ${codeSpan(digest)}${binds}`];
  if (commit !== undefined) facts.push(`Commit: ${codeSpan(commit)}`);
  return [facts.map((each) => `- ${each}`).join("\n")];
}

function list(heading: string, items: readonly string[], bytes: number): readonly string[] {
  if (items.length === 0) return [];
  return [`**${heading} (${items.length})**\n\n${bounded(items, bytes).join("\n")}`];
}

/** A diagnostic in a line of a list. */
export function problemItem({ address, summary, code }: Diagnostic): string {
  const where = address === undefined ? "" : `${codeSpan(address)}: `;
  return `${where}${codeSpan(summary)} (${code})`;
}

function appliedLists({ plan, applied }: Review): readonly string[] {
  if (applied === undefined) return [];
  const ended = (status: "failed" | "unknown") =>
    plan.actions.flatMap(({ id }) => {
      const result = applied.results.get(id);
      if (result?.status !== status) return [];
      return [`${codeSpan(id)}${result.problem === undefined ? "" : `: ${codeSpan(result.problem.summary)}`}`];
    });
  return [
    ...list("Failed", ended("failed"), ROOM.problems),
    ...list("Unknown: the next apply finds out", ended("unknown"), ROOM.problems),
  ];
}

function changeLists({ plan, applied }: Review): readonly string[] {
  const of = (action: Change["action"]) => plan.changes.filter((change) => change.action === action);
  const { restarts, stops } = interruptions(plan);
  const was = (planned: string) => (applied === undefined ? planned : `${planned}, as planned`);
  return [
    ...list(was("To be destroyed"), of("delete").map(named), ROOM.destroys),
    ...list(was("To be replaced"), of("replace").map(replaced), ROOM.replacements),
    ...list(was("Machines that restart"), restarts.map(named), ROOM.restarts),
    ...list(was("Machines that stop"), stops.map(named), ROOM.stops),
  ];
}

function named({ address, name, reason }: Change): string {
  return `${codeSpan(address)} (${codeSpan(name)})${reason === "delete: deposed" ? ", deposed" : ""}`;
}

function replaced(change: Change): string {
  const forcing = change.attributes.filter((each) => each.forcesReplacement).map(({ path }) => codeSpan(path));
  const why = forcing.length === 0 ? "" : `, for ${forcing.slice(0, 5).join(", ")}`;
  return `${named(change)}${why}${change.createBeforeDestroy ? "; the new one is made first" : ""}`;
}

function policyBlocks({ checked, findings, failed = [] }: PolicyReport): readonly string[] {
  const of = (severity: PolicyFinding["severity"]) => findings.filter((each) => each.severity === severity);
  const asked = counted(checked.length, "policy", "policies");
  if (findings.length + failed.length === 0)
    return checked.length === 0 ? [] : [`Policy: ${asked} asked, nothing to say.`];
  return [
    ...list("Policies without an answer", failed.map(findingItem), ROOM.findings),
    ...list("Denied by policy", of("deny").map(findingItem), ROOM.findings),
    ...list("Policy warns", of("warn").map(findingItem), ROOM.findings),
  ];
}

function findingItem({ policy, address, message }: Pick<PolicyFinding, "policy" | "address" | "message">): string {
  const where = address === undefined ? "" : ` on ${codeSpan(address)}`;
  return `${codeSpan(policy)}${where}: ${codeSpan(message)}`;
}

function driftList({ plan }: Review): readonly string[] {
  const items = unfoldedDrift(plan).map((drift) => {
    const { address, says } = driftHeading(drift);
    return `${codeSpan(address)} (${codeSpan(drift.name)}) ${says}`;
  });
  return list("Changed outside of Orbform", items, ROOM.drift);
}
