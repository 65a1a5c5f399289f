import { expect, test } from "vitest";
import type { ChildRef } from "../../../../src/driver/driver.ts";
import type { OrbctlExec, OrbctlOutput } from "../../../../src/driver/orbctl/call.ts";
import { toldWords } from "../../../../src/driver/orbctl/told-words.ts";
import { watchedExec } from "../../../../src/driver/orbctl/watched-exec.ts";
import type { Happening } from "../../../../src/model/happening.ts";
import { engineWorld } from "../../../support/engine-world.ts";
import { virtualClock } from "../../../support/execute-clock.ts";

const ENDED: OrbctlOutput = { stdout: "", stderr: "", exitCode: 0, timedOut: false, aborted: false };
const SECRET = "hunter2";

/** Watches calls that each take a second. */
function watched(answer: () => Promise<Partial<OrbctlOutput>> | Partial<OrbctlOutput>) {
  const clock = virtualClock();
  const began = clock.now();
  const told: Happening[] = [];
  const exec: OrbctlExec = async (call) => {
    await call.begin?.({ pid: 42, startedAt: "then" });
    await clock.sleep(1000);
    return { ...ENDED, ...(await answer()) };
  };
  return { clock, told, began, exec: watchedExec(exec, { clock, watch: (happening) => told.push(happening) }) };
}

test("a call is told of as it begins and as it ends, and its answer is what it was", async () => {
  const { exec, told, began } = watched(() => ({ stdout: "äh\n", exitCode: 3 }));
  expect(await exec({ argv: ["config", "show"] })).toEqual({ ...ENDED, stdout: "äh\n", exitCode: 3 });
  const call = { command: "config show", words: ["config", "show"] };
  const end = { ending: "exited", exitCode: 3, tookMs: 1000, printedBytes: 4 };
  expect(told).toEqual([
    { event: "call began", ...call, at: began },
    { event: "call ended", ...call, at: began + 1000, ...end },
  ]);
});

test.each([
  [{ exitCode: null }, "stopped by a signal"],
  [{ exitCode: null, timedOut: true }, "timed out"],
  [{ exitCode: 0, aborted: true }, "aborted"],
  [{ exitCode: 0 }, "exited"],
])("a call that ended with %j is told as %s", async (output, ending) => {
  const { exec, told } = watched(() => output);
  await exec({ argv: ["status"] });
  expect(told.at(-1)).toMatchObject({ ending, tookMs: 1000 });
});

test("a call that could not be begun is told as not run, and its error is passed on", async () => {
  const { exec, told } = watched(() => ENDED);
  const begin = () => Promise.reject(new Error("disk full"));
  await expect(exec({ argv: ["start", "A"], begin })).rejects.toThrow("disk full");
  expect(told.at(-1)).toMatchObject({ event: "call ended", ending: "not run", exitCode: null });
});

test("the process of a call that changes something is told, and is written down as ever", async () => {
  const { exec, told } = watched(() => ENDED);
  const written: (ChildRef | null)[] = [];
  await exec({ argv: ["start", "A"], begin: async (child) => void written.push(child) });
  expect(written).toEqual([{ pid: 42, startedAt: "then" }]);
  expect(told.at(-1)).toMatchObject({ pid: 42 });
});

test("each repetition of a call that failed is a call of its own", async () => {
  const told: Happening[] = [];
  const world = engineWorld({ faults: "list-fail=2", watch: (happening) => told.push(happening) });
  await world.machines();
  const lists = told.flatMap((each) => (each.event === "call ended" && each.command === "list" ? [each.exitCode] : []));
  expect(lists).toEqual([1, 1, 0]);
});

test.each([
  [["list", "-f", "json"], undefined],
  [["create", "-u", "me", "-c", "/tmp/user-data", "debian:bookworm", "web"], undefined],
  [["config", "show"], undefined],
  [["config", "set", "machine.web.memory_mib", "4096"], undefined],
  [
    ["config", "set", "network_proxy", `http://me:${SECRET}@proxy`],
    ["config", "set", "network_proxy", "(1 word, 23 bytes)"],
  ],
  [
    ["run", "-m", "01ID", "-w", "/", "sh", "-c", `echo ${SECRET} -w /x`],
    ["run", "-m", "01ID", "-w", "/", "(3 words, 22 bytes)"],
  ],
  [
    ["run", "-m", "01ID", "-u", "root", "-w", "/srv", SECRET],
    ["run", "-m", "01ID", "-u", "root", "-w", "/srv", "(1 word, 7 bytes)"],
  ],
])("of %j is told what may be written down", (argv, told) => {
  expect(toldWords(argv)).toEqual(told ?? argv);
  expect(toldWords(argv).join(" ")).not.toContain(SECRET);
});
