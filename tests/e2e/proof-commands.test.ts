import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** What npm's scripts of the same names run, without building first. */
const PROGRAMS = {
  simulate: "tests/simulation/main.ts",
  soak: "tests/soak/main.ts",
  bench: "tests/bench/main.ts",
  mutation: "tools/mutation/main.mjs",
};

function run(command: keyof typeof PROGRAMS, words: readonly string[]) {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const argv = ["--conditions=@orbform/source", PROGRAMS[command], ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** A run that proves nothing must not look like one that found nothing. */
describe("npm run simulate, soak, bench, mutation", { tags: ["slow"] }, () => {
  it.each([
    ["simulate", ["--seeds", "abc"], '--seeds takes a whole number from 1, not "abc".'],
    ["simulate", ["--seeds=-1"], '--seeds takes a whole number from 1, not "-1".'],
    ["simulate", ["--seeds", "0"], '--seeds takes a whole number from 1, not "0".'],
    ["simulate", ["--seeds", "1.5"], '--seeds takes a whole number from 1, not "1.5".'],
    ["simulate", ["--seeds", ""], '--seeds takes a whole number from 1, not "".'],
    ["simulate", ["--from", "x"], '--from takes a whole number from 0, not "x".'],
    ["simulate", ["--jobs", "0"], '--jobs takes a whole number from 1, not "0".'],
    ["simulate", ["--fault", "nonsense"], /^There is no fault "nonsense"\. There are: journal-not-synced, .+\.$/],
    ["simulate", ["--faults", "--from", "3"], "--from, --jobs and --trace go without a fault."],
    ["simulate", ["--all-seeds"], "--all-seeds goes with --fault NAME or --faults."],
    ["simulate", ["--nope"], /^Unknown option '--nope'/],
    ["simulate", ["--seeds", "-1"], /^Option '--seeds' argument is ambiguous\. .+ use '--seeds=-XYZ'\.$/],
    ["simulate", ["--faults", "nonsense"], /^Unexpected argument 'nonsense'/],
    ["soak", ["--kills", "abc"], '--kills takes a whole number from 1, not "abc".'],
    ["soak", ["--from", "1e99"], '--from takes a whole number from 0, not "1e99".'],
    ["soak", ["--programs", "/none"], '--programs takes a folder with a built package, not "/none".'],
    ["bench", ["--only", "nope"], /^There is no bench "nope"\. There are: .*profile, terraform\.$/],
    ["mutation", ["--area", "constructor"], /^There is no area "constructor"\. There are: plan, .*planner\.$/],
    ["mutation", ["--mutate", "src/plan/plan.ts"], "--mutate goes with --area: the tests that judge are the area's."],
  ] as const)("says in a line what is wrong and does nothing: %s %j", (command, words, said) => {
    const { status, stdout, stderr } = run(command, words);
    const lines = stderr.trimEnd().split("\n");
    expect({ status, stdout, lines: lines.length }, stderr).toEqual({ status: 2, stdout: "", lines: 1 });
    expect(lines[0]).toEqual(typeof said === "string" ? said : expect.stringMatching(said));
  });

  it.each(["simulate", "soak", "bench", "mutation"] as const)("%s --help says how it is called", (command) => {
    const { status, stdout, stderr } = run(command, ["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^npm run ${command} -- `, "m"));
  });

  it("tells one story where its trace is wanted and no number given", () => {
    const { status, stdout } = run("simulate", ["--trace", "--from", "445"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/seed 445: no law broken \([\d.]+ ms each\)\n$/);
  });
});
