import { expect, test } from "vitest";
import { completed } from "../../../src/cli/hints.ts";

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
