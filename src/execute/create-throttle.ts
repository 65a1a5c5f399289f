import type { Limits } from "../model/limits.ts";

const WINDOW_MS = 5 * 60_000;

/**
 * Halves how many creates go on at once after a second sign of overload ("missing IP address", time-outs) within five
 * minutes, and again after further ones; gives the limit back five minutes after the last. `tell` is called to look
 * at the time, whenever something ends.
 */
export function createThrottle(limits: Limits, setLimit: (kind: string, limit: number) => void) {
  const whole = limits.byKind["create"] ?? limits.global;
  let limit = whole;
  let last = Number.NEGATIVE_INFINITY;
  return {
    overloaded(now: number): void {
      if (now - last <= WINDOW_MS) {
        limit = Math.max(1, Math.floor(limit / 2));
        setLimit("create", limit);
      }
      last = now;
    },
    ended(now: number): void {
      if (limit === whole || now - last <= WINDOW_MS) return;
      limit = whole;
      setLimit("create", whole);
    },
  };
}
