import { setTimeout } from "node:timers/promises";
import type { Clock } from "../model/clock.ts";

/** The computer's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
  random: () => Math.random(),
};
