import { expect, test } from "vitest";
import { virtualClock } from "../../../src/driver/simulator/virtual-clock.ts";

test("time stands at whole milliseconds however long a wait is, and no wait ends early", async () => {
  const clock = virtualClock();
  await clock.sleep(0.3);
  await clock.sleep(1000 / 3);
  expect(clock.elapsed()).toBe(335);
  expect(Number.isInteger(clock.now())).toBe(true);
});
