import { expect, test } from "vitest";
import { jumpingClock, memoryOrbctl } from "../support/simulator-memory.ts";

/** Seconds that a command takes at most and at least, as they were seen (contract 8). */
const TIMES: readonly (readonly [line: string, least: number, most: number, given: readonly string[]])[] = [
  ["status", 0, 0.2, []],
  ["list", 0, 0.2, ["create ubuntu web"]],
  ["info web", 0, 0.2, ["create ubuntu web"]],
  ["run -m web true", 0, 0.5, ["create ubuntu web"]],
  ["create ubuntu web", 5, 15, []],
  ["create ubuntu web", 0, 0.05, ["create ubuntu web"]],
  ["clone web two", 0.5, 2, ["create ubuntu web"]],
  ["start web", 1, 3, ["create ubuntu web", "stop web"]],
  ["delete -f web", 0, 10, ["create ubuntu web"]],
  ["start", 1, 15, ["stop"]],
];

test.each(TIMES)("8: orbctl %s takes %f to %f s", async (line, least, most, given) => {
  const clock = jumpingClock();
  const orbctl = memoryOrbctl("", { clock, latency: 1 });
  for (const before of given) await orbctl(before);
  const start = clock.now();
  await orbctl(line);
  const seconds = (clock.now() - start) / 1000;

  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThanOrEqual(most);
});

test("8: a machine without an address is given up after 30 s", async () => {
  const clock = jumpingClock();
  const start = clock.now();
  const { stderr } = await memoryOrbctl("create-missing-ip", { clock, latency: 1 })("create ubuntu web");

  expect(stderr).toContain("missing IP address");
  expect((clock.now() - start) / 1000).toBeGreaterThanOrEqual(30);
});
