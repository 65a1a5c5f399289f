import { spawnSync } from "node:child_process";

/**
 * Whether a program of the system is there to test with. A computer without it leaves the test out, and the test's report
 * says so; where ORBFORM_TEST_TOOLS=all is set, as in CI, it is an error.
 */
export function hasTool(program: string, ...probe: readonly string[]): boolean {
  const { status } = spawnSync(program, probe, { stdio: "ignore" });
  if (status !== 0 && process.env["ORBFORM_TEST_TOOLS"] === "all")
    throw new Error(`${program} ${probe.join(" ")} does not work here, and ORBFORM_TEST_TOOLS=all wants it`);
  return status === 0;
}
