import { describe, expect, test } from "vitest";
import { completed } from "../../../src/cli/hints.ts";
import { withStack } from "../../../src/cli/with-stack.ts";

const said = { stack: "dev", env: "a b", driver: "simulator" };
const rest = "--env 'a b' --driver simulator";

test.each([
  [
    "Take it into state: orb adopt machine.web web",
    `Take it into state: orb adopt machine.web web --stack dev ${rest}`,
  ],
  [
    "Take it: orb adopt machine.web w.1 (or plan with --adopt machine.web)",
    `Take it: orb adopt machine.web w.1 --stack dev ${rest} (or plan with --adopt machine.web)`,
  ],
  ["Run `orb plan` again.", `Run \`orb plan dev ${rest}\` again.`],
  ['Run "orb state list" now.', `Run "orb state list dev ${rest}" now.`],
  ["To see it, run: orb state show machine.web", `To see it, run: orb state show machine.web --stack dev ${rest}`],
  [
    "Start it and run: orb plan; or forget it: orb state rm file.f",
    `Start it and run: orb plan dev ${rest}; or forget it: orb state rm file.f --stack dev ${rest}`,
  ],
  ["Write: orb plan, or look.", `Write: orb plan dev ${rest}, or look.`],
  ["Run: orb plan. Then look.", `Run: orb plan dev ${rest}. Then look.`],
  ["Take them in with `orb adopt`.", "Take them in with `orb adopt`."],
  ["Run `orb backup list --dir DIR`.", `Run \`orb backup list --dir DIR --stack dev ${rest}\`.`],
  [
    "Let it go there: orb state rm machine.web_1 --stack found",
    "Let it go there: orb state rm machine.web_1 --stack found --driver simulator",
  ],
  [
    "Let it go there: orb state rm machine.web_1 --stack found --env prod",
    "Let it go there: orb state rm machine.web_1 --stack found --env prod --driver simulator",
  ],
  [
    "Let it go: cd /p/state && orb state rm machine.x --stack found",
    "Let it go: cd /p/state && orb state rm machine.x --stack found --driver simulator",
  ],
  ["Run `orb --help` to see the commands.", "Run `orb --help` to see the commands."],
  ["Make a first one: orb init", "Make a first one: orb init"],
  [
    "Stop it yourself: orbctl stop web",
    "Stop it yourself: ORBCTL_SIM_WORLD=${ORBCTL_SIM_WORLD:-.orbform/simulator} npx orbctl-sim stop web",
  ],
])("%s can be typed as it stands", (hint, typed) => {
  const diagnostic = { severity: "error", code: "ORB_BUG", summary: "s", detail: "d", hint } as const;
  expect(completed(diagnostic, said).hint).toBe(typed);
  expect(completed(diagnostic, {}).hint).toBe(hint);
});

test("what is driven decides which program is named, not what the flag says", () => {
  const diagnostic = {
    severity: "error",
    code: "ORB_BUG",
    summary: "s",
    detail: "d",
    hint: "orbctl stop web",
  } as const;
  expect(completed(diagnostic, { drives: "simulator" }).hint).toContain("npx orbctl-sim stop web");
  expect(completed(diagnostic, { drives: "orbstack" }).hint).toBe("orbctl stop web");
});

test("a plan file is what an apply goes on with, and no other command", () => {
  const given = { stack: "stacks/dev.ts", driver: "simulator", planFile: "a plan.json" };
  const hint = "Run `orb apply` again. To see why: orb plan";
  const said = completed({ severity: "error", code: "ORB_BUG", summary: "s", detail: "d", hint }, given);
  expect(said.hint).toBe("Run `orb apply 'a plan.json'` again. To see why: orb plan stacks/dev.ts --driver simulator");
});

describe("one of several stacks", () => {
  const ambiguous = {
    severity: "error",
    code: "ORB_STACK_AMBIGUOUS",
    summary: "s",
    detail: "d",
    hint: "Name one of them, with --stack dev or as the first word: orb plan dev",
  } as const;
  const hint = (id: string, rest: readonly string[], takes: "args" | "flags" | "nothing"): string | undefined => {
    const command = { [takes]: { stack: {} } };
    return completed(withStack(ambiguous, { id, rest, command }), { driver: "simulator" }).hint;
  };

  test("is named in the command that was typed, as that takes it", () => {
    expect(hint("apply", ["--driver", "simulator", "--yes"], "args")).toBe(
      "Name one of them: orb apply dev --driver simulator --yes",
    );
    expect(hint("adopt", ["machine.web", "web-1"], "flags")).toBe(
      "Name one of them: orb adopt --stack dev machine.web web-1 --driver simulator",
    );
    expect(hint("state restore", ["1", "--driver=simulator"], "flags")).toBe(
      "Name one of them: orb state restore --stack dev 1 --driver=simulator",
    );
  });

  test("is told as it is where the command has words that a shell reads otherwise, or takes no stack", () => {
    const told = "Name one of them, with --stack dev or as the first word: orb plan dev --driver simulator";
    expect([hint("plan", ["--var", "a=b c;d"], "args"), hint("plan", [], "nothing")]).toEqual([told, told]);
  });
});
