/** What a report says first: whatever else it says, that has to be so. */
import { expect, test } from "vitest";
import { htmlReport } from "../../../src/report/html/page.ts";
import { isRestart } from "../../../src/report/interruptions.ts";
import { markdown } from "../../../src/report/markdown.ts";
import { findingsOf } from "../../../src/report/findings.ts";
import { PLAIN } from "../../../src/report/theme.ts";
import { incompleteLine } from "../../../src/report/plan-summary.ts";
import { planText } from "../../../src/report/plan-text.ts";
import { junitOf } from "../../../src/report/findings-files.ts";
import { policyText } from "../../../src/report/policy-text.ts";
import { limitedMs } from "../../../src/report/html/longest-path.ts";
import { sarif } from "../../../src/report/sarif.ts";
import { desiredMachine, planOf } from "../../support/plan-builders.ts";
import { reviewOf, REVIEWS } from "../../support/reviews.ts";

const DENIED = { checked: ["few"], findings: [{ policy: "few", severity: "deny", message: "Too many?" }] } as const;
const BROKEN = {
  severity: "error",
  code: "ORB_NAME_TAKEN",
  summary: "Machine name is taken",
  detail: "Taken.",
} as const;

const broken = () => reviewOf({ ...planOf({}), diagnostics: [BROKEN] });
const html = (review: Parameters<typeof htmlReport>[0]): string => htmlReport(review, () => "hash");

test("a plan without changes that is denied is said to be", () => {
  expect(markdown(reviewOf(planOf({}), { policy: DENIED }))).toContain("the configuration. Denied by policy.**");
});

test("a plan with errors can't be applied, in every format that has a verdict", () => {
  expect(markdown(broken())).toContain("**This can't be applied: 1 error.**");
  expect(html(broken())).toContain('<p class="verdict">This can&#39;t be applied.</p>');
});

test("a plan that nobody approved is told with its counts and its digest, as one that can be", () => {
  const stale = { ...BROKEN, code: "ORB_PLAN_STALE", summary: "This is not the approved plan" } as const;
  const review = reviewOf({ ...planOf({ desired: [desiredMachine("web")] }), diagnostics: [stale] });
  const line = "Plan: 1 to add, 0 to change, 0 to destroy. Not applied: ";
  expect(markdown(review)).toContain(`**${line}\`This is not the approved plan\`.**`);
  expect(markdown(review)).toContain("(for `orb apply --expect`)");
  expect(html(review)).toContain(`<p class="verdict">${line}This is not the approved plan.</p>`);
  expect(html(review)).not.toContain("It has errors");
});

test("what did not get to its end is called what it was", () => {
  const counts = { added: 0, changed: 0, destroyed: 1, forgotten: 1, adopted: 2 };
  const ends = { failed: 1, skipped: 0, unknown: 0, interrupted: false };
  const what = "2 imported, 0 added, 0 changed, 1 destroyed, 1 forgotten; actions: 1 failed, 0 not started, 0 with an";
  expect(incompleteLine(counts, { ...ends, operation: "destroy" })).toContain(`Destroy incomplete. Resources: ${what}`);
  expect(incompleteLine(counts, { ...ends, operation: "apply", interrupted: true })).toContain(
    "Apply interrupted. Res",
  );
});

test("SARIF says that nothing came of it where there were errors", () => {
  const told = (diagnostics: readonly (typeof BROKEN)[]) =>
    JSON.stringify(
      sarif(findingsOf({ ...reviewOf({ ...planOf({}), diagnostics }), notices: ["Untrusted: all held."] })),
    );
  expect(told([])).toContain('"executionSuccessful":true');
  expect(told([BROKEN])).toContain('"executionSuccessful":false');
});

test.each([
  ["what can be applied", reviewOf(planOf({ desired: [desiredMachine("web")] })), "orb apply --expect"],
  ["drift", REVIEWS["drift-only"](), "orb apply --refresh-only --expect"],
  ["what has errors", broken(), undefined],
  ["what is denied", reviewOf(planOf({ desired: [desiredMachine("web")] }), { policy: DENIED }), undefined],
])("the digest of %s is for what takes it", (_, review, command) => {
  const [, taken] = /Digest of the plan: `\w+`(?: \(for `([^`]+)`\))?/.exec(markdown(review)) ?? [];
  expect(taken).toBe(command);
});

test("a machine that is started and stopped again does not restart", () => {
  expect(isRestart({ action: "update" }, ["start", "write", "stop"])).toBe(false);
  expect(isRestart({ action: "update" }, ["stop", "config", "start"])).toBe(true);
  expect(isRestart({ action: "replace" }, ["stop", "start"])).toBe(false);
});

test("what did not change outside is compared with the state, not with the stack, and claims nothing without one", () => {
  const plan = planOf({ desired: [desiredMachine("web")], options: { mode: "refresh-only" } });
  const said = (serial: number) => planText({ ...plan, serial }, PLAIN, (command) => `${command} dev`);
  expect(said(3)).toMatch(/Nothing was changed outside[^]*with the state, not with the stack[^]*\n {2}orb plan dev\n$/);
  expect(said(0)).toContain("There is no state yet");
  expect(said(0) + said(3)).not.toMatch(/match|last apply/);
});

test("a question stays one", () => {
  const { runs }: { readonly runs?: unknown } = sarif(findingsOf(reviewOf(planOf({}), { policy: DENIED })));
  expect(JSON.stringify(runs)).toContain('"Too many?"');
});

test("a policy that gave no answer is not among those that are content, in any format", () => {
  const failed = [{ policy: "odd", message: "threw an error" }];
  const policy = { checked: ["fine"], findings: [], failed };
  const review = reviewOf(planOf({}), { policy });
  expect(markdown(review)).toContain("**Policies without an answer (1)**\n\n- `odd`: `threw an error`");
  expect(markdown(review)).toMatch(/2 asked[^]*- `odd`: no answer\n- `fine`: content/);
  expect(html(review)).toMatch(/Policies <span class="count">2<[^]*no answer<\/span> odd<[^]*<h3>Satisfied/);
  expect(html(review)).not.toContain("All are satisfied");
  expect(policyText(policy, PLAIN)).toBe("\nPolicies: 1 checked, 1 without an answer.\n");
  expect(junitOf(review)).toContain('<skipped message="It gave no answer: threw an error"');
});

test("what was left where it is was not done, and nothing that was done is still to be", () => {
  const plain = REVIEWS["every-action"]();
  const results = new Map(plain.plan.actions.map(({ id }) => [id, { status: "succeeded", left: true } as const]));
  const counts = { added: 0, changed: 0, destroyed: 0, forgotten: 1, adopted: 0 };
  const applied = { operation: "apply", counts, results, interrupted: false } as const;
  expect(markdown({ ...plain, applied })).toContain("delete: left where it is");
  expect(html({ ...plain, applied })).toContain("To destroy, as planned");
  expect(html({ ...plain, applied })).not.toContain("Expected to take");
});

test("a plan takes as long as what may be done at a time lets it", () => {
  const { actions } = planOf({ desired: Array.from({ length: 40 }, (_none, index) => desiredMachine(`m${index}`)) });
  const creates = actions.filter(({ kind }) => kind === "create");
  const workMs = creates.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  expect(limitedMs(creates)).toBe(workMs / 2);
  const review = reviewOf(
    planOf({ desired: Array.from({ length: 40 }, (_none, index) => desiredMachine(`m${index}`)) }),
  );
  expect(html(review)).toMatch(
    /about \d+m(?:\d+s)?<\/a> <span class="note">\(with the default limits; one action, takes/,
  );
});
