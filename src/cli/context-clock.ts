import type { Clock } from "../model/clock.ts";

/** The computer's clock. */
export const systemClock: Clock = { now: () => Date.now(), sleep, random: () => Math.random() };

/** Nearly every sleep is a time-out that ends early: what Node has for it makes an error with a stack each time. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}
